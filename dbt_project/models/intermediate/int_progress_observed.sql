{#- Each progress row with what was observed in its period, and the day it is judged on. -#}
{{ config(materialized='view') }}
select
    universe.*,
    periods.period_kind,
    periods.kind_order,
    periods.period_start,
    periods.period_end,
    coalesce(observations.judged_on, periods.period_end) as judged_on,
    observations.data_cutoff,
    observations.basis,
    observations.numerator,
    observations.denominator,
    observations.org_code is not null as is_observed,
    observations.actual,
    observations.actual_in_period,
    observations.provisional_actual,
    observations.maturity,
    observations.source_kind,
    observations.coverage_share,
    observations.evidence_ref,
    observations.submission_id,
    observations.submission_count
from {{ ref('int_progress_universe') }} as universe
inner join {{ ref('int_periods') }} as periods on universe.period = periods.period
left join {{ ref('int_observations') }} as observations
    on
        universe.org_code = observations.org_code
        and universe.valid_from = observations.valid_from
        and universe.indicator_code = observations.indicator_code
        and universe.variant = observations.variant
        and universe.period = observations.period
