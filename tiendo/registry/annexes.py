"""Puts submitted plan annexes into the registry: what a plan's issuer sent takes the place of its rows.

An annex goes through the same checks as the registry's own files and is taken whole or not at all; one that
fails them stops nobody else's figures.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from tiendo.messages import Place, TiendoError
from tiendo.registry.plans import checked_registry, not_allowed, read_registry
from tiendo.registry.tables import PLAN_TARGETS, PLAN_TASKS, TASK_AGENCIES
from tiendo.registry.targets import ParsedTarget, parse_target

ANNEX_TABLES = (PLAN_TARGETS.name, PLAN_TASKS.name)

_READ_COLUMNS = ("target_kind", "target_low", "target_high", "unit", "per", "strict")
_NUMBERED_KINDS = frozenset({"at_least", "at_most", "equal", "range"})
_PACE_BY_TIME: Mapping[str, str] = MappingProxyType(
    {"last": "level", "sum_in_year": "cumulative", "ratio_of_sums": "flow"}
)

Texts = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Annex:
    """One plan's rows as submitted.

    Attributes:
        table: `plan_targets` or `plan_tasks`.
        plan_id: The plan.
        submission_id: Where the rows come from.
        rows: Columns of the table as text, dates in ISO form, flags 'yes' and 'no', and `row_number`.
        rows_missing: Rows of the same file that were set aside, of this plan or another.
    """

    table: str
    plan_id: str
    submission_id: str
    rows: pl.DataFrame
    rows_missing: int = 0


@dataclass(frozen=True)
class Refused:
    """An annex that is not used and why; the error's place is in the submitted file."""

    annex: Annex
    error: TiendoError


def load_registry_with(
    plans_dir: Path, annexes: Iterable[Annex]
) -> tuple[dict[str, pl.DataFrame], list[Refused]]:
    """The registry with submitted annexes in the place of the rows of their plans.

    Args:
        plans_dir: The registry's own files.
        annexes: In the order of receipt; of several for a plan the last one that passes stands.

    Returns:
        Frames as `checked_registry` gives them, and the annexes received after the one that stands.

    Raises:
        TiendoError: TD-301 to TD-305 where the registry's own files do not load.
    """
    texts: Texts = read_registry(plans_dir)
    registry = checked_registry(texts)
    refused: dict[tuple[str, str], list[Refused]] = {}
    for annex in annexes:
        key = annex.table, annex.plan_id
        first_line = _next_line(texts[annex.table])
        try:
            tried = _with_annex(texts, annex, first_line)
            registry = checked_registry(tried)
        except TiendoError as error:
            refused.setdefault(key, []).append(Refused(annex, _in_annex(error, annex, first_line)))
        else:
            texts = tried
            refused.pop(key, None)
    return registry, [item for items in refused.values() for item in items]


def _next_line(text: pl.DataFrame) -> int:
    """Submitted rows are numbered on, since a line names one row of the table."""
    return max(text["line_number"].to_list(), default=1) + 1


def _with_annex(texts: Texts, annex: Annex, first_line: int) -> Texts:
    if annex.rows_missing:
        # A plan is replaced whole: the targets of a row that is missing would vanish.
        raise TiendoError(
            "TD-306",
            f"Tệp có {annex.rows_missing} dòng bị cách ly nên phụ lục chưa đủ.",
            f"{annex.rows_missing} rows of the file are quarantined, so the annex is not complete.",
            "Sửa các dòng đó rồi nộp lại cả phụ lục.",
            "Correct these rows and submit the whole annex again.",
        )
    rows = annex.rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("line_number") + first_line)
    rows = rows.drop("row_number")
    if annex.table == PLAN_TARGETS.name:
        rows = _completed_targets(rows, texts["indicators"])
    else:
        rows = _completed_tasks(rows)
    is_other_plan = pl.col("plan_id").ne_missing(annex.plan_id)
    changed = {annex.table: _combined(texts[annex.table].filter(is_other_plan), rows)}
    if annex.table == PLAN_TASKS.name:
        # Roles of tasks that the plan no longer has go with them.
        roles = texts[TASK_AGENCIES.name]
        kept = pl.col("row_ref").is_in(rows["row_ref"].implode())
        changed[TASK_AGENCIES.name] = roles.filter(is_other_plan | kept)
    return {**texts, **changed}


