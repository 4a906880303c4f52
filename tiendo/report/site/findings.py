"""Findings: figures and plan rows that may be right as they stand and are worth a look. None is an error."""

from collections.abc import Iterator
from typing import Any

from tiendo.report.site.data import SiteData
from tiendo.report.site.pages import Page
from tiendo.report.site.quality import ABOVE

MOST_OF_EACH = 500
# Gravest first.
SEVERITIES = {
    "high": ("red", "Cao", "High"),
    "warning": ("yellow", "Vượt mức cho phép", "Above what is allowed"),
    "medium": ("yellow", "Vừa", "Medium"),
    "low": ("grey", "Thấp", "Low"),
    "info": ("grey", "Trong mức cho phép", "Within what is allowed"),
}
# Table → title, what it looks for.
TABLES = {
    "plan_conflicts": (
        ("Mâu thuẫn trong kế hoạch", "Conflicts in plans"),
        (
            "Mục tiêu không thể cùng đúng; nhiệm vụ sai hạn hoặc cơ quan chủ trì. Nơi ban hành đính chính.",
            "Targets that cannot all be right; tasks whose deadline or lead is wrong. The issuer corrects.",
        ),
    ),
    "reported_vs_computed": (
        ("Số báo cáo so với số tính được", "Reported against computed"),
        (
            "Số đơn vị tự báo cáo lệch số tính từ biểu chi tiết. Số tính được là số dùng để kết luận.",
            "What the agency reported differs from what the detailed forms give. The latter is judged.",
        ),
    ),
    "denominator_watch": (
        ("Tỷ lệ tăng do mẫu số giảm", "Ratios that rose because the denominator shrank"),
        (
            "Tỷ lệ tăng mà công việc không tăng tương ứng.",
            "The ratio rose although no more was done.",
        ),
    ),
    "suspicious_values": (
        ("Số liệu cần xem lại", "Suspicious values"),
        (
            "Biến động mạnh, giá trị lặp lại nhiều kỳ, trùng khít mục tiêu, minh chứng dùng nhiều lần.",
            "Jumps, values that repeat or equal the target to the digit, evidence used more than once.",
        ),
    ),
}
# Of every table the same columns; what a table does not have is empty.
FINDINGS_SQL = """
with found as (

    select
        'plan_conflicts' as table_name, finding_label_vi as label_vi, finding_label_en as label_en, severity,
        province_code, org_code, indicator_code, null as period, null as submission_id, message_vi,
        message_en, is_settled
    from plan_conflicts
    union all by name
    select
        'denominator_watch' as table_name, finding_label_vi as label_vi, finding_label_en as label_en,
        severity, province_code, org_code, indicator_code, period, submission_id, message_vi, message_en
    from denominator_watch
    union all by name
    select
        'suspicious_values' as table_name, finding_label_vi as label_vi, finding_label_en as label_en,
        severity, province_code, org_code, indicator_code, period, submission_id, message_vi, message_en
    from suspicious_values
    union all by name
    select
        'reported_vs_computed' as table_name,
        case when is_above_threshold then 'Lệch quá mức cho phép' else 'Khớp trong mức cho phép' end
            as label_vi,
        case when is_above_threshold then 'Differs by more than allowed' else 'Agrees' end as label_en,
        severity, province_code, org_code, indicator_code, period, submission_id, message_vi, message_en
    from reported_vs_computed

),

places as (select org_code, arg_max(org_name_vi, valid_from) as org_name_vi from dim_org_unit group by all)

select found.*, places.org_name_vi, names.indicator_name_vi, names.indicator_name_en
from found
left join places using (org_code)
left join dim_indicator as names using (indicator_code)
order by table_name, province_code, org_code, label_vi, period desc nulls last, message_vi
"""

Row = dict[str, Any]


def pages(site: SiteData) -> Iterator[Page]:
    """`quality/findings.html`."""
    rows = site.rows(FINDINGS_SQL)
    order = list(SEVERITIES)
    rows.sort(key=lambda row: order.index(row["severity"]) if row["severity"] in order else len(order))
    context = {
        "tables": TABLES,
        "kinds": {table: kinds([row for row in rows if row["table_name"] == table]) for table in TABLES},
        "found": {table: [row for row in rows if row["table_name"] == table] for table in TABLES},
        "most": MOST_OF_EACH,
        "severities": SEVERITIES,
        "places": {subject.org_code for subject in site.subjects},
    }
    yield Page("quality/findings.html", "findings.html.jinja", "Phát hiện", "Findings", context, trail=ABOVE)


def kinds(rows: list[Row]) -> list[Row]:
    """The kinds of finding of one table with their number, gravest and most frequent first."""
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        kind = found.setdefault((row["label_vi"], row["severity"]), {**row, "findings": 0})
        kind["findings"] += 1
    order = list(SEVERITIES)
    return sorted(
        found.values(),
        key=lambda kind: (
            order.index(kind["severity"]) if kind["severity"] in order else len(order),
            -kind["findings"],
            kind["label_vi"],
        ),
    )
