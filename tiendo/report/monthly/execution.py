"""What the agencies of a place owe: tasks and red alerts, evidence that waits, reports that came late or not.

Tasks and evidence stand as of the release; reports are those that fell due within the month.
"""

from tiendo.publish.query import literal
from tiendo.report.monthly.reading import Row, rows_of
from tiendo.report.monthly.scope import Scope, Subject

PLANS = "select plan_id from dim_plan where org_code = {place}"
# A task carried over into a newer plan is told there, once.
TASKS_SQL = """
select
    tasks.*, states.label_vi, states.state_order, plans.plan_number,
    case when tasks.due_on < {as_of} and not tasks.is_done then {as_of}::date - tasks.due_on end
        as days_overdue,
    (
        select string_agg(coalesce(agencies.short_name, places.org_name_vi, leads.agency_code), '; '
            order by leads.agency_code)
        from task_agencies as leads
        left join dim_agency as agencies on leads.agency_code = agencies.agency_code
        left join dim_org_unit as places on leads.agency_code = places.org_code and places.is_current
        where leads.role = 'lead' and leads.plan_id = tasks.plan_id and leads.row_ref = tasks.row_ref
    ) as leads_vi
from task_progress as tasks
inner join dim_task_state as states using (state)
inner join dim_plan as plans using (plan_id)
where tasks.org_code = {place} and continued_by_plan_id is null
order by alert desc, due_on nulls last, plan_id, row_ref
"""
CARRIED_SQL = """
select count(*) as tasks from task_progress
where org_code = {place} and continued_by_plan_id is not null
"""
EVIDENCE_SQL = """
select
    evidence.*, plans.plan_number,
    coalesce(evidence.waiting_for_vi, plans.issuer_vi) as waits_for
from evidence_register as evidence
left join dim_plan as plans using (plan_id)
where days_waiting is not null and evidence.plan_id in ({plans})
order by days_waiting desc, evidence_ref, plan_id, row_ref
"""
REPORTERS_SQL = """
select
    reporter_code, any_value(reporter_name_vi) as reporter, any_value(reporter_kind) as reporter_kind,
    count(*) filter (state <> 'not_yet_due') as due,
    count(*) filter (state = 'on_time') as on_time,
    count(*) filter (state = 'late') as late,
    count(*) filter (state = 'missing') as missing,
    count(*) filter (state = 'not_yet_due') as not_yet_due
from reporting_compliance
where plan_id in ({plans}) and due_on between {begins_on} and {ends_on} and state <> 'no_obligation'
group by reporter_code
order by missing desc, late desc, reporter_code
"""
AGENCIES_SQL = """
select
    cards.agency_code, cards.agency_name_vi as agency, cards.short_name, cards.is_scored, cards.score,
    cards.rank, cards.rank_of, cards.score_reason, cards.not_scored_reason
from agency_scorecard as cards
where agency_code in (
    select agency_code from task_agencies where plan_id in ({plans})
    union
    select agency_code from target_agencies where plan_id in ({plans})
)
order by cards.rank nulls last, cards.agency_code
"""
RULES = {
    "overdue": "quá hạn",
    "behind": "tiến độ dưới một nửa thời gian đã qua",
    "evidence_insufficient": "minh chứng không đạt khi thẩm định",
}


def tasks(scope: Scope, subject: Subject) -> list[Row]:
    """Every task of the place's plans that no newer plan carries on: red alerts first, then by deadline."""
    named = {"as_of": literal(scope.as_of), "place": literal(subject.org_code)}
    return rows_of(scope.release, TASKS_SQL.format(**named))


def carried_over(scope: Scope, subject: Subject) -> int:
    """How many tasks are told under a newer plan."""
    sql = CARRIED_SQL.format(place=literal(subject.org_code))
    return int(rows_of(scope.release, sql)[0]["tasks"])


def waiting_evidence(scope: Scope, subject: Subject) -> list[Row]:
    """Documents filed and not yet appraised, the longest waiting first."""
    return rows_of(scope.release, EVIDENCE_SQL.format(plans=_plans(subject)))


def reporters(scope: Scope, subject: Subject) -> list[Row]:
    """Reports that fell due within the month, by who owed them."""
    days = {"begins_on": literal(scope.begins_on), "ends_on": literal(scope.ends_on)}
    return rows_of(scope.release, REPORTERS_SQL.format(plans=_plans(subject), **days))


def agencies(scope: Scope, subject: Subject) -> list[Row]:
    """The agencies the place's plans name, with their score as of the release."""
    return rows_of(scope.release, AGENCIES_SQL.format(plans=_plans(subject)))


def rule_words(rules: str | None) -> str:
    """The rules of a red alert in words."""
    return "; ".join(RULES.get(rule, rule) for rule in (rules or "").split(";") if rule)


def by_state(rows: list[Row]) -> list[Row]:
    """How many tasks are in each state, in the order of the closed list."""
    found: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row["state_order"]):
        entry = found.setdefault(
            row["state"],
            {
                "state": row["state"],
                "label": row["label_vi"],
                "colour": row["colour"],
                "tasks": 0,
                "alerts": 0,
            },
        )
        entry["tasks"] += 1
        entry["alerts"] += bool(row["alert"])
    return list(found.values())


def overdue_by_lead(rows: list[Row]) -> list[Row]:
    """Overdue tasks by each agency that leads them; a task of two agencies counts with both."""
    found: dict[str, Row] = {}
    for row in rows:
        if row["state"] != "overdue":
            continue
        for lead in (row["leads_vi"] or "Chưa nêu cơ quan chủ trì").split("; "):
            entry = found.setdefault(lead, {"agency": lead, "tasks": 0, "longest_days": 0})
            entry["tasks"] += 1
            entry["longest_days"] = max(entry["longest_days"], row["days_overdue"] or 0)
    return sorted(
        found.values(), key=lambda entry: (-entry["tasks"], -entry["longest_days"], entry["agency"])
    )


def _plans(subject: Subject) -> str:
    return PLANS.format(place=literal(subject.org_code))
