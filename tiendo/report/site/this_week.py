"""What to do now at each place and who is answerable: what falls due in seven days, what waits, what is late.

At most fifteen lines: what falls due stands one by one, what is late as the agencies that owe most of it. The
pages of tasks and of reporting have all of it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from tiendo.report.site.data import SiteData
from tiendo.report.site.words import day, number, sent, t

Record = dict[str, Any]

# Seven days from the day of the release, not its calendar week: on a Friday that would be over.
AHEAD = timedelta(days=6)
DUE_SQL = """
select
    plans.org_code, calendar.kind, calendar.reference, calendar.title_vi, calendar.due_on,
    count(*) as open_items, list(distinct calendar.agency_code order by calendar.agency_code) as agencies
from agency_calendar as calendar
inner join dim_plan as plans using (plan_id)
where calendar.is_open and calendar.due_on between $first and $last
group by all
order by calendar.due_on, calendar.kind desc, open_items desc, calendar.reference
"""
OWED_SQL = """
select plans.org_code, calendar.agency_code, count(*) as items, min(calendar.due_on) as oldest_on
from agency_calendar as calendar
inner join dim_plan as plans using (plan_id)
where calendar.is_open and calendar.kind = 'report' and calendar.due_on < $first
group by all
order by items desc, oldest_on, calendar.agency_code
"""
# A task led by two agencies stands in the line of each.
ALERTS_SQL = """
with led as (

    select *, unnest(string_split(coalesce(nullif(lead_agency_codes, ''), '-'), ';')) as agency_code
    from task_progress
    where alert

)

select
    org_code, agency_code, count(*) as items,
    arg_max(title_vi, (coalesce(due_on, date '1900-01-01'), plan_id, row_ref)) as newest_title_vi,
    max(due_on) as newest_on
