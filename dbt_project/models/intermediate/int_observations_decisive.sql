{#-
    Figures that may serve as a baseline, decide a milestone or lead a forecast: neither withheld nor a
    full-year estimate; of indicators that add up over the year the year so far; and only periods on which a
    verdict is given.
-#}
select
    observations.*,
    observations.period_kind
    = coalesce(verdict_periods.verdict_period_kind, indicators.frequency) as is_own_frequency
from {{ ref('int_observations') }} as observations
inner join {{ ref('int_indicators') }} as indicators on observations.indicator_code = indicators.indicator_code
inner join {{ ref('int_threshold_sets') }} as thresholds
    on observations.judged_on between thresholds.valid_from and thresholds.valid_to
left join {{ ref('verdict_periods') }} as verdict_periods
    on
        observations.indicator_code = verdict_periods.indicator_code
        and observations.judged_on >= cast(verdict_periods.valid_from as date)
where
    observations.actual is not null
    and coalesce(observations.basis, '') <> 'full_year_estimate'
    and (not indicators.is_accumulating or coalesce(observations.basis, 'year_to_date') = 'year_to_date')
    and coalesce(observations.coverage_share, 1) >= thresholds.coverage_share
    and observations.period_kind = coalesce(verdict_periods.verdict_period_kind, observations.period_kind)