def _combined(stays: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Both in the columns of the first; what the annex does not hold is empty."""
    missing = [pl.lit(None, pl.String).alias(name) for name in stays.columns if name not in rows.columns]
    return pl.concat([stays, rows.with_columns(missing).select(stays.columns)])


def _completed_targets(rows: pl.DataFrame, indicators: pl.DataFrame) -> pl.DataFrame:
    """Fills what an annex leaves open: the reading of the target cell, the day, the flags and the pace.

    Raises:
        TiendoError: TD-304 where bounds are given that the target cell contradicts.
    """
    read = [_read_columns(row) for row in rows.iter_rows(named=True)]
    readings = pl.DataFrame(read, schema=[(name, pl.String()) for name in _READ_COLUMNS])
    rows = rows.with_columns(readings.get_columns())
    rows = rows.with_columns(
        pl.col("milestone_on").fill_null(pl.col("milestone_year") + "-12-31"),
        pl.col("embedded", "not_a_target").fill_null("no"),
        pl.col("assigned_level").fill_null("own"),
    )
    known = indicators.select("indicator_code", "over_time").unique("indicator_code")
    placed = rows.join(known, on="indicator_code", how="left", maintain_order="left")
    return placed.with_columns(pl.col("pace").fill_null(_pace())).drop("over_time")


def _read_columns(row: Mapping[str, str | None]) -> dict[str, str | None]:
    """Comparator, bounds and unit of a row: as given, and what is left open as the target cell reads."""
    parsed = parse_target(row["target_raw"], row["unit_raw"])
    read = _as_text(parsed)
    if row["target_kind"] is None:
        return read
    given = {name: row[name] for name in _READ_COLUMNS}
    if parsed.kind in _NUMBERED_KINDS:
        for name in ("target_kind", "target_low", "target_high"):
            if given[name] is not None and given[name] != read[name]:
                place = Place(f"{PLAN_TARGETS.name}.csv", row=int(row["line_number"] or 0), column=name)
                expected = f"{row['target_raw']}: {read[name] or ''}"
                raise not_allowed(place, given[name] or "", (expected, expected))
            given[name] = read[name]
    return given | {name: given[name] or read[name] for name in ("unit", "strict")}


def _as_text(parsed: ParsedTarget) -> dict[str, str | None]:
    low, high = (None if bound is None else f"{bound.normalize():f}" for bound in (parsed.low, parsed.high))
    read = (parsed.kind, low, high, parsed.unit, parsed.per or None, "yes" if parsed.strict else "no")
    return dict(zip(_READ_COLUMNS, read, strict=True))


def pace_of(kind: str, unit: str, over_time: str) -> str:
    """How a target read from its text is followed: its pace, by what the indicator is over time."""
    if kind == "boolean" or unit == "rank":
        return "by_date"
    return _PACE_BY_TIME.get(over_time, "by_date")


def _pace() -> pl.Expr:
    """How a target of this kind and indicator is followed where its plan does not say."""
    is_text = pl.col("target_kind").is_in(["qualitative", "rank_text"]) | (pl.col("not_a_target") == "yes")
    is_reached = (pl.col("target_kind") == "boolean") | (pl.col("unit") == "rank")
    return (
        pl.when(is_text)
        .then(pl.lit("none"))
        .when(is_reached)
        .then(pl.lit("by_date"))
        .otherwise(
            pl.col("over_time").replace_strict(dict(_PACE_BY_TIME), default="by_date", return_dtype=pl.String)
        )
    )


def _completed_tasks(rows: pl.DataFrame) -> pl.DataFrame:
    """Fills the kind of a deadline from the date or the rhythm given; else it stays unread."""
    kind = (
        pl.when(pl.col("due_on").is_not_null())
        .then(pl.lit("date"))
        .when(pl.col("recurrence").is_not_null())
        .then(pl.lit("recurring"))
        .otherwise(pl.lit("unparseable"))
    )
    return rows.with_columns(pl.col("deadline_kind").fill_null(kind))


def _in_annex(error: TiendoError, annex: Annex, first_line: int) -> TiendoError:
    """The error with the row of the submitted file in the place of the registry's line."""
    place, row = error.place, None
    if place.file == f"{annex.table}.csv" and place.row is not None and place.row >= first_line:
        row = annex.rows["row_number"][place.row - first_line]
    error.place = Place(row=row, column=place.column)
    return error