from led
group by all
order by items desc, newest_on desc nulls last, agency_code
"""
ALERT_COUNTS_SQL = "select org_code, count(*) as items from task_progress where alert group by all"
EVIDENCE_SQL = """
select org_code, waiting_for_vi, count(*) as items, max(days_waiting) as longest
from evidence_register
where verdict = 'not_appraised'
group by all
order by items desc, waiting_for_vi
"""
NAMES_SQL = """
select agency_code as code, agency_name_vi as vi, coalesce(agency_name_en, agency_name_vi) as en
from dim_agency
union all
select org_code, org_name_vi, org_name_vi from dim_org_unit where is_current
"""


@dataclass(frozen=True)
class Line:
    """One thing to do.

    Attributes:
        what: What it is.
        who: Who is answerable.
        due_on: Its last day, or the oldest one of those counted; None where there is none.
        agency: Code of the agency whose page tells more, where it is one.
    """

    what: Markup
    who: Markup
    due_on: date | None = None
    agency: str | None = None


@dataclass(frozen=True)
class Group:
    """Things to do of one kind.

    Attributes:
        code: `due`, `evidence`, `reports` or `alerts`.
        vi: What they are.
        en: The same in English.
        page: Path below the folder of the place where all of them stand.
        total: How many there are.
        lines: The first of them.
    """

    code: str
    vi: str
    en: str
    page: str
    total: int
    lines: Sequence[Line]


class Names:
    """Names of agencies and places by code."""

    def __init__(self, rows: Iterable[Record]) -> None:
        """Takes rows of `code`, `vi`, `en`."""
        self.known = {row["code"]: t(row["vi"], row["en"]) for row in rows}

    def __call__(self, codes: Sequence[str]) -> Markup:
        """The names of the first two of them, and how many there are besides."""
        told = Markup(", ").join(self.known.get(code, _unnamed(code)) for code in codes[:2])
        if (more := len(codes) - 2) > 0:
            told += Markup(" {}").format(t(f"và {more} đơn vị khác", f"and {more} others"))
        return told


def last_day(as_of: date) -> date:
    """The last of the seven days that begin on a day."""
    return as_of + AHEAD


def read_weeks(site: SiteData) -> dict[str, list[Group]]:
    """The four groups of each place, also the empty ones."""
    first = site.facts.as_of
    names = Names(site.rows(NAMES_SQL))
    due = _by_place(site.rows(DUE_SQL, first=first, last=last_day(first)))
    owed = _by_place(site.rows(OWED_SQL, first=first))
    alerts = _by_place(site.rows(ALERTS_SQL))
    alert_counts = {row["org_code"]: row["items"] for row in site.rows(ALERT_COUNTS_SQL)}
    waiting = _by_place(site.rows(EVIDENCE_SQL))
    return {
        place: [
            _due(due[place], names),
            _evidence(waiting[place]),
            _owed(owed[place], names),
            _alerts(alerts[place], alert_counts.get(place, 0), names),
        ]
        for place in (subject.org_code for subject in site.subjects)
    }


def red_alerts(groups: Sequence[Group]) -> int:
    """How many tasks have a red alert."""
    return next(group.total for group in groups if group.code == "alerts")


def _due(rows: list[Record], names: Names) -> Group:
    lines = [
        Line(sent(row["title_vi"]), names(row["agencies"]), row["due_on"], _single(row["agencies"]))
        for row in rows[:5]
    ]
    total = len(rows)
    return Group("due", "Đến hạn trong 7 ngày", "Due within 7 days", "tasks/calendar.html", total, lines)


def _evidence(rows: list[Record]) -> Group:
    lines = [
        Line(
            t(
                Markup("{} minh chứng chờ thẩm định, lâu nhất {} ngày").format(
                    number(row["items"]), number(row["longest"])
                ),
                Markup("{} documents wait for a verdict, the longest {} days").format(
                    number(row["items"]), number(row["longest"])
                ),
            ),
            sent(row["waiting_for_vi"]),
        )
        for row in rows[:3]
    ]
    total = sum(row["items"] for row in rows)
    return Group(
        "evidence",
        "Minh chứng chờ thẩm định",
        "Evidence waiting for appraisal",
        "tasks/evidence.html",
        total,
        lines,
    )


def _owed(rows: list[Record], names: Names) -> Group:
    lines = [
        Line(
            t(
                Markup("{} báo cáo quá hạn chưa nhận, cũ nhất từ {}").format(
                    number(row["items"]), day(row["oldest_on"])
                ),
                Markup("{} reports overdue, the oldest since {}").format(
                    number(row["items"]), day(row["oldest_on"])
                ),
            ),
            names([row["agency_code"]]),
            agency=row["agency_code"],
        )
        for row in rows[:3]
    ]
    total = sum(row["items"] for row in rows)
    return Group("reports", "Báo cáo quá hạn", "Overdue reports", "reporting.html", total, lines)


def _alerts(rows: list[Record], total: int, names: Names) -> Group:
    lines = [
        Line(
            t(
                Markup("{} nhiệm vụ cảnh báo đỏ, hạn gần nhất: {}").format(
                    number(row["items"]), sent(row["newest_title_vi"])
                ),
                Markup("{} tasks with a red alert, the latest deadline: {}").format(
                    number(row["items"]), sent(row["newest_title_vi"])
                ),
            ),
            names([row["agency_code"]]),
            row["newest_on"],
            row["agency_code"],
        )
        for row in rows[:4]
    ]
    vi, en = "Nhiệm vụ cảnh báo đỏ", "Tasks with a red alert"
    return Group("alerts", vi, en, "tasks/alerts.html", total, lines)


def _single(codes: Sequence[str]) -> str | None:
    return codes[0] if len(codes) == 1 else None


def _unnamed(code: str) -> Markup:
    return t("chưa giao cơ quan nào", "no agency named") if code == "-" else sent(code)


def _by_place(rows: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row["org_code"]].append(row)
    return found
