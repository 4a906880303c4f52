"""How good the data is: scores in the six words, failed checks with what to do, rows that were set aside."""

from collections.abc import Iterator
from typing import Any

from tiendo.quality.docs import MEANINGS
from tiendo.report.site.data import SiteData
from tiendo.report.site.pages import Page
from tiendo.report.site.submissions import form_titles

DIMENSIONS = tuple(MEANINGS)
MONTHS_SHOWN = 12
MOST_ROWS = 1000
ABOVE = (("quality/index.html", "Chất lượng dữ liệu", "Data quality"),)
# Sums are divided once: the score of a province is that of all rows its senders gave.
PROVINCES_SQL = """
select
    province_code, period, dimension,
    sum(rows_checked)::bigint as rows_checked, sum(rows_failed)::bigint as rows_failed,
    100 * (1 - sum(rows_failed) / sum(rows_checked)) as score_pct
from quality_scores
where
    subject_kind = 'agency' and score_pct is not null
    and regexp_matches(period, '^[0-9]{4}-(0[1-9]|1[0-2])$')
group by all
order by province_code, period desc
"""
SENDERS_SQL = """
select
    province_code, subject_code, org_code, org_name_vi, dimension, counted, rows_checked, rows_failed,
    score_pct, not_scored_reason, reason_vi, reason_en
from quality_scores
where subject_kind = 'agency' and period = $period
order by province_code, length(subject_code), subject_code
"""
FORMS_SQL = """
select
    form, dimension, sum(rows_checked)::bigint as rows_checked, sum(rows_failed)::bigint as rows_failed,
    100 * (1 - sum(rows_failed) / sum(rows_checked)) as score_pct
from quality_scores
where subject_kind = 'submission' and score_pct is not null
group by all
order by form
"""
NOT_SCORED_SQL = """
select not_scored_reason, any_value(reason_vi) as reason_vi, any_value(reason_en) as reason_en,
    count(*) as scores
from quality_scores where not_scored_reason is not null
group by all order by scores desc, not_scored_reason
"""
CHECKS_SQL = """
select
    dimension, layer, count(*) as checks, count(*) filter (where is_passed) as passed,
    count(*) filter (where not is_passed) as failed
from quality_checks group by all
"""
FAILED_SQL = """
select *
from quality_checks
where not is_passed
order by severity, rows_failed desc nulls last, check_id
"""
# What is made from a form, so that a reader knows which of the numbers seen elsewhere it is about.
MADE_FROM_SQL = """
select parts.form, names.indicator_code, names.indicator_name_vi, names.indicator_name_en
from (select distinct form, indicator_code from indicator_parts) as parts
inner join dim_indicator as names using (indicator_code)
order by all
"""
QUARANTINED_SQL = """
select
    rows_set_aside.*, files.form, files.org_code, files.period, files.received_at, files.file_name,
    places.org_name_vi,
    row_number() over (partition by submission_id order by sheet, row_number, column_name, rule_code) = 1
        as is_first,
    count(*) over () as errors,
    (select count(distinct (submission_id, sheet, row_number)) from quarantined_rows) as rows_all
from quarantined_rows as rows_set_aside
inner join submissions as files using (submission_id)
left join (
    select org_code, arg_max(org_name_vi, valid_from) as org_name_vi from dim_org_unit group by all
) as places using (org_code)
order by files.received_at desc, submission_id, sheet, row_number, column_name, rule_code
limit $most
"""
# Published tables by how their names begin: where their rows are seen.
SEEN = (
    ("indicator_", "các trang chỉ tiêu", "the pages of indicators"),
    ("measure_variants", "các trang chỉ tiêu", "the pages of indicators"),
    ("dossier_", "các trang chỉ tiêu", "the pages of indicators"),
    ("service_index", "các trang chỉ tiêu", "the pages of indicators"),
    ("task_", "các trang nhiệm vụ", "the pages of tasks"),
    ("plan_tasks", "các trang nhiệm vụ", "the pages of tasks"),
    ("evidence_", "các trang nhiệm vụ", "the pages of tasks"),
    ("agency_", "các trang cơ quan", "the pages of agencies"),
    ("target_agencies", "các trang cơ quan", "the pages of agencies"),
    ("reporting_", "trang chế độ báo cáo", "the page of reporting"),
    ("submissions", "trang tệp đã nhận", "the page of submissions"),
)
FINDINGS = ("plan_conflicts", "denominator_watch", "suspicious_values", "reported_vs_computed")


