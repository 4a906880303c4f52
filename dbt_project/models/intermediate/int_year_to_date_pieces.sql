{#-
    What the year to date of each period without a stated one is added up from: the last year to date stated
    before it, and the figures of single periods since then, or since 1 January where none was stated. Of periods
    within one another the longest counts, so that a quarter and its months are not added.
-#}
with chosen as (

    select
        chosen.*,
        indicators.over_time,
        {#- A place is answerable for the months since it exists. #}
        month(chosen.period_end)
        - case when year(chosen.valid_from) = chosen.year_number then month(chosen.valid_from) - 1 else 0 end
            as months_elapsed,
        chosen.basis = 'year_to_date' or chosen.period_kind = 'year' as is_stated
    from {{ ref('int_observations_chosen') }} as chosen
    inner join {{ ref('int_indicators') }} as indicators on chosen.indicator_code = indicators.indicator_code
    where indicators.is_accumulating and chosen.basis in ('in_period', 'year_to_date')

),

stated as (

    select * from chosen
    where is_stated

),

single as (

    select * from chosen
    where not is_stated

),

wanted as (

    select
        single.org_code,
        single.valid_from,
        single.indicator_code,
        single.variant,
        single.period,
        single.period_start,
        single.period_end,
        single.year_number,
        single.months_elapsed
    from single
    left join stated
        on
            single.org_code = stated.org_code
            and single.valid_from = stated.valid_from
            and single.indicator_code = stated.indicator_code
            and single.variant = stated.variant
            and single.period = stated.period
    where stated.org_code is null

),

carried as (

    select
        wanted.*,
        stated.period as piece_period,
        stated.period_end as piece_end,
        stated.months_elapsed as piece_months,
        stated.numerator,
        stated.denominator,
        stated.actual,
        stated.maturity,
        stated.coverage_share,
        stated.submission_id
    from wanted
    inner join stated
        on
            wanted.org_code = stated.org_code
            and wanted.valid_from = stated.valid_from
            and wanted.indicator_code = stated.indicator_code
            and wanted.variant = stated.variant
            and wanted.year_number = stated.year_number
            and (
                stated.period_end = wanted.period_end
                {#- A ratio goes on from its parts, a count from its value. #}
                or (
                    stated.period_end < wanted.period_start
                    and case
                        when stated.over_time = 'sum_in_year' then stated.actual is not null
                        else stated.numerator is not null and stated.denominator is not null
                    end
                )
            )
    qualify row_number() over (
        partition by wanted.org_code, wanted.valid_from, wanted.indicator_code, wanted.variant, wanted.period
        order by stated.period_end desc, stated.kind_order desc
    ) = 1

),

since as (

    select
        wanted.*,
        single.period as piece_period,
        month(single.period_end) - month(single.period_start) + 1 as piece_months,
        single.period_end as piece_end,
        single.numerator,
        single.denominator,
        single.actual,
        single.maturity,
        single.coverage_share,
        single.submission_id,
        max(single.period_end) over (
            partition by wanted.org_code, wanted.valid_from, wanted.indicator_code, wanted.variant, wanted.period
            order by single.period_start, single.kind_order desc
            rows between unbounded preceding and 1 preceding
        ) as counted_until
    from wanted
    left join carried
        on
            wanted.org_code = carried.org_code
            and wanted.valid_from = carried.valid_from
            and wanted.indicator_code = carried.indicator_code
            and wanted.variant = carried.variant
            and wanted.period = carried.period
    inner join single
        on
            wanted.org_code = single.org_code
            and wanted.valid_from = single.valid_from
            and wanted.indicator_code = single.indicator_code
            and wanted.variant = single.variant
            and wanted.year_number = single.year_number
            and wanted.period_end >= single.period_end
            and (carried.piece_end is null or single.period_start > carried.piece_end)

),

final as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        months_elapsed,
        piece_period,
        'year_to_date' as piece_basis,
        piece_months,
        numerator,
        denominator,
        actual,
        maturity,
        coverage_share,
        submission_id
    from carried

    union all

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        months_elapsed,
        piece_period,
        'in_period' as piece_basis,
        piece_months,
        numerator,
        denominator,
        actual,
        maturity,
        coverage_share,
        submission_id
    from since
    where counted_until is null or counted_until < piece_end

)

select * from final
