"""Compares two release folders byte for byte, and names the first rows where tables differ."""

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import polars as pl

from tiendo import limits
from tiendo.publish.files import hash_folder
from tiendo.publish.manifest import NOT_REPRODUCED, checksum_name
from tiendo.publish.tables import DATABASE_NAME
from tiendo.quoting import sql_name, sql_text

# The tables of the database file are compared apart.
NOT_COMPARED = {*NOT_REPRODUCED, *map(checksum_name, NOT_REPRODUCED)}
SHOWN_ROWS = 5


@dataclass(frozen=True)
class TableDifference:
    """A table that two releases hold otherwise.

    Attributes:
        table: Its name.
        file: The file it was read from.
        rows: How many rows are missing, added or differ; 0 where the rows are the same and only bytes differ.
        first: The first of them: their key, and for each column that differs what was and what is (both None
            for a key that is only on one side, with `only_in`).
    """

    table: str
    file: str
    rows: int
    first: tuple[dict[str, Any], ...] = ()


def compare_files(old: Path, new: Path, pattern: str = "*") -> tuple[int, list[str], list[TableDifference]]:
    """How many files were compared, which differ, and what differs in those that are tables.

    Args:
        old: Folder of a release.
        new: Folder of another one.
        pattern: Which file names to compare.
    """
    before, after = (
        {
            name: facts.sha256
            for name, facts in hash_folder(folder).items()
            if name not in NOT_COMPARED and Path(name).match(pattern)
        }
        for folder in (old, new)
    )
    differing = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    tables = [
        _compare_table(old, new, name)
        for name in differing
        if name.endswith(".parquet") and name in before and name in after
    ]
    return len(before.keys() | after.keys()), differing, tables


def compare_database(old: Path, new: Path, tables: Iterable[str]) -> list[TableDifference]:
    """Tables of the first release's database file that do not hold the rows of the second one's Parquet.

    Published rows are all distinct, having a key.
    """
    import duckdb

    found: list[TableDifference] = []
    with closing(duckdb.connect(config=limits.settings("publish", new))) as connection:
        try:
            connection.execute(f"attach {sql_text(old / DATABASE_NAME)} as published (read_only)")
        except duckdb.Error:
            return [TableDifference("*", DATABASE_NAME, 1)]
        for table in tables:
            name = sql_name(table)
            try:
                held = connection.sql(f"from published.main.{name}")
                told = connection.sql(f"from read_parquet({sql_text(new / f'{table}.parquet')})")
                rows = max(len(held.except_(told)), len(told.except_(held)), abs(len(held) - len(told)))
            except duckdb.Error:  # The table is missing or of another shape.
                rows = 1
            if rows:
                found.append(TableDifference(table, DATABASE_NAME, rows))
    return found


def _compare_table(old: Path, new: Path, name: str) -> TableDifference:
    table = name.removesuffix(".parquet")
    try:
        before, after = (pl.read_parquet(folder / name, glob=False) for folder in (old, new))
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return TableDifference(table, name, 1)
    if before.schema != after.schema:
        columns = {"columns": [_columns(before), _columns(after)]}
        return TableDifference(table, name, max(before.height, after.height), (columns,))
    key = [column for column in _key(new, table) if column in before.columns] or before.columns
    rows = _differing_rows(before, after, key)
    first = tuple(_told(row, key, before.columns) for row in rows.head(SHOWN_ROWS).iter_rows(named=True))
    return TableDifference(table, name, rows.height, first)


def _differing_rows(before: pl.DataFrame, after: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Both sides beside each other where they differ, columns named `was_…` and `is_…`, in order of key."""
    others = [column for column in before.columns if column not in key]
    was, now = (
        frame.select(
            *key,
            pl.lit(True).alias(f"{side}_there"),
            *(pl.col(column).alias(f"{side}_{column}") for column in others),
        )
        for side, frame in (("was", before), ("is", after))
    )
    joined = was.join(now, on=list(key), how="full", coalesce=True, nulls_equal=True)
    pairs = [(f"was_{column}", f"is_{column}") for column in ("there", *others)]
    differs = pl.any_horizontal(pl.col(left).ne_missing(pl.col(right)) for left, right in pairs)
    return joined.filter(differs).sort(key, nulls_last=False)


def _told(row: dict[str, Any], key: Sequence[str], columns: Sequence[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"key": {column: row[column] for column in key}}
    if not (row["was_there"] and row["is_there"]):
        return told | {"only_in": "release" if row["was_there"] else "rebuild"}
    changed = {
        column: [row[f"was_{column}"], row[f"is_{column}"]]
        for column in columns
        if column not in key and row[f"was_{column}"] != row[f"is_{column}"]
    }
    return told | {"changed": changed}


def _key(folder: Path, table: str) -> list[str]:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    resources = [resource for resource in package["resources"] if resource["name"] == table]
    return cast("list[str]", resources[0]["schema"]["grain"]) if resources else []


def _columns(frame: pl.DataFrame) -> dict[str, str]:
    return {name: str(dtype) for name, dtype in frame.schema.items()}
