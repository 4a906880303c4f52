"""The warehouse file: views over landed Parquet and the registry, under the schema `raw`.

It is written anew for each run and holds nothing of its own, so it can be deleted at any time; what is
known at a moment is decided here, by leaving out what was received later.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl

from tiendo.settings import Home


def known_submissions(ledger: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """The ledger rows received up to `known_at`, ordered by submission.

    Args:
        ledger: One row per submission; `received_at` is UTC without zone.
        known_at: A moment with a time zone.
    """
    moment = known_at.astimezone(UTC).replace(tzinfo=None)
    return ledger.filter(pl.col("received_at") <= moment).sort("submission_id")


def build_database(
    home: Home,
    submissions: pl.DataFrame,
    registry: Mapping[str, pl.DataFrame],
    schemas: Mapping[str, Mapping[str, pl.DataType]],
) -> Path:
    """Writes an empty warehouse file with the schema `raw`, and returns its path.

    Args:
        home: Whose landing zone is read.
        submissions: The ledger rows known at the moment the release speaks of.
        registry: Frames of the plans, by table name.
        schemas: Columns and types of every form, of `quarantined_rows` and of `quality_checks`; a table
            without files gets its shape from here.
    """
    home.warehouse.mkdir(parents=True, exist_ok=True)
    for leftover in home.warehouse.glob(f"{home.database.name}*"):
        leftover.unlink()
    folder = home.warehouse / "registry"
    folder.mkdir(exist_ok=True)
    with duckdb.connect(str(home.database)) as connection:
        connection.execute("create schema raw")
        for name, frame in (*registry.items(), ("submissions", submissions)):
            path = folder / f"{name}.parquet"
            frame.write_parquet(path)
            _create_view(connection, name, [path])
        landed = submissions.filter(pl.col("status") == "landed")
        for name, schema in schemas.items():
            files = _landed_files(home, name, landed)
            if files:
                _create_view(connection, name, files)
            else:
                connection.register("empty", pl.DataFrame(schema=dict(schema)))
                connection.execute(f'create table raw."{name}" as select * from empty')  # noqa: S608 own names
                connection.unregister("empty")
    return home.database


def _landed_files(home: Home, name: str, landed: pl.DataFrame) -> list[Path]:
    """Landing files of one form, or of all quarantined rows, in the order of the ledger."""
    if name == "quarantined_rows":
        folder, rows = home.landing / name, landed.filter(pl.col("rows_quarantined") > 0)
        paths = (
            folder / form / period / org / f"{submission_id}.parquet"
            for form, period, org, submission_id in rows.select(
                "form", "period", "org_code", "submission_id"
            ).iter_rows()
        )
    else:
        rows = landed.filter((pl.col("form") == name) & (pl.col("rows_landed") > 0))
        paths = (
            home.landing / name / period / org / f"{submission_id}.parquet"
            for period, org, submission_id in rows.select("period", "org_code", "submission_id").iter_rows()
        )
    return list(paths)


def _create_view(connection: duckdb.DuckDBPyConnection, name: str, files: Iterable[Path]) -> None:
    listed = ", ".join(_quoted(path) for path in files)
    statement = f'create view raw."{name}" as select * from read_parquet([{listed}])'  # noqa: S608 quoted paths
    connection.execute(statement)


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
