"""What is late and what comes next at a place: red alerts, the calendar by week, evidence that waits."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from tiendo.report.execution_words import ALERTS
from tiendo.report.site.data import Subject
from tiendo.report.site.execution_tables import Execution, Record, grouped
from tiendo.report.site.pages import Page
from tiendo.report.site.tasks import WORDS, trail

# So many names stand in a line of the calendar; of more only how many.
SHOWN_NAMES = 3
# One line for each task and each report of a period, however many have to do it.
CALENDAR_SQL = """
select
    plans.org_code, calendar.week_start_on, calendar.week, calendar.due_on, calendar.kind, calendar.plan_id,
    calendar.row_ref, calendar.obligation_code, calendar.reference, calendar.title_vi,
    count(*) as units, count(*) filter (calendar.is_open) as units_open,
    list_slice(list(calendar.agency_code order by calendar.is_open desc, calendar.agency_code), 1, $shown)
        as first_codes
from agency_calendar as calendar
inner join dim_plan as plans using (plan_id)
group by all
order by
    plans.org_code, calendar.week_start_on, calendar.due_on, calendar.kind desc, calendar.reference,
    calendar.plan_id, calendar.row_ref, calendar.obligation_code, calendar.title_vi
"""


def pages(execution: Execution) -> Iterator[Page]:
    """Three pages for each place: alerts, calendar, evidence."""
    as_of = execution.site.facts.as_of
    calendar = grouped(execution.site.rows(CALENDAR_SQL, shown=SHOWN_NAMES), "org_code")
    evidence = grouped((row for rows in execution.evidence.values() for row in rows), "org_code")
    for subject in execution.subjects:
        common = WORDS | {"execution": execution}
        alerts = [
            task | {"days_late": (as_of - task["due_on"]).days if task["due_on"] else None}
            for task in execution.tasks[subject.org_code]
            if task["alert"]
        ]
        alerts.sort(key=lambda task: -(task["days_late"] or 0))
        rules = {rule: sum(rule in str(task["alert_rule"]).split(";") for task in alerts) for rule in ALERTS}
        yield _page(
            subject, "alerts", "Cảnh báo đỏ", "Red alerts",
            common | {"alerts": alerts, "leads": _late_by_lead(execution, alerts), "rules": rules},
        )  # fmt: skip
        weeks = _weeks(calendar.get(subject.org_code, []), as_of)
        yield _page(
            subject, "calendar", "Lịch theo tuần", "Calendar by week",
            common | weeks,
        )  # fmt: skip
        documents = evidence.get(subject.org_code, [])
        yield _page(
            subject, "evidence", "Minh chứng chờ thẩm định", "Evidence waiting for appraisal",
            common | _evidence(documents),
        )  # fmt: skip


def _page(subject: Subject, name: str, vi: str, en: str, context: dict[str, Any]) -> Page:
    path = f"{subject.org_code}/tasks/{name}.html"
    return Page(path, f"{name}.html.jinja", vi, en, context, subject, trail(subject))


def _late_by_lead(execution: Execution, alerts: list[Record]) -> list[Record]:
    """Alerts and the longest delay of each agency; a task that two lead counts for each."""
    found: dict[str, list[Record]] = {}
    for task in alerts:
        for code in execution.leads(task):
            found.setdefault(code, []).append(task)
    rows = [
        {"code": code, "items": len(of), "longest": max((task["days_late"] or 0) for task in of)}
        for code, of in found.items()
    ]
    return sorted(rows, key=lambda row: (-row["items"], -row["longest"], row["code"]))


def _weeks(lines: list[Record], as_of: date) -> dict[str, Any]:
    """`past` with what is still open, `now`, and `ahead`: weeks, each with its first day and lines."""
    today = as_of - timedelta(days=as_of.weekday())
    weeks: list[Record] = [
        {"start": start, "end": start + timedelta(days=6), "lines": list(of)}
        for start, of in groupby(lines, key=lambda line: line["week_start_on"])
    ]
    empty: Record = {"start": today, "end": today + timedelta(days=6), "lines": []}
    past = [
        week | {"lines": [line for line in week["lines"] if line["units_open"]]}
        for week in weeks
        if week["start"] < today
    ]
    return {
        "past": [week for week in reversed(past) if week["lines"]],
        "now": next((week for week in weeks if week["start"] == today), empty),
        "ahead": [week for week in weeks if week["start"] > today],
    }


def _evidence(documents: list[Record]) -> dict[str, Any]:
    """Documents that wait, longest first, also by who must appraise; those found invalid; all by verdict."""
    waiting = [row for row in documents if row["days_waiting"] is not None]
    waiting.sort(key=lambda row: (-row["days_waiting"], row["evidence_ref"], row["plan_id"], row["row_ref"]))
    return {
        "waiting": waiting,
        "appraisers": grouped(waiting, "waiting_for_vi"),
        "invalid": [row for row in documents if row["verdict"] == "invalid"],
        "by_verdict": grouped(documents, "verdict"),
    }
