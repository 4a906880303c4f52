"""What stands where for one agency: its tasks, reports, indicators and score, the urgent first."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tiendo.publish.query import literal
from tiendo.report.explain_agency import CARD_SQL
from tiendo.report.explain_sources import Record, records
from tiendo.report.reminders import NAMED_APPRAISER
from tiendo.report.status import unknown_code

# A group whose members each have the task does nothing itself: of the tasks it leads the whole is shown.
TASKS_SQL = """
(
    select plan_id, row_ref, state, alert, alert_rule, percent_complete
    from task_assignee_progress
    where assignee_code = {agency}
    union all
    select plan_id, row_ref, state, alert, alert_rule, percent_complete
    from task_progress
    where (plan_id, row_ref) in (
        select (plan_id, row_ref) from task_agencies where agency_code = {agency} and role = 'lead'
        except
        select (plan_id, row_ref) from task_assignee_progress where assignee_code = {agency}
    )
)
"""
# Communes lead tasks and owe reports as agencies do, and have no score.
PLACE_SQL = """
select
    org_code as agency_code, org_name_vi as agency_name_vi, org_name_vi as agency_name_en, false as is_scored,
    'bảng điểm chỉ chấm cơ quan' as score_reason, 'the scorecard is of agencies only' as score_reason_en
from dim_org_unit
where org_code = {agency} and is_current
"""
STATES_SQL = """
select states.state, states.label_vi, states.label_en, states.colour, count(*) as tasks,
    count(*) filter (tasks.alert) as alerts
from {tasks} as tasks
inner join dim_task_state as states using (state)
group by all
order by min(states.state_order)
"""
URGENT_SQL = """
select tasks.plan_id, tasks.row_ref, parents.title_vi, parents.due_on, tasks.state, tasks.alert_rule,
    states.label_vi, states.label_en, states.colour, tasks.percent_complete
from {tasks} as tasks
inner join task_progress as parents using (plan_id, row_ref)
inner join dim_task_state as states on tasks.state = states.state
where (tasks.alert or tasks.state = 'due_soon') and parents.continued_by_plan_id is null
order by tasks.alert desc, parents.due_on nulls last, tasks.plan_id, tasks.row_ref
"""
REPORTS_SQL = """
select
    obligation_code, any_value(plan_id) as plan_id, any_value(receiver_vi) as receiver_vi,
    any_value(cadence) as cadence,
    count(*) filter (state = 'on_time') as on_time, count(*) filter (state = 'late') as late,
    count(*) filter (state = 'missing') as missing,
    min(due_on) filter (state = 'not_yet_due') as next_due_on,
    max_by(period, period_end) filter (state = 'missing') as newest_missing_period
from reporting_compliance
where reporter_code = {agency} and state <> 'no_obligation'
group by obligation_code
order by obligation_code
"""
INDICATORS_SQL = """
select statuses.status, statuses.label_vi, statuses.label_en, statuses.colour, count(*) as indicators
from agency_scorecard_items as items
inner join dim_status as statuses on items.state = statuses.status
where items.agency_code = {agency} and items.is_current and items.part = 'indicators'
    and items.counted_as <> 'not_primary'
group by all
order by min(statuses.status_order)
"""
WAITING_SQL = """
select count(*) as documents, max(days_waiting) as longest_days
from evidence_register as evidence
inner join dim_agency as agencies on {named}
where evidence.days_waiting is not null and agencies.agency_code = {agency}
"""


def read_agency_status(release: Path, manifest: Mapping[str, Any], agency: str) -> dict[str, Any]:
    """What stands where for one agency or commune.

    Args:
        release: Folder of a release.
        manifest: Its manifest.
        agency: Code of an agency or of a place.

    Returns:
        `agency` (name, score, rank), `tasks` by state, `urgent` tasks (red alerts, then due soon; one carried
        over is told under its newer plan), `reports` by obligation, `indicators` by status, `to_appraise`
        (documents that wait for its verdict).

    Raises:
        TiendoError: TD-707, exit code 2, for an agency the release does not know.
    """
    named = {
        "agency": literal(agency),
        "tasks": TASKS_SQL.format(agency=literal(agency)),
        "named": NAMED_APPRAISER,
    }
    cards = records(release, CARD_SQL, named) or records(release, PLACE_SQL, named)
    if not cards:
        raise unknown_code(agency)
    as_of = date.fromisoformat(manifest["as_of"])
    return {
        "agency": cards[0],
        "tasks": records(release, STATES_SQL, named),
        "urgent": [_with_days(row, as_of) for row in records(release, URGENT_SQL, named)],
        "reports": records(release, REPORTS_SQL, named),
        "indicators": records(release, INDICATORS_SQL, named),
        "to_appraise": records(release, WAITING_SQL, named)[0],
    }


def _with_days(row: Record, as_of: date) -> Record:
    """Days until the deadline, negative where it has passed; None without one."""
    due_on = row["due_on"]
    return row | {"days_left": (date.fromisoformat(due_on) - as_of).days if due_on else None}
