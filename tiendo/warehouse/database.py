"""The warehouse file: views over landed Parquet and the registry, under the schemas `raw` and `past`.

It holds nothing of its own, so it can be deleted at any time; what is known at a moment is decided here, by
leaving out what was received later.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from tiendo import limits
from tiendo.intake.ledger import received_until
from tiendo.intake.store import landing_file
from tiendo.kept.apart import LARGE_FORM
from tiendo.quoting import sql_text
from tiendo.registry.tables import view_name
from tiendo.settings import Home
from tiendo.warehouse.findings import Finding, findings_frame
from tiendo.warehouse.landed import AS_LANDED, Files, landed_files, row_files
from tiendo.warehouse.past import FORMS, Past
from tiendo.warehouse.replay import write_sources
from tiendo.warehouse.withdrawals import mark_withdrawn


def known_submissions(home: Home, ledger: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """The ledger rows received up to `known_at`, ordered by submission, withdrawn ones marked.

    Args:
        home: Whose landing zone holds the withdrawals.
        ledger: One row per submission; `received_at` is UTC without zone.
        known_at: A moment with a time zone.
    """
    return mark_withdrawn(home, received_until(ledger, known_at).sort("submission_id"))


def build_database(
    home: Home,
    submissions: pl.DataFrame,
    registry: Mapping[str, pl.DataFrame],
    schemas: Mapping[str, Mapping[str, pl.DataType]],
    corrected: Files = AS_LANDED,
    findings: Iterable[Finding] = (),
    past: Past | None = None,
    is_kept: bool = False,
) -> Path:
    """Writes the schemas `raw` and `past` into the warehouse file, and returns its path.

    Args:
        home: Whose landing zone is read.
        submissions: The ledger rows known at the moment the release speaks of.
        registry: Frames of the plans, by table name.
        schemas: Columns and types of every form, of `quarantined_rows` and of what the checks fill; a table
            without files gets its shape from here.
        corrected: By submission, the corrected copy that stands in the place of its landing file.
        findings: What could not be followed of corrections and plan annexes.
        past: What submissions held before they were corrected or withdrawn.
        is_kept: Whether the models in the file stay, to be brought up to date; else the file is new.
    """
    past = past or Past()
    home.warehouse.mkdir(parents=True, exist_ok=True)
    if not is_kept:
        for leftover in home.warehouse.glob(f"{home.database.name}*"):
            leftover.unlink()
    folder = home.warehouse / "registry"
    folder.mkdir(exist_ok=True)
    read: dict[str, list[Path]] = {}
    with limits.connect(home.database) as connection:
        connection.execute("begin")
        connection.execute("drop schema if exists raw cascade")
        connection.execute("drop schema if exists past cascade")
        connection.execute("create schema raw")
        written = {
            **registry,
            "submissions": submissions,
            "load_findings": findings_frame(findings),
            "row_files": row_files(home, submissions, corrected, past.files.get(LARGE_FORM, [])),
        }
        for name, frame in written.items():
            path = folder / f"{name}.parquet"
            frame.write_parquet(path)
            read[f"raw.{name}"] = [path]
        for name in schemas:
            if name == "quarantined_rows":
                files = _quarantine_files(home, submissions)
            else:
                files = landed_files(home, submissions, name, corrected)
            read[f"raw.{view_name(name)}"] = files
        connection.execute("create schema past")
        states = folder / "submission_states.parquet"
        past.states.write_parquet(states)
        read["past.submission_states"] = [states]
        shapes = {f"raw.{view_name(name)}": schema for name, schema in schemas.items()}
        for name in FORMS:
            read[f"past.{name}"] = past.files.get(name, [])
            shapes[f"past.{name}"] = {**schemas[name], "state_number": pl.Int64()}
        for name, files in read.items():
            if files:
                _create_view(connection, name, files)
            else:
                _create_empty(connection, name, shapes[name])
        connection.execute("commit")
    write_sources(home, read)
    return home.database


def _create_empty(
    connection: duckdb.DuckDBPyConnection, name: str, schema: Mapping[str, pl.DataType]
) -> None:
    """What stands where no file holds rows of a form."""
    connection.register("empty", pl.DataFrame(schema=dict(schema)))
    connection.execute(f"create table {name} as select * from empty")  # noqa: S608 own names
    connection.unregister("empty")


def _quarantine_files(home: Home, submissions: pl.DataFrame) -> list[Path]:
    """Files of quarantined rows of all forms, in the order of the ledger."""
    rows = submissions.filter((pl.col("status") == "landed") & (pl.col("rows_quarantined") > 0))
    return [
        landing_file(home, f"quarantined_rows/{form}", period, org_code, submission_id)
        for form, period, org_code, submission_id in rows.select(
            "form", "period", "org_code", "submission_id"
        ).iter_rows()
    ]


def _create_view(connection: duckdb.DuckDBPyConnection, name: str, files: Iterable[Path]) -> None:
    listed = ", ".join(sql_text(path) for path in files)
    statement = f"create view {name} as select * from read_parquet([{listed}])"  # noqa: S608 quoted paths
    connection.execute(statement)
