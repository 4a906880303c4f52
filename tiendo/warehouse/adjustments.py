"""Reads adjusted targets (F11) when the warehouse is loaded, since SQL cannot read what a plan prints.

An adjustment that cannot be read, or no longer fits the plan, changes nothing and is told, as an annex is.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import polars as pl

from tiendo.intake.plan_rules import misfit
from tiendo.references import TARGET_FIELDS, references_of
from tiendo.registry.annexes import pace_of
from tiendo.registry.plans import NUMBER
from tiendo.registry.targets import parse_target
from tiendo.settings import Home
from tiendo.warehouse.findings import Finding
from tiendo.warehouse.landed import AS_LANDED, Files, landed_rows

KIND = "plan_adjustment_not_used"

ADJUSTMENT_SCHEMA: Mapping[str, Any] = MappingProxyType(
    {
        "line_number": pl.Int64(),
        "plan_id": pl.String(),
        "row_ref": pl.String(),
        "field": pl.String(),
        "decision_number": pl.String(),
        "decided_on": pl.Date(),
        "target_raw": pl.String(),
        "milestone_on": pl.Date(),
        "comparator": pl.String(),
        "target_low": NUMBER,
        "target_high": NUMBER,
        "is_strict": pl.Boolean(),
        "pace": pl.String(),
        "submission_id": pl.String(),
        "received_at": pl.Datetime("us"),
        "row_number": pl.Int64(),
    }
)

# What a number without a unit is read as.
_BARE = ("count", "index_0_1")

Row = Mapping[str, Any]
Sentence = tuple[str, str]


def target_adjustments(
    home: Home, submissions: pl.DataFrame, registry: Mapping[str, pl.DataFrame], instead: Files = AS_LANDED
) -> tuple[pl.DataFrame, list[Finding]]:
    """The adjustments of targets received, read, and those that cannot be used.

    Args:
        home: Whose landing zone it is.
        submissions: The ledger rows known.
        registry: Frames of the plans, submitted annexes in them.
        instead: Corrected copies of landing files by submission.

    Returns:
        One row per adjustment that can be read, in the order of receipt, in the shape of
        `ADJUSTMENT_SCHEMA`: `line_number` names the target row of the registry; bounds are in the unit of
        the indicator (percentage points for percents); and a finding for each of the others.
    """
    return read_adjustments(landed_adjustments(home, submissions, TARGET_FIELDS, instead), registry)


def landed_adjustments(
    home: Home, submissions: pl.DataFrame, fields: Iterable[str], instead: Files
) -> Iterable[Row]:
    """The landed rows of the form `plan_adjustment` that change one of some fields."""
    rows = landed_rows(home, submissions, "plan_adjustment", instead)
    if rows.height:
        rows = rows.filter(pl.col("field").is_in(list(fields)))
    return rows.iter_rows(named=True)


def read_adjustments(
    rows: Iterable[Row], registry: Mapping[str, pl.DataFrame]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Reads landed rows of the form `plan_adjustment`, as `target_adjustments` says."""
    known = references_of(registry).plan_values
    indicators = registry["indicators"].select("indicator_code", "over_time", indicator_unit="unit")
    targets = registry["plan_targets"].join(indicators, on="indicator_code", maintain_order="left")
    by_row: dict[tuple[str, str], list[Row]] = {}
    for target in targets.iter_rows(named=True):
        by_row.setdefault((target["plan_id"], target["row_ref"]), []).append(target)
    # Days that milestones of a row already have, by its line.
    days = {line: [day] for line, day in targets.select("line_number", "milestone_on").iter_rows()}
    used: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for row in rows:
        lines = by_row.get((row["plan_id"], row["row_ref"]), [])
        values = known.get((row["plan_id"], row["row_ref"], row["field"]), ())
        is_date = row["field"] == "milestone_on"
        year = row["milestone_year"]
        kind = "date" if is_date else "text"
        reason = misfit(values, year, row["old_value"], row["field"], kind)
        read: dict[str, Any] | Sentence = reason or {}
        if reason is None:
            line = next(line for line in lines if year is None or line["milestone_year"] == str(year))
            others = [day for other in lines if other is not line for day in days[other["line_number"]]]
            read = _new_day(row, line, others) if is_date else _new_target(row, line)
            if isinstance(read, dict) and is_date:
                days[line["line_number"]].append(read["milestone_on"])
        if isinstance(read, dict):
            used.append({name: row.get(name) for name in ADJUSTMENT_SCHEMA} | read)
        else:
            findings.append(not_used(row, read))
    return pl.DataFrame(used, schema=dict(ADJUSTMENT_SCHEMA), orient="row"), findings


def _new_day(row: Row, line: Row, others: Iterable[date]) -> dict[str, Any] | Sentence:
    day = date.fromisoformat(row["new_reading"])
    if day < row["decided_on"]:
        return (
            f"ngày mốc mới {day:%d/%m/%Y} trước ngày quyết định",
            f"the new milestone {day.isoformat()} is before the day of the decision",
        )
    if day in others:
        return (
            f"mục tiêu đã có mốc khác vào ngày {day:%d/%m/%Y}",
            f"the target has another milestone on {day.isoformat()}",
        )
    return {"line_number": line["line_number"], "milestone_on": day, "target_raw": None}


def _new_target(row: Row, line: Row) -> dict[str, Any] | Sentence:
    text = row["new_value"]
    parsed = parse_target(text, line["unit_raw"])
    if parsed.kind in ("qualitative", "rank_text"):
        return f"không đọc được “{text}” thành số", f"'{text}' cannot be read as a number"
    # Under a unit cell of '%' the parser takes any number for a share, so the text must agree by itself too.
    alone = parse_target(text, None).unit
    unit: str = line["indicator_unit"]
    if not (_agree(parsed.unit, unit) and (alone in _BARE or _agree(alone, unit))):
        return (
            f"đơn vị của “{text}” khác đơn vị của chỉ tiêu",
            f"the unit of '{text}' is not that of the indicator",
        )
    was_blank = line["pace"] == "none"
    return {
        "line_number": line["line_number"],
        "milestone_on": None,
        "target_raw": text,
        "comparator": parsed.kind,
        "target_low": parsed.low,
        "target_high": parsed.high,
        "is_strict": parsed.strict,
        "pace": pace_of(parsed.kind, parsed.unit, line["over_time"]) if was_blank else line["pace"],
    }


def _agree(unit: str, other: str) -> bool:
    """Of percentages a cell seldom says what of."""
    return unit == other or (unit.startswith("percent") and other.startswith("percent"))


def not_used(row: Row, reason: Sentence) -> Finding:
    """What is told of an adjustment that changes nothing, with the reason in Vietnamese and English."""
    named = f"{row['plan_id']} {row['row_ref']}"
    return Finding(
        finding_kind=KIND,
        submission_id=row["submission_id"],
        other_submission_id="",
        subject=f"{named} {row['field']} {row['milestone_year'] or ''}".strip(),
        message_vi=f"Điều chỉnh theo {row['decision_number']} của dòng {named} chưa được dùng: {reason[0]}."
        " Hãy sửa rồi nộp lại.",
        message_en=f"The adjustment of row {named} by {row['decision_number']} is not used: {reason[1]}."
        " Correct it and submit it again.",
    )
