"""What differs between the last release and the tables about to be published, and which of it is explained.

A figure may change because somebody sent, corrected or withdrew something, or because the registry changed;
whatever else changes it is a fault of the program or a loss of files. Both sides are read once by DuckDB.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiendo import limits
from tiendo.quoting import sql_text

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
SCRIPT = Path(__file__).with_name("drift.sql")
# Tables that list what was found: fewer rows are good news.
FINDINGS = {
    "corrected_cells", "denominator_watch", "plan_conflicts", "quality_checks", "quality_scores",
    "quarantined_rows", "reported_vs_computed", "suspicious_values", "task_matches",
}  # fmt: skip
# Whoever changes these means to change what is published.
REGISTRY = ("dim_indicator", "dim_org_unit", "dim_plan", "indicator_measures", "plan_targets", "plan_tasks")
COMPARED = (
    *REGISTRY,
    "corrected_cells", "dim_status", "submissions", "thresholds",
    "indicator_parts", "indicator_progress", "indicator_series",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What differs from the last release.

    Attributes:
        lost_submissions: Identifiers that the last release knew and the ledger no longer does.
        units: Per form and period passed that lost some: `units`, `lost`, `unexplained`, `first_lost`.
        tables: Per table with fewer rows: `table`, `old`, `new`.
        values: How many published figures were compared.
        changed: Those that differ, unexplained ones first.
        verdicts: How many published verdicts were compared.
        flipped: Those that changed though nothing that decides them did.
        replaced_share: Share of the rows in force that were replaced or withdrawn since, in the form where it
            is largest.
        has_new_registry: Whether plans, indicators, definitions or places differ.
        has_new_thresholds: Whether thresholds differ.
    """

    lost_submissions: list[str]
    units: list[Row]
    tables: list[Row]
    values: int
    changed: list[Row]
    verdicts: int
    flipped: list[Row]
    replaced_share: float
    has_new_registry: bool
    has_new_thresholds: bool


def gather(
    database: Path,
    previous: Path,
    manifest: Mapping[str, Any],
    submissions: Sequence[Mapping[str, Any]],
) -> Facts:
    """Compares the staged tables with a release.

    Args:
        database: The warehouse's DuckDB file; opened read-only.
        previous: Folder of the release to compare with.
        manifest: Its manifest, of which `inputs`, `row_counts` and `as_of` are read.
        submissions: What goes into the new release: dicts with `submission_id` and `status`.

    Raises:
        duckdb.Error: A table of either side cannot be read, or lacks a column that is compared.
    """
    import duckdb

    with closing(
        duckdb.connect(":memory:", config=limits.settings("publish", database.parent))
    ) as connection:
        connection.execute(f"attach {sql_text(database)} as warehouse (read_only)")
        for table in COMPARED:
            _show_both(connection, table, previous / f"{table}.parquet")
        _take_inputs(connection, "old_inputs", manifest["inputs"])
        _take_inputs(connection, "new_inputs", submissions)
        connection.execute("set variable last_as_of = $1", [manifest["as_of"]])
        connection.execute(SCRIPT.read_text(encoding="utf-8"))
        lost = _rows(connection, "from old_inputs anti join new_inputs using (submission_id) order by all")
        return Facts(
            lost_submissions=[row["submission_id"] for row in lost],
            units=_rows(connection, "from units_lost order by unexplained desc, lost desc, period, form"),
            tables=_fewer_rows(connection, manifest["row_counts"]),
            values=_count(
                connection, "old_indicator_series where boundaries = 'as_was' and actual is not null"
            ),
            changed=_rows(
                connection,
                "from changed order by is_explained, period desc, org_code, indicator_code, variant",
            ),
            verdicts=_count(connection, "old_indicator_progress"),
            flipped=_rows(connection, "from flipped order by period_end desc, org_code, indicator_code"),
            replaced_share=float(_rows(connection, "from replaced")[0]["share"]),
            has_new_registry=any(_differs(connection, table) for table in REGISTRY),
            has_new_thresholds=_differs(connection, "thresholds"),
        )


def _show_both(connection: "duckdb.DuckDBPyConnection", table: str, published: Path) -> None:
    """Views of the columns that both sides have: a column may be new in this version."""
    sides = {"old": f"read_parquet({sql_text(published)})", "new": f"warehouse.marts.{table}"}
    columns = [
        [str(row["column_name"]) for row in _rows(connection, f"describe from {source}")]
        for source in sides.values()
    ]
    both = ", ".join(f'"{name}"' for name in columns[0] if name in columns[1])
    for side, source in sides.items():
        connection.execute(f"create view {side}_{table} as select {both} from {source}")  # noqa: S608 own names


def _take_inputs(
    connection: "duckdb.DuckDBPyConnection", name: str, inputs: Sequence[Mapping[str, Any]]
) -> None:
    import polars as pl

    frame = pl.DataFrame(
        {column: [each.get(column) for each in inputs] for column in ("submission_id", "status")},
        schema={"submission_id": pl.String, "status": pl.String},
    )
    connection.register("inputs", frame)
    connection.execute(f"create temp table {name} as from inputs")
    connection.unregister("inputs")


def _fewer_rows(connection: "duckdb.DuckDBPyConnection", row_counts: Mapping[str, int]) -> list[Row]:
    """Tables that lost rows; one that is no longer published was taken out on purpose."""
    there = {row["table_name"] for row in _rows(
        connection,
        "select table_name from information_schema.tables"
        " where table_catalog = 'warehouse' and table_schema = 'marts'",
    )}  # fmt: skip
    names = sorted(name for name in row_counts if name in there - FINDINGS)
    counts = {name: _count(connection, f"warehouse.marts.{name}") for name in names}
    return [
        {"table": name, "old": row_counts[name], "new": counts[name]}
        for name in names
        if counts[name] < row_counts[name]
    ]


def _differs(connection: "duckdb.DuckDBPyConnection", table: str) -> bool:
    return any(
        _count(connection, f"(from {one}_{table} except from {other}_{table})")
        for one, other in (("old", "new"), ("new", "old"))
    )


def _rows(connection: "duckdb.DuckDBPyConnection", sql: str) -> list[Row]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _count(connection: "duckdb.DuckDBPyConnection", source: str) -> int:
    row = connection.execute(f"select count(*) from {source}").fetchone()  # noqa: S608 own names
    return int(row[0]) if row else 0
