"""How the state of a task came about: deadline, who does it, their reports, the evidence and its verdicts.

It reads the published release only. Nothing is judged here: what is shown was published.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tiendo.messages import TiendoError
from tiendo.publish.query import literal
from tiendo.report.explain_sources import Record, placed_rows, records

TASK_SQL = """
select
    progress.*,
    tasks.kpi_vi, tasks.head_responsible_raw, tasks.lead_raw, tasks.assigned_by_raw, tasks.note,
    tasks.deliverable_vi, tasks.line_number,
    plans.plan_number, plans.issuer_vi, plans.issued_on, plans.valid_from, plans.is_date_assumed,
    states.label_vi, states.label_en, places.org_name_vi
from task_progress as progress
inner join plan_tasks as tasks using (plan_id, row_ref)
inner join dim_plan as plans using (plan_id)
inner join dim_task_state as states using (state)
left join dim_org_unit as places on progress.org_code = places.org_code and places.is_current
where plan_id = {plan} and row_ref = {row_ref}
"""
ASSIGNEES_SQL = """
select assignees.*, states.label_vi, states.label_en
from task_assignee_progress as assignees
inner join dim_task_state as states using (state)
where plan_id = {plan} and row_ref = {row_ref}
order by is_done, states.state_order, assignee_code
"""
EVIDENCE_SQL = """
select *
from evidence_register
where plan_id = {plan} and row_ref = {row_ref}
order by filed_on, evidence_ref
"""
VERDICTS_SQL = """
select *
from evidence_verdicts
where plan_id = {plan} and row_ref = {row_ref}
order by evidence_ref, verdict_on, verdict_level
"""
CLARITY_SQL = "select * from task_clarity where plan_id = {plan} and row_ref = {row_ref}"
THRESHOLDS_SQL = """
select *
from thresholds
where threshold_code in ('due_soon_days', 'behind_share', 'behind_after_days', 'behind_after_share')
    and date {as_of} between valid_from and coalesce(valid_to, date '9999-12-31')
order by threshold_code
"""
ROWS_SQL = "select row_ref from plan_tasks where plan_id = {plan} order by line_number"
PLANS_SQL = "select distinct plan_id from plan_tasks order by plan_id"
REPORT_COLUMNS = ("state", "percent_complete")
EVIDENCE_COLUMNS = ("signed_on", "verdict")
SHOWN_ROWS = 12


def read_task(release: Path, as_of: str, plan: str, row_ref: str) -> dict[str, Any]:
    """How the state of one task came about.

    Args:
        release: Folder of a release.
        as_of: The day it speaks of.
        plan: Identifier of a plan.
        row_ref: Row of the task in the plan's annex.

    Returns:
        `task` (state, reason, alert, dates, plan row), `thresholds` of the alert rules, `assignees` and
        `evidence`, each with the `source` of its row, `verdicts` and `clarity`. Percentages from 0 to 100.

    Raises:
        TiendoError: TD-716, exit code 2, where the plan has no such task.
    """
    named = {"plan": literal(plan), "row_ref": literal(row_ref), "as_of": literal(as_of)}
    tasks = records(release, TASK_SQL, named)
    if not tasks:
        raise _no_such_task(release, plan, row_ref)
    assignees = records(release, ASSIGNEES_SQL, named)
    evidence = records(release, EVIDENCE_SQL, named)
    return {
        "task": tasks[0],
        "thresholds": records(release, THRESHOLDS_SQL, named),
        "assignees": _with_sources(release, assignees, "task_report", REPORT_COLUMNS),
        "evidence": _with_sources(release, evidence, "evidence", EVIDENCE_COLUMNS),
        "verdicts": records(release, VERDICTS_SQL, named),
        "clarity": records(release, CLARITY_SQL, named)[0],
    }


def _with_sources(release: Path, rows: Sequence[Record], form: str, columns: Sequence[str]) -> list[Record]:
    sources = placed_rows(release, rows, form, columns)
    return [row | {"source": source} for row, source in zip(rows, sources, strict=True)]


def _no_such_task(release: Path, plan: str, row_ref: str) -> TiendoError:
    rows = [row["row_ref"] for row in records(release, ROWS_SQL, {"plan": literal(plan)})]
    listed = ", ".join(rows[:SHOWN_ROWS]) + (" …" if len(rows) > SHOWN_ROWS else "")
    plans = ", ".join(row["plan_id"] for row in records(release, PLANS_SQL, {}))
    return TiendoError(
        "TD-716",
        f"Kế hoạch “{plan}” không có nhiệm vụ “{row_ref}”.",
        f"Plan “{plan}” has no task “{row_ref}”.",
        f"Mã nhiệm vụ của kế hoạch này: {listed}." if rows else f"Các kế hoạch có nhiệm vụ: {plans}.",
        f"Tasks of this plan: {listed}." if rows else f"Plans with tasks: {plans}.",
        exit_code=2,
    )
