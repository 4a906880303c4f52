"""What each agency still owes, read from a release: tasks, reports, evidence, in words an official acts on.

A reminder only repeats what the release says, so that nobody is urged to do what the tables call done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tiendo.publish.query import literal, query
from tiendo.report.status import unknown_code

# In the order in which an official would act on them.
HEADINGS = {
    "overdue": "Nhiệm vụ đã quá hạn",
    "to_complete": "Nhiệm vụ chờ hoàn thiện (minh chứng không hợp lệ)",
    "due_soon": "Nhiệm vụ sắp đến hạn",
    "missing_report": "Báo cáo còn thiếu",
    "report_due": "Báo cáo sắp đến hạn",
    "appraisal": "Minh chứng chờ cơ quan mình thẩm định",
    "pending_evidence": "Minh chứng đã nộp, đang chờ cơ quan khác thẩm định",
}
# How F07 names an appraiser: its full name, its short one or another the plans use, in any case.
NAMED_APPRAISER = """
    evidence.province_code = agencies.province_code
    and list_contains(
        list_transform(
            [agencies.agency_name_vi, agencies.short_name]
                || string_split(coalesce(agencies.aliases, ''), ';'),
            lambda name: lower(trim(name))
        ),
        lower(trim(evidence.waiting_for_vi))
    )
"""
# Nothing is asked of the agency itself; said so that it need not call.
FOR_INFORMATION = ("pending_evidence",)
REPORT_DUE_DAYS = 7

TASKS_SQL = """
select
    tasks.assignee_code as agency_code, tasks.assignee_name_vi as agency_name_vi, tasks.state as kind,
    tasks.plan_id, tasks.row_ref, parents.title_vi, parents.due_on,
    case
        when tasks.state in ('to_complete', 'pending_evidence')
            then concat_ws(', ', 'minh chứng: ' || tasks.evidence_refs, tasks.difficulty)
        when tasks.reported_state = 'done'
            then concat_ws('', 'đã báo cáo hoàn thành (kỳ ', tasks.reported_period, '), ',
                case when tasks.evidence_refs is null then 'chưa nộp minh chứng'
                    else 'minh chứng chưa được chấp nhận: ' || tasks.evidence_refs end)
        when tasks.percent_complete is not null
            then concat_ws('', 'đã báo cáo ',
                replace(rtrim(rtrim(tasks.percent_complete::varchar, '0'), '.'), '.', ','),
                '% (kỳ ', tasks.reported_period, ')')
        when tasks.reported_period is null then 'chưa có báo cáo'
    end as note
from task_assignee_progress as tasks
inner join task_progress as parents using (plan_id, row_ref)
where tasks.state in ('overdue', 'to_complete', 'due_soon', 'pending_evidence')
    and parents.continued_by_plan_id is null
    -- A group whose members nobody knows has no address.
    and tasks.assignee_kind <> 'group'
"""
REPORTS_SQL = """
select
    reporter_code as agency_code, any_value(reporter_name_vi) as agency_name_vi,
    case state when 'missing' then 'missing_report' else 'report_due' end as kind,
    plan_id, null as row_ref, concat_ws('', 'Báo cáo gửi ', receiver_vi) as title_vi, max(due_on) as due_on,
    case
        when count(*) = 1 then concat_ws('', 'kỳ ', min(period))
        else concat_ws('', count(*)::varchar, ' kỳ, từ ', min_by(period, period_end),
            ' đến ', max_by(period, period_end))
    end as note
from reporting_compliance
where state = 'missing'
    or (state = 'not_yet_due' and due_on <= {as_of}::date + {days})
group by reporter_code, state, plan_id, obligation_code, receiver_vi
"""
# Where the registry does not know the appraiser, the document waits for the plan's issuer.
APPRAISALS_SQL = """
select
    coalesce(agencies.agency_code, evidence.org_code) as agency_code,
    coalesce(agencies.agency_name_vi, plans.issuer_vi) as agency_name_vi,
    'appraisal' as kind, evidence.plan_id, evidence.row_ref,
    concat_ws(' ', evidence.document_number, evidence.evidence_ref) as title_vi, null as due_on,
    concat_ws('', 'nộp ngày ', strftime(evidence.filed_on, '%d/%m/%Y'), ', đã chờ ',
        evidence.days_waiting::varchar, ' ngày',
        case when agencies.agency_code is null and evidence.waiting_for_vi <> plans.issuer_vi
            then ', sổ ghi nơi thẩm định: ' || evidence.waiting_for_vi end) as note
from evidence_register as evidence
left join dim_plan as plans using (plan_id)
left join dim_agency as agencies on {named}
where evidence.days_waiting is not null
"""
ALL_SQL = """
with owed as ({parts})
select owed.*, plans.plan_number,
    max_by(plans.issuer_vi, concat_ws(' ', plans.valid_from, plans.plan_id)) over (
        partition by owed.agency_code
    ) as issuer_vi
