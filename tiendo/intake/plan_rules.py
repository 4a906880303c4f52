"""Rules of the forms about plans: evidence, adjustments and published budget lines."""

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from tiendo.intake.cells import Finding
from tiendo.intake.contracts import Column, Rule
from tiendo.intake.dates import parse_date
from tiendo.intake.deadlines import RHYTHMS, parse_deadline
from tiendo.intake.folding import clean_text, strip_accents
from tiendo.intake.problems import CellProblem, cell_problem, cell_text, problem
from tiendo.intake.references import PlanValue, References
from tiendo.intake.rule_context import RuleContext, at_rows
from tiendo.intake.values import parse_cell

_APPRAISED = ("valid", "invalid")


def evidence_of_nothing(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """Evidence proves a row of a plan or an indicator, and a row is one of a named plan."""
    has_row, has_plan = pl.col("row_ref").is_not_null(), pl.col("plan_id").is_not_null()
    proves_nothing = ~has_row & pl.col("indicator_code").is_null()
    findings: list[Finding] = []
    for name, wrong in (("row_ref", proves_nothing), ("plan_id", has_row & ~has_plan)):
        column = context.contract.column(name)
        fault = cell_problem(rule.code, None, column)
        findings += at_rows(frame.filter(wrong), column, lambda _, fault=fault: fault)
    return findings


def verdict_without_level(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """A verdict counts by its level and day."""
    verdict = context.contract.column("verdict")
    findings: list[Finding] = []
    for name in ("verdict_level", "verdict_on"):
        column = context.contract.column(name)
        labels = {"label_vi": column.label_vi, "label_en": column.label_en}
        bad = frame.filter(pl.col("verdict").is_in(_APPRAISED) & pl.col(name).is_null())
        findings += at_rows(
            bad,
            column,
            lambda row, labels=labels: problem(rule.code, verdict.choices[row["verdict"]][0], **labels),
        )
    return findings


def old_value_differs(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """An adjustment names a field its row has, with the value the plan as issued has there."""
    columns = context.contract.column
    fields = columns("field").choices
    known = context.references.plan_values
    types = next(derived.types for derived in context.contract.derived if derived.kind == "reading")
    findings: list[Finding] = []
    cells = frame.select("row", "plan_id", "row_ref", "milestone_year", "field", "old_value", "new_value")
    for row, plan, ref, year, field, old, new in cells.iter_rows():
        if not _has_row(context, plan, ref) or field is None:
            continue
        column = columns("old_value")
        kind = types.get(field, "text")
        reason = misfit(known.get((plan, ref, field), ()), year, old, fields[field][0], kind)
        if reason is not None:
            fault = problem(rule.code, old, reason_vi=reason[0], reason_en=reason[1])
            findings.append(Finding(row, column.name, column.label_vi, fault))
        fault = None if new is None else _new_value_fault(new, field, kind, plan, context)
        if fault is not None:
            findings.append(Finding(row, "new_value", columns("new_value").label_vi, fault))
    return findings


def _new_value_fault(new: str, field: str, kind: str, plan: str, context: RuleContext) -> CellProblem | None:
    if field == "continues":
        return None if is_older_task(new, plan, context.references) else problem("TD-222", new, **_OLDER)
    read = parse_cell(new, replace(context.contract.column("new_value"), type=kind))
    return read if isinstance(read, CellProblem) else None


def is_older_task(named: str, plan: str, references: References) -> bool:
    """Whether '<plan_id> <row_ref>' names a task of another plan of the same place."""
    older, _, ref = named.partition(" ")
    is_there = ref.strip() in references.task_rows.get(older, ())
    return is_there and older != plan and references.plan_orgs[older] == references.plan_orgs.get(plan)


def _has_row(context: RuleContext, plan: str | None, ref: str | None) -> bool:
    """An unknown row is told by its own check."""
    if plan is None or ref is None:
        return False
    references = context.references
    return ref in references.target_rows.get(plan, ()) or ref in references.task_rows.get(plan, ())


def misfit(
    values: Sequence[PlanValue], year: int | None, old: str | None, field: str, kind: str
) -> tuple[str, str] | None:
    """Why an adjustment does not fit the plan, in Vietnamese and English; None where it does.

    Args:
        values: What the plan has in the field, by milestone.
        year: The milestone year given.
        old: The old value given.
        field: What the form calls the field.
        kind: Type by which its values are compared: text, date, deadline or rhythm.
    """
    if not values:
        return f"dòng này không có nội dung '{field}'", f"this row has no '{field}'"
    years = ", ".join(value.year for value in values if value.year)
    fitting = [value for value in values if year is None or value.year == str(year)]
    if not fitting:
        return (
            f"dòng này không có năm mốc {year}" + (f" (có: {years})" if years else ""),
            f"this row has no milestone year {year}" + (f" (it has {years})" if years else ""),
        )
    if len(fitting) > 1:
        return (
            f"mục tiêu có nhiều mốc ({years}); hãy ghi năm mốc",
            f"the target has several milestones ({years}); give the milestone year",
        )
    present = fitting[0].value
    if _comparable(old, kind) == _comparable(present, kind):
        return None
    return (
        f"trong kế hoạch là '{_as_forms_write(present, kind)}'"
        if present
        else "trong kế hoạch ô này để trống",
        f"the plan has '{present}'" if present else "the plan leaves it empty",
    )


def _as_forms_write(present: str, kind: str) -> str:
    """A day or rhythm of the registry in words that the sender can copy into the form."""
    if kind == "text":
        return present
    if present in _RHYTHM_WORDS:
        return _RHYTHM_WORDS[present]
    return re.sub(r"^(\d{4})-(\d{2})-(\d{2})$", r"\3/\2/\1", present)


def _comparable(text: str | None, kind: str) -> str:
    """A value without what two typists do differently; signs and digits stay."""
    words = clean_text(text or "")
    if kind in _READ_AS_DEADLINES and words not in RHYTHMS:
        # The plan prints a text; the registry holds the day or rhythm read from it.
        read = parse_deadline(words)
        return str((read.due_on if kind == "deadline" else read.recurrence) or "")
    day = parse_date(words, _DAY) if kind == "date" and words else None
    if day is not None and not isinstance(day, CellProblem):
        return cell_text(day) or ""
    return " ".join(strip_accents(words).split()).rstrip(" .;")


def line_stands_twice(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """A published line that a measure adds up may stand only once in a file."""
    place = ["form_number", "line_key"]
    keyed = frame.filter(pl.col("line_key").is_not_null())
    numbers = pl.col("row_number").cast(pl.String)
    repeated = keyed.filter(pl.len().over(place) > 1).with_columns(
        other=pl.when(pl.col("row") == pl.col("row").first())
        .then(numbers.last())
        .otherwise(numbers.first())
        .over(place)
    )
    column = context.contract.column("line_text")
    return at_rows(repeated, column, lambda row: problem(rule.code, row["line_text"], other=row["other"]))


_DAY = Column("day", "date", "Ngày", "Day")
_RHYTHM_WORDS = {
    "continuous": "Thường xuyên",
    "monthly": "Hằng tháng",
    "quarterly": "Hằng quý",
    "yearly": "Hằng năm",
}
_READ_AS_DEADLINES = frozenset({"deadline", "rhythm"})
_OLDER = {
    "where_vi": "nhiệm vụ của các kế hoạch khác của cùng địa phương",
    "where_en": "the tasks of other plans of the same place",
    "known_vi": ", như 'dak-lak-2025-kh02-bcd row-8'",
    "known_en": ", such as 'dak-lak-2025-kh02-bcd row-8'",
}
