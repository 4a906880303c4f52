{#-
    Year-to-date figures of indicators that count or average over the year.

    What was reported as year to date stands. Otherwise the periods of one kind since 1 January (or since
    the place exists) are added up, with the share of them that was reported; a ratio needs its parts.
-#}
with chosen as (

    select
        chosen.*,
        indicators.over_time,
        indicators.unit_factor
    from {{ ref('int_observations_chosen') }} as chosen
    inner join {{ ref('int_indicators') }} as indicators on chosen.indicator_code = indicators.indicator_code
    where indicators.is_accumulating

),

stated as (

    select * from chosen
    where basis = 'year_to_date' or (basis = 'in_period' and period_kind = 'year')

),

in_period as (

    select
        chosen.*,
        spans.periods_expected,
        chosen.submission_id is not null
        and row_number() over (
            partition by
                chosen.org_code, chosen.valid_from, chosen.indicator_code, chosen.variant, chosen.period_kind,
                chosen.year_number, chosen.submission_id
            order by chosen.period_end
        ) = 1 as is_first_of_submission
    from chosen
    inner join {{ ref('int_periods_elapsed') }} as spans
        on chosen.org_code = spans.org_code and chosen.valid_from = spans.valid_from and chosen.period = spans.period
    where chosen.basis = 'in_period' and chosen.period_kind <> 'year'

),

running as (

    select
        *,
        sum(numerator) over so_far as numerator_so_far,
        sum(denominator) over so_far as denominator_so_far,
        sum(cast(actual as decimal(18, 6))) over so_far as actual_so_far,
        max(maturity) over so_far as least_settled,
        count(maturity) over so_far as periods_with_maturity,
        count(*) over so_far as periods_reported,
        count(numerator) over so_far as periods_with_parts,
        sum(coalesce(cast(coverage_share as decimal(18, 6)), 1)) over so_far as coverage_so_far,
        sum(case when is_first_of_submission then 1 else 0 end) over so_far as submissions_so_far
    from in_period
    window so_far as (
        partition by org_code, valid_from, indicator_code, variant, period_kind, year_number
        order by period_end
        rows between unbounded preceding and current row
    )

),

added_up as (

    select
        *,
        case
            when over_time = 'sum_in_year' then cast(actual_so_far as double)
            when periods_with_parts = periods_reported
                then unit_factor * cast(numerator_so_far as double) / nullif(cast(denominator_so_far as double), 0)
            when periods_expected = 1 then actual
        end as actual_year_to_date
    from running

),

final as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        data_cutoff,
        numerator,
        denominator,
        actual,
        provisional_actual,
        maturity,
        source_kind,
        coverage_share,
        evidence_ref,
        submission_id,
        submission_count
    from stated

    union all

    select
        added_up.org_code,
        added_up.valid_from,
        added_up.indicator_code,
        added_up.variant,
        added_up.period,
        added_up.data_cutoff,
        case
            when added_up.periods_with_parts = added_up.periods_reported
                then cast(added_up.numerator_so_far as decimal(18, 6))
        end as numerator,
        case
            when added_up.periods_with_parts = added_up.periods_reported
                then cast(added_up.denominator_so_far as decimal(18, 6))
        end as denominator,
        added_up.actual_year_to_date as actual,
        cast(null as double) as provisional_actual,
        case
            when added_up.least_settled = 'provisional' then 'provisional'
            when added_up.periods_with_maturity = added_up.periods_reported then 'final'
        end as maturity,
        added_up.source_kind,
        cast(added_up.coverage_so_far as double) / added_up.periods_expected as coverage_share,
        added_up.evidence_ref,
        case when added_up.submissions_so_far = 1 then added_up.submission_id end as submission_id,
        cast(added_up.submissions_so_far as bigint) as submission_count
    from added_up
    left join stated
        on
            added_up.org_code = stated.org_code
            and added_up.valid_from = stated.valid_from
            and added_up.indicator_code = stated.indicator_code
            and added_up.variant = stated.variant
            and added_up.period = stated.period
    where
        stated.org_code is null
        {#- A year of nil reports alone is known, though it leaves nothing to divide by. #}
        and (
            added_up.actual_year_to_date is not null
            or (added_up.denominator_so_far = 0 and added_up.periods_with_parts = added_up.periods_reported)
        )

)

select * from final
