"""The agencies of a place: their scores ranked, what each score is made of, what each has to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tiendo.report.execution_words import ALERTS, CADENCES, NEARLY_THE_SAME, NOT_SCORED, REPORT_STATES, TRENDS
from tiendo.report.reminders import NAMED_APPRAISER
from tiendo.report.site.data import Subject
from tiendo.report.site.execution_tables import Execution, Record, counted, grouped
from tiendo.report.site.pages import Page

WORDS = {
    "ALERTS": ALERTS, "CADENCES": CADENCES, "NEARLY_THE_SAME": NEARLY_THE_SAME, "NOT_SCORED": NOT_SCORED,
    "REPORT_STATES": REPORT_STATES, "TRENDS": TRENDS,
}  # fmt: skip
NAMED_SQL = """
select distinct plans.org_code, named.agency_code
from (
    select plan_id, agency_code from task_agencies
    union all
    select plan_id, agency_code from target_agencies
) as named
inner join dim_plan as plans using (plan_id)
"""
CARDS_SQL = (
    "select * from agency_scorecard order by rank nulls last, is_scored desc, agency_name_vi, agency_code"
)
PARTS_SQL = "select * from agency_scorecard_parts where is_current order by part_order"
# Statuses are those of indicators; the states of tasks come with the tasks.
ITEMS_SQL = """
select items.*, statuses.label_vi, statuses.label_en, statuses.colour, statuses.status_order
from agency_scorecard_items as items
left join dim_status as statuses on items.part = 'indicators' and items.state = statuses.status
where items.is_current
order by items.points nulls last, items.counted_as, items.plan_id, items.item_key
"""
# As `tiendo status --agency` has them: a group whose members each have the task shows the whole.
TASKS_SQL = """
with own as (

    select assignee_code as agency_code, plan_id, row_ref, state, colour, alert, alert_rule,
        percent_complete, reported_period
    from task_assignee_progress
    where assignee_code in (select agency_code from dim_agency)

),

led as (

    select leads.agency_code, plan_id, row_ref, tasks.state, tasks.colour, tasks.alert, tasks.alert_rule,
        tasks.percent_complete, tasks.reported_period
    from task_progress as tasks
    inner join task_agencies as leads using (plan_id, row_ref)
    where leads.role = 'lead'
        and (leads.agency_code, plan_id, row_ref) not in (select (agency_code, plan_id, row_ref) from own)

)

select tasks.*, parents.org_code, parents.title_vi, parents.due_on, parents.deadline_text,
    parents.continued_by_plan_id, states.label_vi, states.label_en, states.colour as state_colour,
    states.state_order
from (select * from own union all select distinct * from led) as tasks
inner join task_progress as parents using (plan_id, row_ref)
inner join dim_task_state as states on tasks.state = states.state
order by tasks.alert desc, parents.due_on nulls last, tasks.plan_id, tasks.row_ref
"""
REPORTS_SQL = """
select
    compliance.reporter_code, plans.org_code, obligation_code, compliance.plan_id,
    any_value(receiver_vi) as receiver_vi, any_value(cadence) as cadence,
    count(*) filter (state = 'on_time') as on_time, count(*) filter (state = 'late') as late,
    count(*) filter (state = 'missing') as missing,
    min(due_on) filter (state = 'not_yet_due') as next_due_on,
    max_by(period, period_end) filter (state = 'missing') as newest_missing_period
from reporting_compliance as compliance
inner join dim_plan as plans using (plan_id)
where state <> 'no_obligation' and reporter_code in (select agency_code from dim_agency)
group by all
order by obligation_code
"""
WAITING_SQL = """
select agencies.agency_code, count(*) as documents, max(days_waiting) as longest_days
from evidence_register as evidence
inner join dim_agency as agencies on {named}
where evidence.days_waiting is not null
group by all
"""


@dataclass
class Agencies:
    """The rows of agencies, each read once: `cards` by province, the others by agency."""

    execution: Execution
    named: set[tuple[str, str]] = field(init=False)
    cards: dict[str, list[Record]] = field(init=False)
    parts: dict[str, list[Record]] = field(init=False)
    items: dict[str, list[Record]] = field(init=False)
    tasks: dict[str, list[Record]] = field(init=False)
    reports: dict[str, list[Record]] = field(init=False)
    waiting: dict[str, Record] = field(init=False)

    def __post_init__(self) -> None:
        """Reads the tables."""
        rows = self.execution.site.rows
        self.named = {(row["org_code"], row["agency_code"]) for row in rows(NAMED_SQL)}
        self.cards = grouped(rows(CARDS_SQL), "province_code")
        self.parts = grouped(rows(PARTS_SQL), "agency_code")
        self.items = grouped(rows(ITEMS_SQL), "agency_code")
        self.tasks = grouped(rows(TASKS_SQL), "agency_code")
        self.reports = grouped(rows(REPORTS_SQL), "reporter_code")
        self.waiting = {row["agency_code"]: row for row in rows(WAITING_SQL.format(named=NAMED_APPRAISER))}

    def of(self, subject: Subject) -> list[Record]:
        """The cards shown at a place: a province's own agencies, a commune's those its plan names."""
        return [
            card
            for card in self.cards.get(subject.province_code, [])
            if subject.level == "province" or (subject.org_code, card["agency_code"]) in self.named
        ]


def pages(execution: Execution) -> Iterator[Page]:
    """For each place the ranking, and a page for each of its agencies."""
    agencies = Agencies(execution)
    for subject in execution.subjects:
        cards = agencies.of(subject)
        if not cards:
            continue
        folder = f"{subject.org_code}/agencies/"
        context = WORDS | {
            "scored": [card for card in cards if card["is_scored"]],
            "others": [card for card in cards if not card["is_scored"]],
            "parts": agencies.parts,
            "tasks": agencies.tasks,
        }
        yield Page(folder + "index.html", "agencies.html.jinja", "Cơ quan", "Agencies", context, subject)
        for card in cards:
            yield Page(
                f"{folder}{card['agency_code']}.html",
                "agency.html.jinja",
                card["agency_name_vi"],
                card["agency_name_en"] or card["agency_name_vi"],
                WORDS | _card(agencies, card),
                subject,
                ((folder + "index.html", "Cơ quan", "Agencies"),),
            )


def _card(agencies: Agencies, card: Record) -> dict[str, Any]:
    code = card["agency_code"]
    items, tasks = grouped(agencies.items.get(code, []), "part"), agencies.tasks.get(code, [])
    judged = [row for row in items.get("indicators", []) if row["counted_as"] != "not_primary"]
    return {
        "card": card,
        "parts": agencies.parts.get(code, []),
        "items": items,
        "tasks": tasks,
        "states": counted(tasks, "state", "label_vi", "label_en", "state_colour", "state_order"),
        "statuses": counted(judged, "state", "label_vi", "label_en", "colour", "status_order"),
        "points_of": {(row["plan_id"], row["row_ref"]): row for row in items.get("tasks", [])},
        "reports": agencies.reports.get(code, []),
        "waiting": agencies.waiting.get(code),
    }
