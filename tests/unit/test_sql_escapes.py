"""Attempts to get out of `tiendo sql`: to other files, the network, this program; or to wear the machine out.

The names in braces are filled in: `{outside}` is a private file, `{database}` the release's own database.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from owing_home import RELEASE, owing_home

from tiendo.messages import TiendoError
from tiendo.publish import limits
from tiendo.publish.query import literal, query
from tiendo.report.reminders import read_reminders

PRIVATE = "khong-ai-duoc-doc"
PIVOT = "pivot dim_plan on plan_id using count(*)"

REFUSED = {
    "other files": [
        "select * from read_csv('{outside}')",
        "select * from read_text('{outside}')",
        "select * from read_blob('{outside}')",
        "from read_parquet('{outside}')",
        "from read_json('{outside}')",
        "from read_ndjson_objects('{outside}')",
        "from read_duckdb('{other}')",
        "from sniff_csv('{outside}')",
        "from parquet_metadata('{outside}')",
        "from parquet_schema('{outside}')",
        "from parquet_kv_metadata('{outside}')",
        "select * from '{outside}'",
        "from read_blob('{database}')",
        "from '{database}'",
        "from '{other}'",
        'from "{outside}"',
        "from 'outside.csv'",
        "from glob('{folder}/*')",
        "from read_text('{release}/*')",
        "from read_text('{release}/../../outside.csv')",
        "from read_text('file://{outside}')",
        "from read_text(['{database}', '{outside}'])",
        "from read_text('/proc/self/environ')",
        "from read_csv('/dev/stdin')",
        "from query_table('{outside}')",
        "from query_table(['dim_plan', '{outside}'])",
        "from query('from read_blob(''{outside}'')')",
        "from json_execute_serialized_sql(json_serialize_sql('from read_text(''{outside}'')'))",
        "describe select * from read_csv('{outside}')",
        "summarize select * from read_csv('{outside}')",
        "pivot (from read_text('{outside}')) on content using count(*)",
        "explain select * from read_csv('{outside}')",
        "with x as materialized (from read_text('{outside}')) select count(*) from x",
        "select (select content from read_text('{outside}'))",
        "select 1 where exists (from read_text('{outside}'))",
    ],
    "network": [
        "from 'https://example.org/a.parquet'",
        "from read_csv('http://127.0.0.1:9/a.csv')",
        "from 's3://bucket/a.parquet'",
        "from 'hf://datasets/a/b.csv'",
        "from sqlite_scan('{outside}', 'a')",
        "from postgres_scan('host=127.0.0.1', 'public', 'a')",
        "from mysql_query('a', 'select 1')",
        "from iceberg_scan('{folder}')",
    ],
    "other databases": [
        "attach '{other}' as other",
        "attach ':memory:' as other",
        "ATTACH/**/'{other}'",
        "/* select */ attach '{other}'",
        "-- select\nattach '{other}'",
        "\u00a0attach '{other}'",
        "\ufeffattach '{other}'",
        "select 1; attach '{other}' as other",
        ";attach '{other}';",
        "attach '{database}' as writable (read_write)",
        "detach tiendo",
        "use temp",
        "from query('attach ''{other}''')",
        "prepare p as select 1",
        "execute p",
    ],
    "extensions": [
        "install httpfs",
        "force install httpfs from 'http://127.0.0.1:9'",
        "load httpfs",
        "load '{outside}'",
        "update extensions",
        "from duckdb_extensions()",
        "from duckdb_extension_repositories()",
        "from from_substrait('a')",
        "create secret (type http)",
    ],
    "settings": [
        "set enable_external_access = true",
        "set global enable_external_access = true",
        "set lock_configuration = false",
        "set memory_limit = '100GB'",
        "set variable a = 1",
        "reset enable_external_access",
        "reset all",
        "pragma enable_external_access = true",
        "pragma database_list",
        "pragma profiling_output = '{folder}/stolen.json'",
        "pragma enable_profiling = 'json'",
        "pragma import_database('{folder}')",
        "explain analyze set lock_configuration = false",
        "call pragma_version()",
        "call enable_logging('QueryLog', storage = 'file', storage_config = {{'path': '{folder}/stolen'}})",
        "from enable_logging('QueryLog', storage = 'file', storage_config = {{'path': '{folder}/stolen'}})",
        "from enable_profiling(save_location = '{folder}/stolen.json')",
    ],
    "this program": [
        "select getenv('HOME')",
        "from frame",
        "from sys",
        "from PRIVATE",
        "from pandas_scan(1)",
        "from arrow_scan(1, 2, 3)",
        "from python_map_function((select 1))",
        "select $1",
        "select $frame",
    ],
    "writing files": [
        "copy dim_plan to '{folder}/stolen.csv'",
        "copy (select 1) to '{folder}/stolen.csv'",
        "copy dim_plan to '/dev/stdout'",
        "copy dim_plan from '{outside}'",
        "copy from database tiendo to temp",
        "export database '{folder}/stolen'",
        "import database '{folder}'",
        # With external access off DuckDB allows its own database all the same, and the log beside it.
        "explain analyze copy (select 1) to '{database}.wal' (format csv)",
        "explain analyze copy (select 1) to '{database}' (format csv, use_tmp_file false)",
        "explain copy (select 1) to '{database}.wal.recovery' (format csv)",
        "EXPLAIN\n\tANALYZE copy (select 1) to '{database}.wal' (format csv)",
        "explain/**/analyze copy (select 1) to '{database}.wal' (format csv)",
        "explain (analyze) copy (select 1) to '{database}.wal' (format csv)",
        "explain explain analyze copy (select 1) to '{database}.wal' (format csv)",
        "explain analyze copy (select 1) to (current_setting('temp_directory') || 'stolen.csv') (format csv)",
        "with x as (copy (select 1) to '{database}.wal' (format csv)) select 1",
        "with x as (copy (select 1) to '{database}' (format csv, use_tmp_file false)) select 1",
        "with x as materialized (copy dim_plan to '{folder}/stolen.csv') from x",
        "explain analyze with x as (copy (select 1) to '{database}.wal' (format csv)) select 1",
        "from query('with x as (copy (select 1) to ''{database}.wal'' (format csv)) select 1')",
        "from destroy_external_resource('read_text', '{outside}')",
        "copy ({pivot}) to '{database}.wal' (format csv)",
        "copy ({pivot}) to '{database}' (format csv, use_tmp_file false)",
        "/* from */ copy ({pivot}) to '{database}.wal' (format csv)",
        "-- from\rcopy ({pivot}) to '{database}.wal' (format csv)",
        "explain analyze copy ({pivot}) to '{database}.wal' (format csv)",
    ],
    "writing tables": [
        "create table stolen (x integer)",
        "create temp table stolen as select 1 x",
        "create view stolen as select 1 x",
        "create macro stolen(x) as x",
        "create type stolen as enum ('a')",
        "create sequence stolen",
        "insert into dim_plan values ('1', 'x')",
        "insert into dim_plan {pivot}",
        "insert into dim_plan values ('1', 'x') returning *",
        "with x as (insert into dim_plan values ('1', 'x') returning *) from x",
        "with x as (delete from dim_plan returning *) from x",
        "update dim_plan set plan_id = '1'",
        "delete from dim_plan",
        "truncate dim_plan",
        "merge into dim_plan using (select 1 as a) on false when not matched then insert values ('1', 'x')",
        "drop table dim_plan",
        "alter table dim_plan add column x integer",
        "comment on table dim_plan is 'stolen'",
        "explain analyze delete from dim_plan",
        "select nextval('numbers')",
        "select setval('numbers', 7)",
        "checkpoint",
        "force checkpoint",
        "from force_checkpoint()",
        "call force_checkpoint()",
        "vacuum",
        "analyze",
        "begin",
        "rollback",
        "select 1; select 2",
    ],
    "no query at all": [
        "select error('no')",
        "select no_such_column from dim_plan",
        "selec 1",
        "-- nothing",
        ";",
        "",
        "select " + "(" * 5000 + "1" + ")" * 5000,
    ],
}

# These run, since what they do stays inside the query, and must tell nothing of the machine.
HARMLESS = [
    "from duckdb_settings()",
    "from pg_catalog.pg_settings",
    "select current_setting('home_directory'), current_setting('secret_directory')",
    "from duckdb_secrets()",
    "from which_secret('s3://a', 's3')",
    "from duckdb_variables()",
    "from duckdb_temporary_files()",
    "from duckdb_logs()",
    "from duckdb_external_file_cache()",
    "select write_log('stolen')",
    "from checkpoint('tiendo')",
    "from query('select 1')",
    "/* only of this query */ create temp table stolen as {pivot}",
    "explain analyze create temp table stolen as select 1 x",
    "explain analyze prepare p as select 1",
    "explain analyze load json",
    "select current_user, session_user",
    "select current_query()",
]

ENDLESS = [
    "select count(*) from range(1000000000000)",
    "select count(*) from range(10000000) a, range(10000000) b where a.range * b.range = -1",
    "with recursive r as (select 1 i union all select i + 1 from r) select count(*) from r",
    "select sleep_ms(600000)",
    "select pg_sleep(600)",
]
TOO_LARGE = [
    "select repeat(repeat('x', 100000), i::int) from range(30000, 30010) t(i)",
    "from range(30000000)",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private file, another database and a release."""
    folder = tmp_path_factory.mktemp("escapes")
    (folder / "outside.csv").write_text(f"a,b\n1,{PRIVATE}\n", encoding="utf-8")
    release = folder / "releases/2026-06-30-0123456789"
    release.mkdir(parents=True)
    for path in (folder / "other.duckdb", release / "tiendo.duckdb"):
        with duckdb.connect(str(path)) as connection:
            connection.execute("create table dim_plan as select 'p' as plan_id, 'Kế hoạch' as title_vi")
            connection.execute("create sequence numbers")
    return folder