from owed
left join dim_plan as plans using (plan_id)
where {agency} is null or owed.agency_code = {agency}
order by owed.agency_code, owed.due_on, owed.plan_id, owed.row_ref, owed.title_vi, owed.note
"""
KNOWN_SQL = """
select agency_code from dim_agency where agency_code = {code}
union all
select org_code from dim_org_unit where org_code = {code}
"""


@dataclass(frozen=True)
class Item:
    """One thing owed.

    Attributes:
        plan: Number of the plan, as officials cite it.
        row_ref: Row of the task in the plan's annex; empty for reports.
        title: The task, the report or the document.
        due_on: Day it is due; None where there is none.
        note: What is known of it, in Vietnamese.
    """

    plan: str
    row_ref: str
    title: str
    due_on: date | None
    note: str


@dataclass
class Reminder:
    """What one agency or unit owes on one day.

    Attributes:
        agency_code: Code of the agency, or of the commune.
        agency_name: Its name in Vietnamese.
        issuer: Who issued the newest plan concerned, in whose name a letter goes out.
        as_of: The day the release speaks of.
        is_synthetic: Whether the figures are made up.
        items: By kind, a key of `HEADINGS`, in its order.
    """

    agency_code: str
    agency_name: str
    issuer: str
    as_of: date
    is_synthetic: bool
    items: dict[str, list[Item]] = field(default_factory=dict[str, list[Item]])

    @property
    def is_urgent(self) -> bool:
        """Whether the agency itself has something to do."""
        return any(kind not in FOR_INFORMATION for kind in self.items)

    @property
    def counts(self) -> dict[str, int]:
        """Number of items by kind."""
        return {kind: len(items) for kind, items in self.items.items()}


def read_reminders(
    release: Path, manifest: Mapping[str, Any], agency: str | None = None
) -> Sequence[Reminder]:
    """What every agency owes, or one of them.

    Args:
        release: Folder of a release.
        manifest: Its manifest: `as_of`, `is_synthetic`.
        agency: Code of an agency or unit; None for all.

    Returns:
        One reminder for each agency that owes or waits for something, by code.

    Raises:
        TiendoError: TD-707, exit code 2, for a code that the release does not know.
    """
    if agency is not None and not query(release, KNOWN_SQL.format(code=literal(agency))).height:
        raise unknown_code(agency)
    as_of = date.fromisoformat(manifest["as_of"])
    reports = REPORTS_SQL.format(as_of=literal(as_of), days=REPORT_DUE_DAYS)
    appraisals = APPRAISALS_SQL.format(named=NAMED_APPRAISER)
    parts = "\nunion all\n".join(f"({part})" for part in (TASKS_SQL, reports, appraisals))
    found: dict[str, Reminder] = {}
    for row in query(release, ALL_SQL.format(parts=parts, agency=literal(agency))).iter_rows(named=True):
        reminder = found.setdefault(
            row["agency_code"],
            Reminder(
                row["agency_code"],
                row["agency_name_vi"],
                row["issuer_vi"] or "",
                as_of,
                bool(manifest["is_synthetic"]),
            ),
        )
        item = Item(
            plan_number(row["plan_number"]),
            row["row_ref"] or "",
            row["title_vi"],
            row["due_on"],
            row["note"] or "",
        )
        reminder.items.setdefault(row["kind"], []).append(item)
    for reminder in found.values():
        reminder.items = {kind: reminder.items[kind] for kind in HEADINGS if kind in reminder.items}
    return list(found.values())


def message_of(reminder: Reminder) -> tuple[str, str]:
    """Subject and body of the message to one agency, plain Vietnamese text."""
    day = _day(reminder.as_of)
    marked = "[SỐ LIỆU MÔ PHỎNG] " if reminder.is_synthetic else ""
    subject = f"{marked}{reminder.agency_name}: việc cần làm theo kế hoạch Nghị quyết 57, đến ngày {day}"
    lines = [f"Kính gửi {reminder.agency_name},", "", f"Theo số liệu đến ngày {day}:"]
    for kind, items in reminder.items.items():
        lines += ["", f"{HEADINGS[kind].upper()} ({len(items)})"]
        lines += [f"{number}. {said(item, reminder.as_of)}" for number, item in enumerate(items, 1)]
    lines += ["", "Đã làm xong mà vẫn có tên ở đây: nộp Biểu 06 và minh chứng, hoặc báo đầu mối theo dõi."]
    return subject, "\n".join(lines) + "\n"


def said(item: Item, as_of: date) -> str:
    """One item in one line."""
    where = ", ".join(part for part in (item.plan and f"Kế hoạch {item.plan}", item.row_ref) if part)
    due = f"hạn {_day(item.due_on)}{lateness(item.due_on, as_of)}" if item.due_on else ""
    tail = "; ".join(part for part in (due, item.note) if part)
    return " | ".join(part for part in (where, item.title, tail) if part)


def lateness(due_on: date, as_of: date) -> str:
    """How far a day lies behind or ahead, in brackets."""
    days = (as_of - due_on).days
    if days > 0:
        return f" (quá {days} ngày)"
    return " (hôm nay)" if days == 0 else f" (còn {-days} ngày)"


def plan_number(number: str | None) -> str:
    """The number of a plan; one left blank in the document ('-KH/BCĐ') is shown as findings show it."""
    return f"…{number}" if number and number.startswith(("/", "-")) else number or ""


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
