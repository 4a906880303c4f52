"""Two releases side by side: every curated table compared row by row over its grain.

Only the Parquet files and descriptors of the two folders are read, so the answer is the same years later.
"""

import filecmp
import json
from collections.abc import Generator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tiendo import limits
from tiendo.messages import TiendoError
from tiendo.quoting import sql_name, sql_text

if TYPE_CHECKING:
    import duckdb

Record = dict[str, Any]
SIDES = ("before", "after")
# Tables of which the differing rows are read again.
KEPT = ("indicator_progress", "task_progress", "task_assignee_progress", "evidence_register")


@dataclass(frozen=True)
class Described:
    """A table as the data package of one release describes it.

    Attributes:
        title_vi: Vietnamese title.
        title_en: English title.
        grain: Columns that name a row.
        columns: Column names with the types the package gives them.
    """

    title_vi: str
    title_en: str
    grain: tuple[str, ...]
    columns: Mapping[str, str]


@dataclass(frozen=True)
class TableChange:
    """What became of one table.

    Attributes:
        table: Its name.
        title_vi: Vietnamese title.
        title_en: English title.
        rows_before: Rows in the earlier release; None where it has no such table.
        rows_after: Rows in the later release; None where it has no such table.
        added: Rows only in the later release.
        removed: Rows only in the earlier release.
        changed: Rows in both with another value in at least one column.
        columns: Columns with another value, with the number of changed rows, most first.
        columns_added: Columns only the later release has.
        columns_removed: Columns only the earlier release has.
        is_compared: False where the rows cannot be paired, because the grain is another one.
        rows: The rows themselves: `change`, `key`, and of changed rows `values` with old and new value.
    """

    table: str
    title_vi: str
    title_en: str
    rows_before: int | None
    rows_after: int | None
    added: int = 0
    removed: int = 0
    changed: int = 0
    columns: Mapping[str, int] | None = None
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    is_compared: bool = True
    rows: tuple[Record, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether both releases hold the same table."""
        return (
            self.is_compared
            and self.rows_before == self.rows_after
            and not (self.added or self.removed or self.changed or self.columns_added or self.columns_removed)
        )


class Pair:
    """Two releases opened in one in-memory database, as the schemas `before` and `after`."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection", before: Path, after: Path) -> None:
        """Makes a view of every table of both releases."""
        self.connection = connection
        self.folders = dict(zip(SIDES, (before, after), strict=True))
        self.described = {side: self._open(side, folder) for side, folder in self.folders.items()}

    def records(self, sql: str) -> list[Record]:
        """Rows of a query as objects."""
        result = self.connection.execute(sql)
        names = [str(column[0]) for column in result.description or ()]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def has(self, table: str) -> bool:
        """Whether both releases have the table."""
        return all(table in self.described[side] for side in SIDES)

    def compare(self, table: str, rows_listed: int | None) -> TableChange:
        """Compares a table; the differing rows of those in `KEPT` stay as temporary table `changes_<table>`.

        That has `change` and each column twice: `before_…`, `after_…`.

        Args:
            table: Name of a table that at least one of the releases has.
            rows_listed: How many rows to list; None lists all.
        """
        old, new = (self.described[side].get(table) for side in SIDES)
        described = new or old
        facts: Record = {
            "table": table,
            "title_vi": described.title_vi if described else table,
            "title_en": described.title_en if described else table,
            "rows_before": None if old is None else self._count(f"before.{sql_name(table)}"),
            "rows_after": None if new is None else self._count(f"after.{sql_name(table)}"),
        }
        if old is None or new is None:
            return TableChange(**facts, is_compared=False)
        columns: Record = {
            "columns_added": tuple(column for column in new.columns if column not in old.columns),
            "columns_removed": tuple(column for column in old.columns if column not in new.columns),
        }
        if not new.grain or set(new.grain) != set(old.grain):
            return TableChange(**facts, **columns, is_compared=False)
        is_same = self._is_same_file(table)
        if not is_same or table in KEPT:
            self._keep_changes(table, old, new, is_same)
        if is_same:
            return TableChange(**facts, **columns)
        return TableChange(**facts, **columns, **self._counted(table, old, new, rows_listed))

    def _open(self, side: str, folder: Path) -> dict[str, Described]:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        self.connection.execute(f"create schema {side}")
        found: dict[str, Described] = {}
        for resource in package["resources"]:
            name = str(resource["name"])
            source = sql_text(folder / str(resource["path"]))
            self.connection.execute(
                f"create view {side}.{sql_name(name)} as from read_parquet({source}, hive_partitioning=false)"
            )
            found[name] = Described(
                title_vi=str(resource.get("title") or name),
                title_en=str(resource.get("label_en") or name),
                # Older releases tell it as the primary key alone.
                grain=tuple(resource["schema"].get("grain") or resource["schema"].get("primaryKey") or ()),
                columns={str(field["name"]): str(field["type"]) for field in resource["schema"]["fields"]},
            )
        return found

    def _count(self, relation: str) -> int:
        return int(self.records(f"select count(*) as rows_counted from {relation}")[0]["rows_counted"])  # noqa: S608

    def _keep_changes(self, table: str, old: Described, new: Described, is_same: bool) -> None:
        both = list({**new.columns, **old.columns})
        differs = " or ".join(
            f"{a} is distinct from {b}"
            for a, b in (_pair_of(column, old, new) for column in _values(old, new))
        )
        same_key = " and ".join(
            f"o.{sql_name(column)} is not distinct from n.{sql_name(column)}" for column in new.grain
        )
        twice = [
            f"{letter}.{sql_name(column)} as {sql_name(f'{side}_{column}')}"
            if column in described.columns
            else f"null as {sql_name(f'{side}_{column}')}"
            for column in both
            for side, letter, described in (("before", "o", old), ("after", "n", new))
        ]
        self.connection.execute(
            f"""
            create or replace temp table {sql_name(f"changes_{table}")} as
            select
                case when o.is_there is null then 'added' when n.is_there is null then 'removed'
                    else 'changed' end as change,
                {", ".join(twice)}
            from (select *, true as is_there from before.{sql_name(table)}) as o
            full outer join (select *, true as is_there from after.{sql_name(table)}) as n on {same_key}
            where (o.is_there is null or n.is_there is null or {differs or "false"})
            {"limit 0" if is_same else ""}
            """  # noqa: S608
        )

    def _is_same_file(self, table: str) -> bool:
        """Equal tables are equal files, which spares the comparison of most."""
        before, after = (self.folders[side] / f"{table}.parquet" for side in SIDES)
        return filecmp.cmp(before, after, shallow=False)

    def _counted(self, table: str, old: Described, new: Described, rows_listed: int | None) -> Record:
        source = sql_name(f"changes_{table}")
        common = _values(old, new)
        counted = ", ".join(
            f"count(*) filter (change = 'changed' and {sql_name(f'before_{c}')} is distinct from "
            f"{sql_name(f'after_{c}')}) as {sql_name(c)}"
            for c in common
        )
        kinds = {
            str(row["change"]): int(row["n"])
            for row in self.records(f"select change, count(*) as n from {source} group by change")  # noqa: S608
        }
        sql = f"select {counted} from {source}"  # noqa: S608
        by_column = self.records(sql)[0] if kinds.get("changed") and common else {}
        grain = ", ".join(
            f"coalesce({sql_name(f'after_{c}')}, {sql_name(f'before_{c}')}) asc nulls first"
            for c in new.grain
        )
        limit = "" if rows_listed is None else f"limit {rows_listed}"
        order = f"array_position(['changed', 'removed', 'added'], change), {grain}"
        listed = self.records(f"select * from {source} order by {order} {limit}") if kinds else []  # noqa: S608
        return {
            "added": kinds.get("added", 0),
            "removed": kinds.get("removed", 0),
            "changed": kinds.get("changed", 0),
            "columns": dict(
                sorted(((c, n) for c, n in by_column.items() if n), key=lambda pair: (-pair[1], pair[0]))
            ),
            "rows": tuple(_row(row, new.grain, common) for row in listed),
        }


