"""The rows of the report's tables as templates name them: numbers for Excel, the same in words for Word."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tiendo.report.monthly.execution import rule_words
from tiendo.report.monthly.indicators import CHANGES
from tiendo.report.monthly.reading import Row
from tiendo.report.monthly.texts import NOTHING, amount, day, gap_text, marks, number, period, status
from tiendo.report.monthly.trust import SEVERITIES
from tiendo.report.reminders import plan_number

NOT_NAMED = "Kế hoạch chưa nêu"


def indicator_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """The indicators of a place, as `compared` gives them."""
    for at, row in enumerate(rows, 1):
        unit: str = row["unit"]
        before: Row = row["previous"] or {}
        yield {
            "number": at,
            **_figure(row),
            "target_text": row["target_text"] or NOTHING,
            "target": row["target"],
            "milestone": row["milestone_on"],
            "milestone_text": f"mốc {day(row['milestone_on'])}" if row["milestone_on"] else "",
            "expected": row["expected_now"],
            "expected_text": amount(row["expected_now"], unit),
            "gap": row["gap"],
            "gap_text": gap_text(row["gap"], unit),
            "attainment": row["attainment_pct"],
            "forecast": row["forecast"],
            "reason": row["status_reason"],
            "agencies": row["agencies_vi"] or NOT_NAMED,
            "plan": plan_number(row["plan_number"]),
            "row_ref": row["row_ref"],
            "change": CHANGES[row["change"]],
            "before_status": status(before["colour"], before["label_vi"]) if before else NOTHING,
            "before_actual": before.get("actual"),
            "before_text": amount(before.get("actual"), unit),
            "before_period": period(before.get("period")),
            "explain": f"{explain(row)} --plan {row['plan_id']}",
        }


def commune_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """The figures of communes; their targets are those of the province."""
    for row in rows:
        yield {
            "commune_code": row["org_code"],
            "commune": row["org_name_vi"],
            **_figure(row),
            "target": row["target"],
            "milestone": row["milestone_on"],
            "gap": row["gap"],
            "explain": explain(row),
        }


def task_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Tasks as of the release."""
    for at, row in enumerate(rows, 1):
        total = row["assignees_total"]
        yield {
            "number": at,
            "plan": plan_number(row["plan_number"]),
            "row_ref": row["row_ref"],
            "title": row["title_vi"],
            "leads": row["leads_vi"] or NOT_NAMED,
            "deadline": row["deadline_text"],
            "due_on": row["due_on"],
            "due_text": day(row["due_on"]),
            "days_overdue": row["days_overdue"] if row["state"] == "overdue" else None,
            "state": status(row["colour"], row["label_vi"]),
            "percent": row["percent_complete"],
            "percent_text": NOTHING
            if row["percent_complete"] is None
            else f"{number(row['percent_complete'])}%",
            "reported_period": period(row["reported_period"]),
            "done_of": f"{row['assignees_done']}/{total}" if total and total > 1 else "",
            "alert": "Cảnh báo đỏ" if row["alert"] else "",
            "rule": rule_words(row["alert_rule"]),
            "evidence": row["evidence_count"],
            "difficulty": row["difficulty"] or "",
            "reason": row["state_reason"],
            "explain": f"tiendo explain task {row['plan_id']} {row['row_ref']}",
        }


def evidence_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Documents that wait for a verdict."""
    for at, row in enumerate(rows, 1):
        yield {
            "number": at,
            "document": " ".join(part for part in (row["document_number"], row["evidence_ref"]) if part),
            "plan": plan_number(row["plan_number"]),
            "row_ref": row["row_ref"] or "",
            "proves": row["proves_title_vi"] or "",
            "filed_on": row["filed_on"],
            "days": row["days_waiting"],
            "waits_for": row["waits_for"] or NOT_NAMED,
        }


def finding_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """What is suspicious or contradicts itself."""
    for at, row in enumerate(rows, 1):
        yield {
            "number": at,
            "area": row["area"],
            "kind": row["kind"],
            "severity": SEVERITIES.get(row["severity"], row["severity"]),
            "org_code": row["org_code"],
            "indicator": row["indicator_code"] or "",
            "row_ref": " ".join(part for part in (row["plan_id"], row["row_ref"]) if part),
            "period": period(row["period"]) if row["period"] else "",
            "message": row["message_vi"],
        }


def explain(row: Mapping[str, Any]) -> str:
    """The command that takes a figure apart."""
    return f"tiendo explain {row['indicator_code']} --place {row['org_code']} --period {row['period']}"


def _figure(row: Row) -> Row:
    return {
        "theme": row["theme_vi"],
        "code": row["indicator_code"],
        "name": row["indicator_name_vi"],
        "actual": row["actual"],
        "actual_text": amount(row["actual"], row["unit"]),
        "period": period(row["period"]),
        "unit": UNITS.get(row["unit"], row["unit"]),
        "status": status(row["colour"], row["label_vi"]),
        "colour": row["colour"],
        "marks": marks(row),
    }


UNITS = {
    "percent": "%",
    "percent_grdp": "% GRDP",
    "percent_budget": "% chi ngân sách",
    "per_10k_people": "người/1 vạn dân",
    "project": "dự án",
    "count": "số lượng",
    "index_0_1": "điểm (0-1)",
    "score": "điểm",
    "hour": "giờ",
    "rank": "thứ hạng",
    "boolean": "có/chưa",
    "text": "bằng lời",
}