@pytest.fixture
def release(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The release; afterwards nothing has changed and nothing new is there."""
    monkeypatch.chdir(folder)
    before = contents(folder)
    yield folder / "releases/2026-06-30-0123456789"
    assert contents(folder) == before


def contents(folder: Path) -> dict[str, str]:
    """Hash of every file below a folder."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def filled(sql: str, release: Path) -> str:
    folder, database = release.parents[1], release / "tiendo.duckdb"
    return sql.format(
        folder=folder,
        release=release,
        database=database,
        outside=folder / "outside.csv",
        other=folder / "other.duckdb",
        pivot=PIVOT,
    )


def attempts() -> list[object]:
    return [
        pytest.param(sql, id=f"{kind}-{sql[:60]!a}") for kind, all_sql in REFUSED.items() for sql in all_sql
    ]


@pytest.mark.parametrize("sql", attempts())
def test_attempts_to_get_out_are_refused(release: Path, sql: str) -> None:
    frame = pl.DataFrame({"x": [PRIVATE]})
    with pytest.raises(TiendoError) as caught:
        query(release, filled(sql, release))
    error = caught.value
    assert (error.code, error.exit_code) == ("TD-605", 2)
    assert error.vi.startswith("Câu truy vấn không thực hiện được: ")
    assert len(error.vi) < 400
    assert "tiendo sql" in error.way_out_vi
    assert PRIVATE not in error.text("vi") + error.text("en")
    assert str(Path.home()) not in error.vi.replace(str(release.parents[1]), "")
    del frame


def test_there_are_enough_attempts() -> None:
    assert len(attempts()) > 100


@pytest.mark.parametrize("sql", HARMLESS)
def test_what_runs_tells_nothing_of_the_machine(release: Path, sql: str) -> None:
    told = str(query(release, filled(sql, release)).rows()).replace(str(release), "")
    assert PRIVATE not in told
    assert ".duckdb/" not in told
    assert str(Path.home()) not in told


@pytest.mark.parametrize("sql", [PIVOT, f"from ({PIVOT})", f"with x as ({PIVOT}) from x", f"-- a\n {PIVOT};"])
def test_a_pivot_still_reads(release: Path, sql: str) -> None:
    assert query(release, sql).columns == ["title_vi", "p"]


@pytest.mark.parametrize("sql", ENDLESS)
def test_an_endless_query_is_stopped(release: Path, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TIME_LIMIT_SECONDS", 0.2)
    with pytest.raises(TiendoError, match=r"TD-630 Đã dừng câu truy vấn: chạy quá 0\.2 giây") as caught:
        query(release, sql)
    assert caught.value.exit_code == 2
    assert "where" in caught.value.way_out_vi


@pytest.mark.parametrize("sql", TOO_LARGE)
def test_a_query_that_would_fill_the_memory_is_stopped(release: Path, sql: str) -> None:
    with pytest.raises(TiendoError, match=r"TD-630 Đã dừng câu truy vấn: (cần quá nhiều bộ nhớ|kết quả có)"):
        query(release, sql)


@pytest.mark.parametrize(
    ("setting", "sql"),
    [
        ("TIME_LIMIT_SECONDS = 0.2", "select levenshtein(repeat('a', 200000), repeat('b', 200000))"),
        ("GROWTH_LIMIT_BYTES = 200_000_000", "select range(3000000000)"),
    ],
)
def test_what_cannot_be_interrupted_ends_the_process(release: Path, setting: str, sql: str) -> None:
    code = (
        "import sys; from pathlib import Path; from tiendo.publish import limits, query\n"
        f"limits.GRACE_SECONDS = 0.3; limits.{setting}\n"
        "query.query(Path(sys.argv[1]), sys.argv[2])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(release), sql],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("TD-630 Đã dừng câu truy vấn: ")


HOSTILE = [
    "x' or '1' = '1",
    "'; drop table dim_plan; --",
    "\\' or 1 = 1 --",
    "{agency}",
    "$1",
    "%s",
    "x\ny",
    '"',
    "ế",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_users_name_is_never_read_as_sql(release: Path, tmp_path: Path, text: str) -> None:
    assert query(release, f"select {literal(text)} as said").item() == text
    owing = owing_home(tmp_path).releases / RELEASE
    with pytest.raises(TiendoError, match="TD-707"):
        read_reminders(owing, {"as_of": "2026-10-31", "is_synthetic": False}, text)