@contextmanager
def open_pair(before: Path, after: Path) -> Generator[Pair]:
    """Opens two release folders for comparison.

    Raises:
        TiendoError: TD-622 where a file of either cannot be read.
    """
    import duckdb

    with TemporaryDirectory(prefix="tiendo-diff-") as spill:
        config = limits.settings("query", Path(spill)) | {"autoinstall_known_extensions": False}
        try:
            with closing(duckdb.connect(":memory:", config=config)) as connection:
                yield Pair(connection, before, after)
        except (duckdb.Error, OSError, ValueError, KeyError, TypeError) as error:
            raise _unreadable(before, after, str(error).splitlines()[0] if str(error) else "") from error


def _pair_of(column: str, old: Described, new: Described) -> tuple[str, str]:
    """Both sides of a column, as text where its type has changed."""
    a, b = f"o.{sql_name(column)}", f"n.{sql_name(column)}"
    return (a, b) if old.columns[column] == new.columns[column] else (f"{a}::varchar", f"{b}::varchar")


def _values(old: Described, new: Described) -> list[str]:
    """Columns both releases have, save those that name the row."""
    return [column for column in new.columns if column in old.columns and column not in new.grain]


def _row(row: Record, grain: tuple[str, ...], columns: list[str]) -> Record:
    side = "before" if row["change"] == "removed" else "after"
    listed: Record = {"change": row["change"], "key": {column: row[f"{side}_{column}"] for column in grain}}
    if row["change"] == "changed":
        listed["values"] = {
            column: [row[f"before_{column}"], row[f"after_{column}"]]
            for column in columns
            if row[f"before_{column}"] != row[f"after_{column}"]
        }
    return listed


def _unreadable(before: Path, after: Path, reason: str) -> TiendoError:
    return TiendoError(
        "TD-622",
        f"Không so sánh được {before.name} với {after.name}: {reason}.",
        f"Cannot compare {before.name} with {after.name}: {reason}.",
        "Kiểm tra từng bản: tiendo releases verify MÃ",
        "Check each of them: tiendo releases verify ID",
        exit_code=4,
    )
