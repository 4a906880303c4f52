"""What stands where: statuses by place and theme, the worst indicators, and how fresh the figures are.

Counts look at one target per place and indicator, the primary one, so that an indicator is counted once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiendo.messages import TiendoError
from tiendo.publish.query import literal, query
from tiendo.publish.results import to_records

STATUS_SQL = """
with latest as (

    select latest.*
    from indicator_latest as latest
    where
        plan_id is not null
        and not is_inherited_target
        and ({province} is null or province_code = {province})
        and ({place} is null or org_code = {place})
        and ({indicator} is null or indicator_code = {indicator})
    qualify row_number() over (
        partition by org_code, org_valid_from, indicator_code
        order by is_primary desc, period_end desc, milestone_on desc, plan_id desc, row_ref
    ) = 1

)
"""
# The order of what is furthest behind.
WORST_FIRST = ("missed", "deteriorating", "off_track", "at_risk")
COUNTS_SQL = """
select
    latest.org_code, latest.org_name_vi, latest.theme, dim_indicator.theme_vi, dim_indicator.theme_en,
    latest.status, latest.colour, count(*) as indicators
from latest
inner join dim_indicator using (indicator_code)
group by all
order by latest.org_code, latest.theme, latest.status
"""
WORST_SQL = """
select
    latest.org_name_vi, latest.indicator_name_vi, latest.period, latest.status, latest.colour,
    latest.schedule_ratio, latest.status_reason, latest.status_reason_en,
    latest.indicator_code, latest.org_code
from latest
inner join dim_status using (status)
where list_contains({worst}, latest.status)
order by
    list_position({worst}, latest.status),
    latest.schedule_ratio nulls last,
    latest.org_code,
    latest.indicator_code
limit 10
"""
FRESHNESS_SQL = """
select
    form, count(*) as files, arg_max(period, period_end) as newest_period,
    max(received_at) as last_received_at, sum(rows_quarantined) as rows_quarantined
from submissions
left join dim_period using (period)
left join dim_org_unit on submissions.org_code = dim_org_unit.org_code and dim_org_unit.is_current
left join dim_agency on submissions.org_code = dim_agency.agency_code
where ({province} is null or coalesce(dim_org_unit.province_code, dim_agency.province_code) = {province})
group by form
order by form
"""
PROVINCES_SQL = "select 1 from dim_org_unit where org_level = 'province' and org_code = {code} limit 1"
PLACES_SQL = "select 1 from dim_org_unit where org_code = {code} limit 1"
INDICATORS_SQL = "select 1 from dim_indicator where indicator_code = {code}"
WAITING_SQL = """
select count(*) as target_rows
from (select distinct plan_id, row_ref from plan_targets)
where plan_id in (select plan_id from indicator_progress)
    and (plan_id, row_ref) not in (
        select (plan_id, row_ref) from indicator_progress where plan_id is not null
    )
"""


@dataclass(frozen=True)
class Status:
    """What stands where.

    Attributes:
        counts: One record per place, theme and status with the number of indicators.
        worst: Up to ten indicators furthest behind, with their reasons.
        freshness: One record per form with files, newest period and last receipt.
        labels: Label of each status in the language asked for, in the order of the closed list.
        not_yet_due: Target rows whose first period has not ended.
    """

    counts: list[dict[str, Any]]
    worst: list[dict[str, Any]]
    freshness: list[dict[str, Any]]
    labels: Mapping[str, str]
    not_yet_due: int


def read_status(
    release: Path,
    language: str,
    province: str | None = None,
    place: str | None = None,
    indicator: str | None = None,
) -> Status:
    """Reads the status of a release, for everything or for one province, place or indicator.

    Raises:
        TiendoError: TD-707, exit code 2, for a code that the release does not know.
    """
    for code, known in ((province, PROVINCES_SQL), (place, PLACES_SQL), (indicator, INDICATORS_SQL)):
        if code is not None and not query(release, known.format(code=literal(code))).height:
            raise unknown_code(code)
    filters = _filters(province, place, indicator)
    common = STATUS_SQL.format(**filters)
    label = "label_vi" if language == "vi" else "label_en"
    labels = query(release, f"select status, {label} as label from dim_status order by status_order")  # noqa: S608
    return Status(
        counts=read_counts(release, province, place, indicator),
        worst=to_records(query(release, common + WORST_SQL.format(worst=list(WORST_FIRST)))),
        freshness=to_records(query(release, FRESHNESS_SQL.format(**filters))),
        labels=dict(labels.iter_rows()),
        not_yet_due=int(query(release, WAITING_SQL).item()),
    )


def read_counts(
    release: Path, province: str | None = None, place: str | None = None, indicator: str | None = None
) -> list[dict[str, Any]]:
    """Only the counts of `Status`: one record per place, theme and status."""
    common = STATUS_SQL.format(**_filters(province, place, indicator))
    return to_records(query(release, common + COUNTS_SQL))


def _filters(province: str | None, place: str | None, indicator: str | None) -> dict[str, str]:
    return {"province": literal(province), "place": literal(place), "indicator": literal(indicator)}


def unknown_code(code: str) -> TiendoError:
    """TD-707 for a code of a place, agency or indicator that a release does not know."""
    return TiendoError(
        "TD-707",
        f"Không có mã “{code}” trong bản phát hành.",
        f"The release knows no code “{code}”.",
        'Tra mã bằng: tiendo sql "select * from dim_org_unit", hoặc dim_agency, dim_indicator.',
        'Look codes up with: tiendo sql "select * from dim_org_unit", or dim_agency, dim_indicator.',
        exit_code=2,
    )
