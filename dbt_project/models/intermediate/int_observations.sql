{#-
    What is known of each place, indicator, definition and period: one row, ready to be judged.

    Accumulating indicators speak year to date; a full-year estimate only where nothing better is known.
    Where an indicator is watched by the quarter and reported by the month, the quarter takes the last
    month reported in it, and is judged on that month's last day.
-#}
with chosen as (

    select
        chosen.*,
        indicators.is_accumulating,
        indicators.over_time,
        indicators.frequency,
        indicators.frequency_order
    from {{ ref('int_observations_chosen') }} as chosen
    inner join {{ ref('int_indicators') }} as indicators on chosen.indicator_code = indicators.indicator_code

),

candidates as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        1 as preference,
        'year_to_date' as basis,
        data_cutoff,
        numerator,
        denominator,
        actual,
        actual_in_period,
        maturity,
        source_kind,
        coverage_share,
        evidence_ref,
        submission_id,
        submission_count
    from {{ ref('int_observations_accumulated') }}

    union all

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        case when basis = 'full_year_estimate' or is_estimate then 3 else 2 end as preference,
        case when is_estimate then 'full_year_estimate' else basis end as basis,
        data_cutoff,
        numerator,
        denominator,
        actual,
        case when basis = 'in_period' then actual end as actual_in_period,
        maturity,
        source_kind,
        coverage_share,
        evidence_ref,
        submission_id,
        submission_count
    from chosen

),

in_period_parts as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        actual
    from chosen
    where basis = 'in_period'

),

best as (

    select
        candidates.*,
        periods.period_kind,
        periods.kind_order,
        periods.period_start,
        periods.period_end
    from candidates
    inner join {{ ref('int_periods') }} as periods on candidates.period = periods.period
    qualify row_number() over (
        partition by
            candidates.org_code, candidates.valid_from, candidates.indicator_code, candidates.variant,
            candidates.period
        order by candidates.preference, candidates.basis
    ) = 1

),

rolled as (

    select
        best.*,
        coarser.period as coarser_period,
        coarser.period_kind as coarser_kind,
        coarser.kind_order as coarser_order,
        coarser.period_start as coarser_start,
        coarser.period_end as coarser_end
    from best
    inner join {{ ref('int_indicators') }} as indicators on best.indicator_code = indicators.indicator_code
    inner join {{ ref('int_periods') }} as coarser
        on
            indicators.frequency = coarser.period_kind
            and best.kind_order < coarser.kind_order
            and best.period_end between coarser.period_start and coarser.period_end
            and coarser.period_end <= {{ as_of() }}
    where
        indicators.over_time <> 'none'
        and best.preference < 3
        and (not indicators.is_accumulating or best.basis = 'year_to_date')
    qualify row_number() over (
        partition by best.org_code, best.valid_from, best.indicator_code, best.variant, coarser.period
        order by best.period_end desc, best.kind_order desc
    ) = 1

),

unioned as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        period_kind,
        kind_order,
        period_start,
        period_end,
        basis,
        coalesce(data_cutoff, period_end) as judged_on,
        data_cutoff,
        numerator,
        denominator,
        actual,
        actual_in_period,
        maturity,
        source_kind,
        coverage_share,
        evidence_ref,
        submission_id,
        submission_count
    from best

    union all

    select
        rolled.org_code,
        rolled.valid_from,
        rolled.indicator_code,
        rolled.variant,
        rolled.coarser_period as period,
        rolled.coarser_kind as period_kind,
        rolled.coarser_order as kind_order,
        rolled.coarser_start as period_start,
        rolled.coarser_end as period_end,
        rolled.basis,
        least(coalesce(rolled.data_cutoff, rolled.period_end), rolled.coarser_end) as judged_on,
        case
            when coalesce(rolled.data_cutoff, rolled.period_end) < rolled.coarser_end
                then coalesce(rolled.data_cutoff, rolled.period_end)
        end as data_cutoff,
        rolled.numerator,
        rolled.denominator,
        rolled.actual,
        cast(null as double) as actual_in_period,
        rolled.maturity,
        rolled.source_kind,
        rolled.coverage_share,
        rolled.evidence_ref,
        rolled.submission_id,
        rolled.submission_count
    from rolled
    left join best
        on
            rolled.org_code = best.org_code
            and rolled.valid_from = best.valid_from
            and rolled.indicator_code = best.indicator_code
            and rolled.variant = best.variant
            and rolled.coarser_period = best.period
    where best.org_code is null

),

final as (

    select
        unioned.org_code,
        unioned.valid_from,
        unioned.indicator_code,
        unioned.variant,
        unioned.period,
        unioned.period_kind,
        unioned.kind_order,
        unioned.period_start,
        unioned.period_end,
        unioned.basis,
        unioned.judged_on,
        unioned.data_cutoff,
        unioned.numerator,
        unioned.denominator,
        unioned.actual,
        coalesce(unioned.actual_in_period, in_period_parts.actual) as actual_in_period,
        unioned.maturity,
        unioned.source_kind,
        unioned.coverage_share,
        unioned.evidence_ref,
        unioned.submission_id,
        unioned.submission_count
    from unioned
    left join in_period_parts
        on
            unioned.org_code = in_period_parts.org_code
            and unioned.valid_from = in_period_parts.valid_from
            and unioned.indicator_code = in_period_parts.indicator_code
            and unioned.variant = in_period_parts.variant
            and unioned.period = in_period_parts.period

)

select * from final
