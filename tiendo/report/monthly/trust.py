"""How far the figures of a report can be trusted: the six words of quality, quarantined rows, findings."""

from tiendo.publish.query import literal
from tiendo.report.monthly.reading import Row, rows_of
from tiendo.report.monthly.scope import Scope, Subject

# The score is the share of what was checked that passed, over all senders; as rows add up, so do these.
QUALITY_SQL = """
select
    dimension, any_value(dimension_vi) as label,
    sum(rows_checked)::bigint as checked, sum(rows_failed)::bigint as failed,
    100.0 * (sum(rows_checked) - sum(rows_failed)) / nullif(sum(rows_checked), 0) as score
from quality_scores
where subject_kind = 'agency' and score_pct is not null and {whose}
    and period in (select period from dim_period where period_end = {ends_on})
group by dimension
order by list_position(['accurate', 'complete', 'valid', 'timely', 'consistent', 'shareable'], dimension)
"""
QUARANTINED_SQL = """
select count(*) as rows, count(distinct submission_id) as files
from (
    select distinct quarantined.submission_id, quarantined.sheet, quarantined.row_number
    from quarantined_rows as quarantined
    inner join submissions using (submission_id)
    left join dim_org_unit as places on submissions.org_code = places.org_code and places.is_current
    left join dim_agency as agencies on submissions.org_code = agencies.agency_code
    where {sender} and submissions.period in (select period from dim_period where period_end = {ends_on})
)
"""
FINDINGS_SQL = """
with found as (

    select 'Kế hoạch' as area, finding_label_vi as kind, severity, province_code, org_code, indicator_code,
        plan_id, row_ref, null::varchar as period, message_vi
    from plan_conflicts
    where not is_settled
    union all
    select 'Số liệu', finding_label_vi, severity, province_code, org_code, indicator_code,
        null, null, period, message_vi
    from suspicious_values
    union all
    select 'Mẫu số', finding_label_vi, severity, province_code, org_code, indicator_code,
        null, null, period, message_vi
    from denominator_watch
    union all
    select 'Báo cáo khác số tính', 'Số báo cáo khác số tính từ dữ liệu gốc', severity, province_code,
        org_code, indicator_code, null, null, period, message_vi
    from reported_vs_computed
    where is_above_threshold

)

select found.*
from found
left join dim_period using (period)
where {whose} and (found.period is null or dim_period.period_end <= {ends_on})
order by list_position(['high', 'medium', 'low'], severity), area, kind, org_code, indicator_code, period,
    plan_id, row_ref, message_vi
"""
CHECKS_SQL = """
select check_id, table_name, severity, dimension, description_vi, rows_checked, rows_failed
from quality_checks
where not is_passed
order by check_id
"""
SEVERITIES = {"high": "Cao", "medium": "Vừa", "low": "Thấp"}


def quality(scope: Scope, subject: Subject) -> list[Row]:
    """Score of each of the six words for the month's files, by what was checked and what failed."""
    return rows_of(scope.release, QUALITY_SQL.format(**_named(scope, subject)))


def quarantined(scope: Scope, subject: Subject) -> Row:
    """`rows` and `files` of which rows of the month were kept out."""
    return rows_of(scope.release, QUARANTINED_SQL.format(**_named(scope, subject)))[0]


def findings(scope: Scope, subject: Subject) -> list[Row]:
    """What is suspicious or contradicts itself, the gravest first."""
    return rows_of(scope.release, FINDINGS_SQL.format(**_named(scope, subject)))


def failed_checks(scope: Scope) -> list[Row]:
    """The checks of the release that found something."""
    return rows_of(scope.release, CHECKS_SQL)


def _named(scope: Scope, subject: Subject) -> dict[str, str]:
    """A province answers for its communes, a commune for itself."""
    place = literal(subject.org_code)
    whose, sender = f"org_code = {place}", f"submissions.org_code = {place}"
    if subject.org_level == "province":
        whose = f"province_code = {place}"
        sender = f"coalesce(places.province_code, agencies.province_code) = {place}"
    return {"whose": whose, "sender": sender, "ends_on": literal(scope.ends_on)}
