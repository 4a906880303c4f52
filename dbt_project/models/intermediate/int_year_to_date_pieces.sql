{#-
    What the year to date of each period without a stated one is added up from: the last year to date stated
    before it, and the figures of single periods since then, or since 1 January where none was stated. Of periods
    within one another the longest counts, so that a quarter and its months are not added.
-#}
{{ config(materialized='view') }}
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

wanted as (

    select *
    from chosen
    qualify max(case when is_stated then 1 else 0 end) over (
        partition by org_code, valid_from, indicator_code, variant, period
    ) = 0

),

within_year as (

    select
        wanted.org_code,
        wanted.valid_from,
        wanted.indicator_code,
        wanted.variant,
        wanted.period,
        wanted.months_elapsed,
        pieces.period as piece_period,
        pieces.basis as piece_basis,
        pieces.period_start as piece_start,
        pieces.period_end as piece_end,
        pieces.kind_order,
        pieces.is_stated,
        case
            when pieces.is_stated then pieces.months_elapsed
            else month(pieces.period_end) - month(pieces.period_start) + 1
        end as piece_months,
        pieces.numerator,
        pieces.denominator,
        pieces.actual,
        pieces.maturity,
        pieces.coverage_share,
        pieces.submission_id,
        max(case when pieces.is_stated then pieces.period_end end) over (
            partition by wanted.org_code, wanted.valid_from, wanted.indicator_code, wanted.variant, wanted.period
        ) as stated_until
    from wanted
    inner join chosen as pieces
        on
            wanted.org_code = pieces.org_code
            and wanted.valid_from = pieces.valid_from
            and wanted.indicator_code = pieces.indicator_code
            and wanted.variant = pieces.variant
            and wanted.year_number = pieces.year_number
            and wanted.period_end >= pieces.period_end
    where
        not pieces.is_stated
        or pieces.period_end = wanted.period_end
        {#- A ratio goes on from its parts, a count from its value. #}
        or (
            pieces.period_end < wanted.period_start
            and case
                when pieces.over_time = 'sum_in_year' then pieces.actual is not null
                else pieces.numerator is not null and pieces.denominator is not null
            end
        )

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
        case when is_stated then 'year_to_date' else piece_basis end as piece_basis,
        piece_months,
        numerator,
        denominator,
        actual,
        maturity,
        coverage_share,
        submission_id
    from within_year
    where case when is_stated then piece_end = stated_until else coalesce(piece_start > stated_until, true) end
    qualify coalesce(
        max(piece_end) over (
            partition by org_code, valid_from, indicator_code, variant, period, is_stated
            order by piece_start, kind_order desc, piece_basis desc
            rows between unbounded preceding and 1 preceding
        ) < piece_end,
        true
    )

)

select * from final
