"""What the checks of dossiers find in the rows kept for them is what they would find in all rows."""

import shutil
from pathlib import Path

import duckdb
import pytest

from tiendo.intake.contracts import load_contracts
from tiendo.quality.generated import suites_from_contracts
from tiendo.quality.rows import failing_query
from tiendo.quality.suites import merge_suites, written_suites
from tiendo.quality.suspects import suspects
from tiendo.quality.workbench import Workbench

GOOD = {
    "dossier_id": "h1", "procedure_code": "1.000656", "receiving_org_code": "24133",
    "received_at": "2026-03-05 08:00", "due_at": "2026-03-12", "completed_at": "2026-03-11",
    "channel": "online",
    "state": "done", "received_month": "2026-03", "submission_id": "s", "row_number": 2, "row_hash": "a",
}  # fmt: skip
ROWS = [
    GOOD,
    GOOD | {"dossier_id": "h2", "row_number": 3, "completed_at": "2026-03-01"},
    GOOD | {"dossier_id": "h3", "row_number": 4, "due_at": "2026-03-01"},
    GOOD | {"dossier_id": "h4", "row_number": 5, "completed_at": None},
    GOOD | {"dossier_id": "h5", "row_number": 6, "state": "processing"},
    GOOD | {"dossier_id": "h6", "row_number": 7, "paid_online": True, "fee_amount": 0},
    GOOD | {"dossier_id": "h7", "row_number": 8, "receiving_org_code": "99999"},
    GOOD | {"dossier_id": "h8", "row_number": 9, "competent_org_code": "99999"},
    GOOD | {"dossier_id": "h9", "row_number": 10, "received_at": "2027-03-05", "received_month": "2027-03"},
    GOOD | {"dossier_id": "twice", "row_number": 11},
    GOOD | {"dossier_id": "twice", "row_number": 12, "channel": "by pigeon"},
    GOOD | {"dossier_id": None, "row_number": 13, "rating": 9},
    GOOD | {"dossier_id": "twice", "submission_id": "other"},
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two extracts; of each rule a row that breaks it."""
    folder = tmp_path_factory.mktemp("suspects")
    path = folder / "warehouse.duckdb"
    contract = load_contracts()["dossier"]
    kinds = {"timestamp": "timestamp", "integer": "bigint", "boolean": "boolean"}
    columns = {column.name: kinds.get(column.type, "varchar") for column in contract.columns}
    columns |= {"received_month": "varchar", "submission_id": "varchar", "sheet": "varchar"}
    columns |= {"row_number": "bigint", "row_hash": "varchar"}
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create schema raw; create schema past; create schema intermediate;"
            "create table raw.submissions as select unnest(['s', 'other']) as submission_id,"
            " timestamp '2026-04-02 03:00' as received_at;"
            "create table intermediate.int_units as select '24133' as unit_code,"
            " date '2025-07-01' as valid_from, date '9999-12-31' as valid_to;"
            f"create table raw.all_rows ({', '.join(f'{name} {kind}' for name, kind in columns.items())});"
            "create table raw.row_files"
            " (relation varchar, submission_id varchar, path varchar, identity varchar, rows bigint)"
        )
        for row in ROWS:
            connection.execute(
                f"insert into raw.all_rows ({', '.join(row)}) values ({', '.join('?' * len(row))})",
                list(row.values()),
            )
        for name in ("s", "other"):
            file = folder / f"{name}.parquet"
            connection.execute(f"copy (from raw.all_rows where submission_id = '{name}') to '{file}'")
            connection.execute(
                "insert into raw.row_files values ('raw.dossier', ?, ?, ?, 1)", [name, str(file), name]
            )
        connection.execute(f"create view raw.dossier as from read_parquet('{folder}/*.parquet')")
    return path


def test_every_check_finds_in_them_what_it_finds_in_all_rows(database: Path) -> None:
    suites = [
        suite
        for suite in merge_suites([*suites_from_contracts(), *written_suites()])
        if suite.name == "raw.dossier"
    ]
    (files,) = suspects(database, suites).values()
    found: dict[str, int] = {}
    with duckdb.connect(str(database)) as connection:
        names = ", ".join(f"'{path}'" for path in files)
        connection.execute(
            f"create temp table few as select * exclude (kept_key) from read_parquet([{names}])"
        )
        for check in suites[0].checks:
            query = failing_query(suites[0], check)
            if query is None or '"raw"."dossier"' not in query:
                continue
            asked = f"select submission_id, row_number from ({query}) order by all"
            in_all = connection.execute(asked).fetchall()
            in_few = connection.execute(asked.replace('"raw"."dossier"', "few")).fetchall()
            assert in_few == in_all, check.check_id
            found[check.check_id] = len(in_all)
        assert connection.execute("select count(*) from few where row_number = 2").fetchall() == [(0,)]
    assert {name for name, count in found.items() if not count} == {"Q-F02-spelling"}, "each is broken once"
    assert found["Q-216"] == 1
    assert found["Q-F02-key"] == 2, "an id again in another extract is no repeat within one"


def test_without_a_note_of_the_files_all_rows_are_looked_at(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        connection.execute("create schema raw")
    assert suspects(tmp_path / "warehouse.duckdb", suites_from_contracts()) == {}


def test_more_rows_that_fail_nothing_are_another_table_to_the_checks(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "warehouse.duckdb"
    shutil.copyfile(database, copy)
    instead = suspects(copy, suites_from_contracts())

    def fingerprint() -> object:
        with Workbench(copy, instead) as workbench:
            return workbench.fingerprints(["raw.dossier"])

    before = fingerprint()
    assert fingerprint() == before
    with duckdb.connect(str(copy)) as connection:
        connection.execute("insert into raw.row_files values ('raw.dossier', 'third', 'x', 'x', 500)")
    assert fingerprint() != before
