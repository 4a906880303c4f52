"""Checks codes against what is known: units and their validity, indicators, plans and their rows."""

from datetime import date
from typing import cast

import polars as pl

from tiendo.intake.cells import FEW_ROWS, Finding
from tiendo.intake.contracts import Column
from tiendo.intake.dates import period_end
from tiendo.intake.problems import CellProblem, problem
from tiendo.intake.references import References
from tiendo.intake.rule_context import RuleContext

_KNOWN_SHOWN = 8


def unknown_codes(frame: pl.DataFrame, column: Column, context: RuleContext) -> list[Finding]:
    """Cells of a column that name nothing known."""
    if column.type in {"org_code", "organisation"}:
        return _unknown_units(frame, column, context)
    if column.type == "indicator_code":
        return _unknown_indicators(frame, column, context)
    if column.type == "plan_id":
        return _unknown_plans(frame, column, context)
    return _unknown_rows(frame, column, context) if column.type == "row_ref" else []


def _periods(frame: pl.DataFrame, context: RuleContext) -> pl.Series:
    """For each row its own period, else the submission's."""
    name = context.contract.period_column
    if name is None:
        return pl.Series("period", [context.period] * frame.height, dtype=pl.String)
    column = frame[name]
    return (column if column.dtype == pl.String else column.dt.strftime("%Y-%m")).alias("period")


def _unknown_units(frame: pl.DataFrame, column: Column, context: RuleContext) -> list[Finding]:
    rows = pl.DataFrame([frame[column.name].alias("code"), _periods(frame, context)])
    agencies = context.references.agency_codes if column.type == "organisation" else frozenset[str]()
    distinct = rows.unique() if frame.height > FEW_ROWS else rows
    pairs = cast("list[tuple[str | None, str | None]]", distinct.rows())
    faults = {
        (code, period): fault
        for code, period in set(pairs)
        if code is not None
        and code not in agencies
        and (fault := _unit_fault(code, _end(period), context.references)) is not None
    }
    if not faults:
        return []
    doubtful = rows["code"].is_in(list({code for code, _ in faults})).arg_true()
    return [
        Finding(row, column.name, column.label_vi, fault)
        for row, pair in zip(doubtful, rows[doubtful].iter_rows(), strict=True)
        if (fault := faults.get(cast("tuple[str, str | None]", pair))) is not None
    ]


def _end(period: str | None) -> date | None:
    return period_end(period) if period and period[0].isdigit() else None


def _unit_fault(code: str, end: date | None, references: References) -> CellProblem | None:
    validities = references.validities(code)
    if not validities:
        return problem("TD-208", code, detail_vi="", detail_en="")
    if end is None or references.is_valid_on(code, end):
        return None
    spans = [(f"{start:%d/%m/%Y}", f"{stop:%d/%m/%Y}" if stop else "") for start, stop in validities]
    spans_vi = "; ".join(f"từ {start}" + (f" đến {stop}" if stop else "") for start, stop in spans)
    spans_en = "; ".join(f"from {start}" + (f" to {stop}" if stop else "") for start, stop in spans)
    return problem(
        "TD-208",
        code,
        detail_vi=f" vào ngày {end:%d/%m/%Y}; mã này chỉ có hiệu lực {spans_vi}",
        detail_en=f" on {end:%d/%m/%Y}; the code is valid only {spans_en}",
    )


def _unknown_indicators(frame: pl.DataFrame, column: Column, context: RuleContext) -> list[Finding]:
    known = context.references.indicator_codes
    return [
        Finding(row, column.name, column.label_vi, problem("TD-209", code))
        for row, code in enumerate(frame[column.name])
        if code is not None and code not in known
    ]


def _unknown_plans(frame: pl.DataFrame, column: Column, context: RuleContext) -> list[Finding]:
    known = context.references.plan_orgs
    listed = ", ".join(sorted(known)[:_KNOWN_SHOWN])
    return [
        Finding(
            row,
            column.name,
            column.label_vi,
            problem(
                "TD-222",
                plan,
                where_vi="sổ kế hoạch",
                where_en="the plan registry",
                known_vi=f" (hiện có: {listed})",
                known_en=f" (known: {listed})",
            ),
        )
        for row, plan in enumerate(frame[column.name])
        if plan is not None and plan not in known
    ]


def _unknown_rows(frame: pl.DataFrame, column: Column, context: RuleContext) -> list[Finding]:
    """Rows of a known plan; of an unknown one nothing can be said."""
    plan_column = next(c.name for c in context.contract.columns if c.type == "plan_id")
    kinds = ("targets", "tasks") if column.rows_of == "any" else (column.rows_of or "",)
    rows = {"targets": context.references.target_rows, "tasks": context.references.task_rows}
    words = {"targets": ("mục tiêu", "targets"), "tasks": ("nhiệm vụ", "tasks")}
    kinds_vi, kinds_en = (", ".join(words[kind][language] for kind in kinds) for language in (0, 1))
    findings: list[Finding] = []
    for row, (plan, ref) in enumerate(frame.select(plan_column, column.name).iter_rows()):
        if ref is None or plan not in context.references.plan_orgs:
            continue
        if not any(ref in rows[kind].get(plan, ()) for kind in kinds):
            fault = problem(
                "TD-222",
                ref,
                where_vi=f"{kinds_vi} của kế hoạch {plan}",
                where_en=f"the {kinds_en} of plan {plan}",
                known_vi="",
                known_en="",
            )
            findings.append(Finding(row, column.name, column.label_vi, fault))
    return findings
