"""What the pages of tasks, agencies and reporting are made from, read once for all places.

The long tables (who has to do what, who has to report when) are added up by the statements; the pages list
what deviates and say how to get the rest.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from tiendo.report.rule_words import THRESHOLDS
from tiendo.report.site.data import SiteData, Subject
from tiendo.report.site.words import sent, t

Record = dict[str, Any]
Task = tuple[str, str]

# Of a task, at most so many assignees stand one by one: all of a few, of a group those who reported.
SHOWN_ASSIGNEES = 12
TASKS_SQL = """
select
    progress.*,
    tasks.kpi_vi, tasks.head_responsible_raw, tasks.lead_raw, tasks.assigned_by_raw, tasks.note,
    tasks.deliverable_vi, tasks.line_number,
    plans.plan_number, plans.issuer_vi, plans.issued_on, plans.is_date_assumed as is_plan_date_assumed,
    states.label_vi, states.label_en, states.state_order, states.colour as state_colour
from task_progress as progress
inner join plan_tasks as tasks using (plan_id, row_ref)
inner join dim_plan as plans using (plan_id)
inner join dim_task_state as states using (state)
order by plans.valid_from desc, plan_id, tasks.line_number
"""
ASSIGNEES_SQL = """
select
    assignees.plan_id, assignees.row_ref, assignees.assignee_code, assignees.assignee_name_vi,
    assignees.via_group_code, assignees.reported_state, assignees.reported_period, assignees.percent_complete,
    assignees.evidence_refs, assignees.colour, assignees.difficulty, assignees.submission_id, assignees.sheet,
    assignees.row_number, states.label_vi, states.label_en
from task_assignee_progress as assignees
inner join task_progress as tasks using (plan_id, row_ref)
inner join dim_task_state as states on assignees.state = states.state
where tasks.assignees_total <= $shown or assignees.reported_state is not null
qualify row_number() over (
    partition by plan_id, row_ref
    order by assignees.is_done, states.state_order, assignees.assignee_code
) <= $shown
order by plan_id, row_ref, assignees.is_done, states.state_order, assignees.assignee_code
"""
MEMBERS_SQL = """
select
    plan_id, row_ref, states.label_vi, states.label_en, assignees.colour,
    assignees.reported_state is not null as is_reported, count(*) as units,
    string_agg(
        coalesce(agencies.short_name, assignees.assignee_name_vi), ', ' order by assignees.assignee_name_vi
    ) as names
from task_assignee_progress as assignees
inner join task_progress as tasks using (plan_id, row_ref)
inner join dim_task_state as states on assignees.state = states.state
left join dim_agency as agencies on assignees.assignee_code = agencies.agency_code
where tasks.assignees_total > $shown
group by all
order by plan_id, row_ref, is_reported, min(states.state_order)
"""
EVIDENCE_SQL = "select * from evidence_register order by filed_on, evidence_ref, plan_id, row_ref"
VERDICTS_SQL = "select * from evidence_verdicts order by evidence_ref, verdict_on, verdict_level"
NAMES_SQL = """
select agency_code as code, agency_name_vi as vi, coalesce(agency_name_en, agency_name_vi) as en,
    coalesce(short_name, agency_name_vi) as short
from dim_agency
union all
select org_code, org_name_vi, org_name_vi, org_name_vi
from dim_org_unit
where is_current and province_code in (select province_code from dim_plan)
"""
THRESHOLDS_SQL = """
select threshold_code, value, unit
from thresholds
where $as_of between valid_from and coalesce(valid_to, date '9999-12-31')
    and (threshold_code like 'behind_%' or threshold_code = 'due_soon_days')
order by threshold_code
"""


@dataclass
class Execution:
    """Tasks and what belongs to them, of all places.

    Attributes:
        site: The release.
        tasks: Tasks by the place whose plan they stand in, in the order of the plan.
        assignees: By task, those that stand one by one.
        members: By task of many, how many stand how, with their names.
        evidence: Documents filed, by task.
        verdicts: All verdicts ever given, by task and document.
        names: Names by code of agencies and places: `vi`, `en`, `short`.
        thresholds: The numbers of the alert rules in words.
    """

    site: SiteData
    tasks: dict[str, list[Record]] = field(init=False)
    assignees: dict[Task, list[Record]] = field(init=False)
    members: dict[Task, list[Record]] = field(init=False)
    evidence: dict[Task, list[Record]] = field(init=False)
    verdicts: dict[tuple[str, str, str], list[Record]] = field(init=False)
    names: dict[str, Record] = field(init=False)
    thresholds: list[Markup] = field(init=False)

    def __post_init__(self) -> None:
        """Reads the tables."""
        rows, as_of = self.site.rows, self.site.facts.as_of
        self.tasks = grouped(rows(TASKS_SQL), "org_code")
        self.assignees = grouped(rows(ASSIGNEES_SQL, shown=SHOWN_ASSIGNEES), "plan_id", "row_ref")
        self.members = grouped(rows(MEMBERS_SQL, shown=SHOWN_ASSIGNEES), "plan_id", "row_ref")
        self.evidence = grouped(rows(EVIDENCE_SQL), "plan_id", "row_ref")
        self.verdicts = grouped(rows(VERDICTS_SQL), "plan_id", "row_ref", "evidence_ref")
        self.names = {row["code"]: row for row in rows(NAMES_SQL)}
        self.thresholds = [_threshold(row) for row in rows(THRESHOLDS_SQL, as_of=as_of)]

    @property
    def subjects(self) -> list[Subject]:
        """The places whose plans have tasks."""
        return [subject for subject in self.site.subjects if subject.org_code in self.tasks]

    def leads(self, task: Record) -> list[str]:
        """Codes of those who lead a task; without a lead the place whose plan it is."""
        return [code for code in (task["lead_agency_codes"] or "").split(";") if code] or [task["org_code"]]

    def name(self, code: str) -> Markup:
        """The name of an agency or a place."""
        known = self.names.get(code)
        return sent(code) if known is None else t(known["vi"], known["en"])


def grouped(rows: Iterable[Record], *columns: str) -> dict[Any, list[Record]]:
    """Rows by the value of one column, or by the tuple of several."""
    found: dict[Any, list[Record]] = defaultdict(list)
    for row in rows:
        key = tuple(row[name] for name in columns)
        found[key if len(columns) > 1 else key[0]].append(row)
    return dict(found)


def counted(rows: Iterable[Record], column: str, *others: str) -> list[Record]:
    """One row for each value of a column, as the first of its rows has it, with `items`.

    Args:
        rows: Rows to count.
        column: Column whose values are told apart.
        others: Columns that go with it, such as its label and colour; the last one orders.
    """
    found: dict[Any, Record] = {}
    for row in rows:
        known = found.setdefault(row[column], {name: row[name] for name in (column, *others)} | {"items": 0})
        known["items"] += 1
    return sorted(found.values(), key=lambda row: row[others[-1]])


def _threshold(row: Record) -> Markup:
    vi, en = THRESHOLDS[row["threshold_code"]]
    value = f"{100 * row['value']:g}%" if row["unit"] == "ratio" else f"{row['value']:g}"
    return t(vi.format(value), en.format(value))