def pages(site: SiteData) -> Iterator[Page]:
    """`quality/index.html` and `quality/quarantine.html`."""
    yield Page(
        "quality/index.html", "quality.html.jinja", "Chất lượng dữ liệu", "Data quality", overview(site)
    )
    set_aside = site.rows(QUARANTINED_SQL, most=MOST_ROWS)
    context = {
        "rows": set_aside,
        "errors": set_aside[0]["errors"] if set_aside else 0,
        "rows_all": set_aside[0]["rows_all"] if set_aside else 0,
        "titles": form_titles(),
    }
    path, template = "quality/quarantine.html", "quarantine.html.jinja"
    yield Page(path, template, "Dòng bị cách ly", "Rows set aside", context, trail=ABOVE)


def overview(site: SiteData) -> dict[str, Any]:
    """What `quality/index.html` shows."""
    by_month = site.rows(PROVINCES_SQL)
    newest = max((row["period"] for row in by_month), default=None)
    made_from: dict[str, list[dict[str, Any]]] = {}
    for row in site.rows(MADE_FROM_SQL):
        made_from.setdefault(row["form"], []).append(row)
    titles = form_titles()
    checks = {(row["dimension"], row["layer"]): row for row in site.rows(CHECKS_SQL)}
    return {
        "dimensions": {name: MEANINGS[name] for name in DIMENSIONS},
        "newest": newest,
        "provinces": _by_month(by_month),
        "names": {subject.org_code: subject.name_vi for subject in site.subjects},
        "senders": _by_subject(site.rows(SENDERS_SQL, period=newest)) if newest else [],
        "forms": _grouped(site.rows(FORMS_SQL), "form"),
        "titles": titles,
        "not_scored": site.rows(NOT_SCORED_SQL),
        "checks": checks,
        "checks_total": {
            name: sum(row[name] for row in checks.values()) for name in ("checks", "passed", "failed")
        },
        "failed": [{**row, **about(row, titles, made_from)} for row in site.rows(FAILED_SQL)],
    }


def about(
    check: dict[str, Any], titles: dict[str, tuple[str, str]], made_from: dict[str, list[dict[str, Any]]]
) -> dict[str, Any]:
    """What a failed check looks at: its name in words, where that is seen, what to do."""
    table = check["table_name"]
    if check["layer"] == "raw":
        return {
            "subject": titles.get(table, (table, table)),
            "indicators": made_from.get(table, []),
            "seen": None,
            "is_finding": False,
        }
    seen = next(((vi, en) for start, vi, en in SEEN if table.startswith(start)), None)
    return {"subject": (table, table), "indicators": [], "seen": seen, "is_finding": table in FINDINGS}


def _by_month(rows: list[dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Province → month, newest first → dimension → score."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        months = found.setdefault(row["province_code"], {})
        if row["period"] in months or len(months) < MONTHS_SHOWN:
            months.setdefault(row["period"], {})[row["dimension"]] = row
    return found


def _by_subject(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Senders with a score of each dimension; those that sent something or were judged first."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        sender = found.setdefault(row["subject_code"], {**row, "scores": {}})
        sender["scores"][row["dimension"]] = row
    return sorted(found.values(), key=lambda sender: (sender["province_code"] or "", _lowest(sender)))


def _lowest(sender: dict[str, Any]) -> float:
    return min(
        (row["score_pct"] for row in sender["scores"].values() if row["score_pct"] is not None), default=101.0
    )


def _grouped(rows: list[dict[str, Any]], column: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row[column], {})[row["dimension"]] = row
    return found
