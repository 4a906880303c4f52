"""Models without dbt: what submissions or the day touch is run again, the rest stays, doubt is dbt's."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tiendo.settings import Home
from tiendo.warehouse import replay as replaying
from tiendo.warehouse.replay import drop_models, is_remembered, remember_build, write_sources
from tiendo.warehouse.statements import Statements

KEY = "project"
DAY, NEXT_DAY = date(2026, 11, 1), date(2026, 11, 2)
TABLES = ("doubled", "summed", "others_counted", "told")
# Schema, kind, what it reads, statement.
MODELS = {
    "stg_numbers": ("staging", "view", "source.numbers", "select n from raw.numbers"),
    "doubled": ("marts", "table", "model.stg_numbers", "select n, 2 * n as twice from staging.stg_numbers"),
    "positive": (
        "marts",
        "table",
        "model.stg_numbers",
        "select distinct n > 0 as yes from staging.stg_numbers",
    ),
    "summed": ("marts", "table", "model.doubled", "select sum(twice)::bigint as total from marts.doubled"),
    "signs": ("marts", "table", "model.positive", "select count(*)::bigint as signs from marts.positive"),
    "others_counted": ("marts", "table", "source.others", "select count(*)::bigint as rows from raw.others"),
    "told": (
        "marts",
        "table",
        "seed.words",
        f"select cast('{DAY}' as date) as told_on, word from seeds.words",
    ),
}
TEST = "select count(*) as failures, count(*) > 0, count(*) > 0 from marts.doubled where n > 90"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home whose tables were built once, as dbt would have left it."""
    home = Home(tmp_path)
    run = home.warehouse / "dbt" / "run" / "tiendo"
    nodes: dict[str, Any] = {}
    for name, (schema, kind, parent, select) in MODELS.items():
        path = run / "models" / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"create {kind} {schema}.{name} as ({select})", encoding="utf-8")
        nodes[f"model.{name}"] = {
            "resource_type": "model",
            "schema": schema,
            "alias": name,
            "config": {"materialized": kind},
            "depends_on": {"nodes": [parent]},
            "original_file_path": f"models/{name}.sql",
            "path": f"{name}.sql",
        }
    (run / "models" / "_models.yml").mkdir()
    (run / "models" / "_models.yml" / "small.sql").write_text(TEST, encoding="utf-8")
    nodes["test.small"] = {
        "resource_type": "test",
        "depends_on": {"nodes": ["model.doubled"]},
        "original_file_path": "models/_models.yml",
        "path": "small.sql",
    }
    nodes["seed.words"] = {"resource_type": "seed", "schema": "seeds", "alias": "words"}
    sources = {f"source.{name}": {"schema": "raw", "identifier": name} for name in ("numbers", "others")}
    manifest = {"metadata": {"project_name": "tiendo"}, "nodes": nodes, "sources": sources, "macros": {}}
    (home.warehouse / "dbt" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with duckdb.connect(str(home.database)) as connection:
        for schema in ("raw", "past", "staging", "marts", "seeds"):
            connection.execute(f"create schema {schema}")
        connection.execute("create table seeds.words as select 'đạt' as word")
        load(home, connection, numbers=[1, 2], others=[5])
        for name in MODELS:
            connection.execute((run / "models" / f"{name}.sql").read_text(encoding="utf-8"))
    with duckdb.connect(str(tmp_path / "kept.duckdb")) as connection:
        connection.execute("create schema seeds")
        connection.execute("create table seeds.words as select 'đạt' as word")
    remember_build(home, KEY, DAY)
    return home


def statements(home: Home, day: date = DAY) -> Statements:
    """What dbt ran, as it is kept beside the project."""
    found = Statements.of_build(home.warehouse / "dbt", DAY)
    assert found is not None
    return Statements.read(found.text(), day)


def replay(home: Home, day: date = DAY) -> dict[str, float] | None:
    return replaying.replay(home, statements(home, day))


def load(home: Home, connection: duckdb.DuckDBPyConnection, **tables: list[int]) -> None:
    """What the load step does: the sources anew, and a note of what is behind them."""
    folder = home.warehouse / "registry"
    folder.mkdir(exist_ok=True)
    files = {name: folder / f"{name}.parquet" for name in tables}
    for name, values in tables.items():
        pl.DataFrame({"n": values}, schema={"n": pl.Int64}).write_parquet(files[name])
        connection.execute(f"create or replace view raw.{name} as from read_parquet('{files[name]}')")
    write_sources(home, {f"raw.{name}": [path] for name, path in files.items()})


def reload(home: Home, **tables: list[int]) -> None:
    with duckdb.connect(str(home.database)) as connection:
        load(home, connection, **tables)


def ask(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.database), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def spoil(home: Home, *tables: str) -> None:
    """Marks tables, to see which of them are made anew."""
    with duckdb.connect(str(home.database)) as connection:
        for name in tables:
            connection.execute(f"alter table marts.{name} add column untouched boolean")


def untouched(home: Home) -> set[str]:
    found = ask(home, "from duckdb_columns() select table_name where column_name = 'untouched'")
    return {str(name) for (name,) in found}


def test_what_changed_is_made_anew_and_the_rest_stays(home: Home) -> None:
    spoil(home, "others_counted", "signs")
    reload(home, numbers=[1, 2, 3], others=[5])
    done = replay(home)
    assert set(done or ()) == {
        "model.stg_numbers",
        "model.doubled",
        "test.small",
        "model.positive",
        "model.summed",
    }
    assert ask(home, "from marts.summed") == [(12,)]
    assert untouched(home) == {"others_counted", "signs"}, "the sign of the numbers did not change"


def test_another_day_runs_what_it_stands_in(home: Home) -> None:
    spoil(home, *TABLES)
    reload(home, numbers=[1, 2], others=[5])
    assert set(replay(home, NEXT_DAY) or ()) == {"model.told"}
    assert ask(home, "from marts.told") == [(NEXT_DAY, "đạt")]
    assert untouched(home) == {*TABLES} - {"told"}
    remember_build(home, KEY, NEXT_DAY)
    assert replay(home, NEXT_DAY) == {}, "the note tells the day the tables speak of"


def test_a_new_file_gets_seeds_and_all_models(home: Home, tmp_path: Path) -> None:
    drop_models(home)
    reload(home, numbers=[3], others=[5])
    steps: list[tuple[int, int]] = []
    done = replaying.replay(
        home, statements(home, NEXT_DAY), tmp_path / "kept.duckdb", lambda *step: steps.append(step)
    )
    assert set(done or ()) == {f"model.{name}" for name in MODELS} | {"test.small"}
    assert ask(home, "from marts.summed") == [(6,)]
    assert ask(home, "from marts.told") == [(NEXT_DAY, "đạt")]
    assert steps == [(number, len(steps)) for number in range(1, len(steps) + 1)]
    remember_build(home, KEY, NEXT_DAY)
    reload(home, numbers=[3, 4], others=[5])
    assert "model.summed" in (replay(home, NEXT_DAY) or ())


@pytest.mark.parametrize("written", [f"select '{DAY}'", f'accepted: ["{DAY}"]'])
def test_a_day_that_stands_in_the_project_is_not_taken_for_another(home: Home, written: str) -> None:
    path = home.warehouse / "dbt" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["macros"]["one"] = {"macro_sql": written}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    assert Statements.of_build(home.warehouse / "dbt", DAY) is None
    assert Statements.of_build(home.warehouse / "dbt", NEXT_DAY) is not None


def test_the_same_sources_change_nothing(home: Home) -> None:
    spoil(home, *TABLES)
    reload(home, numbers=[1, 2], others=[5])
    assert replay(home) == {}
    assert untouched(home) == set(TABLES)


def test_a_test_that_fails_is_for_dbt_to_tell(home: Home) -> None:
    reload(home, numbers=[1, 99], others=[5, 6])
    assert replay(home) is None


@pytest.mark.parametrize(
    "harm",
    [
        lambda home: (home.warehouse / "dbt" / "remembered.json").unlink(),
        lambda home: (home.warehouse / "dbt" / "remembered.json").write_text("{"),
        lambda home: (home.warehouse / "dbt" / "remembered.json").write_text("[1]"),
        lambda home: (home.warehouse / "registry" / "sources.json").unlink(),
    ],
)
def test_whatever_is_missing_or_spoilt_is_left_to_dbt(home: Home, harm: Callable[[Home], object]) -> None:
    reload(home, numbers=[7], others=[5])
    harm(home)
    assert replay(home) is None


def test_a_statement_that_fails_is_left_to_dbt(home: Home) -> None:
    reload(home, numbers=[7], others=[5])
    built = statements(home)
    broken = [replace(each, sql="selec") if each.node == "model.summed" else each for each in built.listed]
    assert replaying.replay(home, replace(built, listed=broken)) is None


def test_only_the_file_as_noted_is_taken_up_again(home: Home) -> None:
    assert is_remembered(home, KEY)
    assert not is_remembered(home, "another project")
    with duckdb.connect(str(home.database)) as connection:
        connection.execute("update marts.summed set total = 0")
    assert not is_remembered(home, KEY)
    remember_build(home, KEY, DAY)
    assert is_remembered(home, KEY)
    home.database.unlink()
    assert not is_remembered(home, KEY)


def test_dbt_starts_over_with_nothing_but_its_sources(home: Home) -> None:
    drop_models(home)
    assert ask(home, "select n from raw.numbers") == [(1,), (2,)]
    left = ask(home, "select distinct schema_name from duckdb_schemas() where not internal order by 1")
    assert left == [("past",), ("raw",)]
