"""What the pages of indicators are made from, read with one statement per kind for all of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tiendo.report.site.data import SiteData

Record = dict[str, Any]
Key = tuple[str, str]

# Which row of a place its page speaks of first: the primary target, else one still judged, else any figure.
ORDERED_SQL = """
create or replace temp table ordered_latest as
select
    latest.*, dim_period.period_start, status.label_vi, status.label_en, places.valid_to as org_valid_to,
    row_number() over (
        partition by latest.org_code, latest.indicator_code
        order by
            is_primary desc, plan_id is null, latest.status in ('not_scored', 'no_target'),
            latest.period_end desc, is_inherited_target, milestone_on desc, plan_id, row_ref
    ) as turn
from indicator_latest as latest
inner join dim_period using (period)
inner join dim_status as status using (status)
inner join dim_org_unit as places
    on latest.org_code = places.org_code and latest.org_valid_from = places.valid_from and places.is_current
"""
TARGETS_SQL = """
select * from ordered_latest
where list_contains($places, org_code)
order by org_code, indicator_code, turn
"""
# What a commune had the period before, where the two may be compared.
COMMUNES_SQL = """
with figures as (

    select distinct
        org_code, org_valid_from, indicator_code, variant, period, period_kind, period_end, basis, actual
    from indicator_progress
    where org_level = 'commune' and actual is not null

),

before as (

    select
        org_code, indicator_code, variant, period, basis,
        lag(actual) over earlier as actual_before, lag(period) over earlier as period_before
    from figures
    window earlier as (
        partition by
            org_code, org_valid_from, indicator_code, variant, period_kind, basis,
            case when basis = 'year_to_date' then year(period_end) end
        order by period_end
    )

)

select
    latest.province_code, latest.org_code, latest.org_name_vi, latest.indicator_code, latest.variant,
    latest.period, latest.period_end::varchar as period_end, latest.period_start::varchar as period_start,
    latest.basis, latest.numerator::double as numerator, latest.denominator::double as denominator,
    latest.actual, latest.source_kind, latest.status, latest.colour, latest.label_vi, latest.label_en,
    latest.coverage_share, latest.maturity, latest.is_verified, latest.unit, latest.is_inherited_target,
    before.actual_before, before.period_before
from ordered_latest as latest
left join before
    on
        latest.org_code = before.org_code and latest.indicator_code = before.indicator_code
        and latest.variant = before.variant and latest.period = before.period
        and latest.basis is not distinct from before.basis
where latest.org_level = 'commune' and latest.turn = 1
order by latest.province_code, latest.indicator_code, latest.org_code
"""
HISTORY_SQL = """
select
    progress.org_code, progress.indicator_code, progress.period, progress.period_end, progress.judged_on,
    progress.actual, progress.provisional_actual, progress.maturity, progress.basis, progress.numerator,
    progress.denominator, progress.pace, progress.baseline, progress.expected_now, progress.target,
    progress.status, progress.colour, progress.coverage_share, progress.is_verified, status.label_vi,
    status.label_en
from indicator_progress as progress
inner join ordered_latest as shown
    on
        progress.org_code = shown.org_code and progress.org_valid_from = shown.org_valid_from
        and progress.indicator_code = shown.indicator_code and progress.period_kind = shown.period_kind
        and progress.plan_id is not distinct from shown.plan_id
        and progress.row_ref is not distinct from shown.row_ref
inner join dim_status as status on progress.status = status.status
where shown.turn = 1 and list_contains($places, progress.org_code)
order by progress.org_code, progress.indicator_code, progress.period_end
"""
PLAN_ROWS_SQL = """
select targets.*, plans.plan_number, plans.issuer_vi, plans.issued_on, plans.valid_from, plans.is_date_assumed
from plan_targets as targets
inner join dim_plan as plans using (plan_id)
order by milestone_on, plan_id, row_ref
"""
AGENCIES_SQL = """
select
    plan_id, row_ref, agency_code, coalesce(agency_name_vi, name_raw) as name_vi, agency_name_en as name_en
from target_agencies
left join dim_agency using (agency_code)
where is_answerable and reading <> 'not_named'
order by plan_id, row_ref, name_order
"""
CONFLICTS_SQL = """
select * from plan_conflicts
where indicator_code is not null
order by
    severity = 'low', severity = 'medium', finding_kind, plan_id, row_ref, milestone_on,
    other_plan_id, other_row_ref, other_milestone_on
"""
VARIANTS_SQL = """
select variants.*
from measure_variants as variants
inner join ordered_latest as latest
    on
        variants.org_code = latest.org_code and variants.org_valid_from = latest.org_valid_from
        and variants.indicator_code = latest.indicator_code and variants.period = latest.period
        and variants.basis is not distinct from latest.basis
where latest.turn = 1 and list_contains($places, variants.org_code)
order by variants.org_code, variants.indicator_code, variants.is_default desc, variants.variant
"""
UNITS_SQL = """
select
    province_code, org_code, org_name_vi as name_vi, trim(replace(org_name_vi, unit_type, '')) as short_vi,
    latitude, longitude
from dim_org_unit
where is_current and org_level = 'commune' and list_contains($provinces, province_code)
order by org_code
"""


@dataclass(frozen=True)
class Facts:
    """Rows by place and indicator, by plan and row, and the small tables whole."""

    indicators: dict[str, Record]
    targets: dict[Key, list[Record]]
    communes: dict[Key, list[Record]]
    history: dict[Key, list[Record]]
    plan_rows: dict[Key, list[Record]]
    agencies: dict[Key, list[Record]]
    conflicts: dict[Key, list[Record]]
    variants: dict[Key, list[Record]]
    measures: dict[Key, Record]
    thresholds: list[Record]
    units: dict[str, list[Record]]


def read_facts(site: SiteData) -> Facts:
    """Reads them for all places that have pages."""
    site.connection.execute(ORDERED_SQL)
    places = [subject.org_code for subject in site.subjects]
    provinces = sorted({subject.province_code for subject in site.subjects})
    conflicts: dict[Key, list[Record]] = defaultdict(list)
    for row in site.rows(CONFLICTS_SQL):
        for code in {row["indicator_code"], row["other_indicator_code"]} - {None}:
            conflicts[row["org_code"], code].append(row)
    units: dict[str, list[Record]] = defaultdict(list)
    for row in site.rows(UNITS_SQL, provinces=provinces):
        units[row["province_code"]].append(row)
    return Facts(
        indicators={row["indicator_code"]: row for row in site.rows("from dim_indicator")},
        targets=_by(site.rows(TARGETS_SQL, places=places), "org_code", "indicator_code"),
        communes=_by(site.rows(COMMUNES_SQL), "province_code", "indicator_code"),
        history=_by(site.rows(HISTORY_SQL, places=places), "org_code", "indicator_code"),
        plan_rows=_by(site.rows(PLAN_ROWS_SQL), "plan_id", "row_ref"),
        agencies=_by(site.rows(AGENCIES_SQL), "plan_id", "row_ref"),
        conflicts=conflicts,
        variants=_by(site.rows(VARIANTS_SQL, places=places), "org_code", "indicator_code"),
        measures={
            (row["indicator_code"], row["variant"]): row for row in site.rows("from indicator_measures")
        },
        thresholds=site.rows("from thresholds"),
        units=units,
    )


def _by(rows: Iterable[Record], first: str, second: str) -> dict[Key, list[Record]]:
    found: dict[Key, list[Record]] = defaultdict(list)
    for row in rows:
        found[row[first], row[second]].append(row)
    return found
