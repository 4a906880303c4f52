"""Reads what F11 says of tasks, and what their deadline cells hold, when the warehouse is loaded.

SQL cannot read what a plan prints. An adjustment that no longer fits the plan changes nothing and is told.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import polars as pl

from tiendo.intake.deadlines import parse_deadline
from tiendo.intake.plan_rules import is_older_task, misfit
from tiendo.intake.references import References
from tiendo.references import TASK_FIELDS, references_of
from tiendo.settings import Home
from tiendo.warehouse.adjustments import Row, Sentence, landed_adjustments, not_used
from tiendo.warehouse.findings import Finding
from tiendo.warehouse.landed import AS_LANDED, Files

TASK_ADJUSTMENT_SCHEMA: Mapping[str, Any] = MappingProxyType(
    {
        "plan_id": pl.String(),
        "row_ref": pl.String(),
        "field": pl.String(),
        "decision_number": pl.String(),
        "decided_on": pl.Date(),
        "due_on": pl.Date(),
        "deliverable_vi": pl.String(),
        "recurrence": pl.String(),
        "older_plan_id": pl.String(),
        "older_row_ref": pl.String(),
        "submission_id": pl.String(),
        "received_at": pl.Datetime("us"),
        "row_number": pl.Int64(),
    }
)
READING_SCHEMA: Mapping[str, Any] = MappingProxyType(
    {
        "plan_id": pl.String(),
        "row_ref": pl.String(),
        "due_as_read_on": pl.Date(),
        "problem_vi": pl.String(),
        "problem_en": pl.String(),
    }
)

# By which type the old value of a field is compared with the plan's.
_COMPARED_AS = {"due_on": "deadline", "recurrence": "rhythm"}


def deadline_readings(registry: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What the project reads in each task's deadline cell, beside what the registry gives.

    Returns:
        One row per task in the shape of `READING_SCHEMA`; a problem where the cell cannot be read.
    """
    cells = registry["plan_tasks"].select("plan_id", "row_ref", "deadline_raw")
    rows: list[tuple[Any, ...]] = []
    for plan, ref, text in cells.iter_rows():
        read = parse_deadline(text)
        rows.append((plan, ref, read.due_on, *(read.problem or (None, None))))
    return pl.DataFrame(rows, schema=dict(READING_SCHEMA), orient="row")


def task_adjustments(
    home: Home, submissions: pl.DataFrame, registry: Mapping[str, pl.DataFrame], instead: Files = AS_LANDED
) -> tuple[pl.DataFrame, list[Finding]]:
    """The adjustments of tasks received, and those that cannot be used.

    Args:
        home: Whose landing zone it is.
        submissions: The ledger rows known.
        registry: Frames of the plans, submitted annexes in them.
        instead: Corrected copies of landing files by submission.

    Returns:
        One row per adjustment that fits its plan, in the order of receipt, in the shape of
        `TASK_ADJUSTMENT_SCHEMA`: the column of its field holds the new value, `older_*` the task that
        `continues` names; recurrence `none` says that the task is not a standing one. And a finding for each
        of the others.
    """
    return read_task_adjustments(landed_adjustments(home, submissions, TASK_FIELDS, instead), registry)


def read_task_adjustments(
    rows: Iterable[Row], registry: Mapping[str, pl.DataFrame]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Reads landed rows of the form `plan_adjustment`, as `task_adjustments` says."""
    known = references_of(registry)
    issued = dict(registry["plans"].select("plan_id", "valid_from").iter_rows())
    due = {
        (plan, ref): day
        for plan, ref, day in registry["plan_tasks"].select("plan_id", "row_ref", "due_on").iter_rows()
    }
    used: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for row in rows:
        key = row["plan_id"], row["row_ref"]
        values = known.plan_values.get((*key, row["field"]), ())
        kind = _COMPARED_AS.get(row["field"], "text")
        read = misfit(values, row["milestone_year"], row["old_value"], row["field"], kind) or _new_value(
            row, due.get(key), issued, known
        )
        if isinstance(read, dict):
            kept = {name: row.get(name) for name in TASK_ADJUSTMENT_SCHEMA}
            used.append(kept | dict.fromkeys(("due_on", "deliverable_vi", "recurrence")) | read)
        else:
            findings.append(not_used(row, read))
    return pl.DataFrame(used, schema=dict(TASK_ADJUSTMENT_SCHEMA), orient="row"), findings


def _new_value(
    row: Row, due: date | None, issued: Mapping[str, date], known: References
) -> dict[str, Any] | Sentence:
    plan, new = row["plan_id"], row["new_reading"]
    if row["field"] == "due_on":
        return _new_day(date.fromisoformat(new), due, row["decided_on"], issued[plan])
    if row["field"] != "continues":
        return {row["field"]: new}
    older, _, ref = new.partition(" ")
    if not is_older_task(new, plan, known) or issued[older] >= issued[plan]:
        return (
            f"“{new}” không phải là nhiệm vụ của một kế hoạch ban hành trước ở cùng địa phương",
            f"'{new}' is no task of an earlier plan of the same place",
        )
    return {"older_plan_id": older, "older_row_ref": ref.strip()}


def _new_day(day: date, due: date | None, decided_on: date, issued_on: date) -> dict[str, Any] | Sentence:
    """A deadline cannot be moved into the past; one that the plan does not give may be set there."""
    if day < issued_on:
        return (
            f"thời hạn mới {day:%d/%m/%Y} trước ngày ban hành kế hoạch",
            f"the new deadline {day.isoformat()} is before the plan was issued",
        )
    if due is not None and day < decided_on:
        return (
            f"thời hạn mới {day:%d/%m/%Y} trước ngày quyết định",
            f"the new deadline {day.isoformat()} is before the day of the decision",
        )
    return {"due_on": day}
