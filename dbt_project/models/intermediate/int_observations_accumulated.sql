{#-
    Year-to-date figures of indicators that count or average over the year: what was stated as such stands, else
    its pieces are added up, with the share of the months so far that they speak for. A ratio needs its parts,
    save where one figure speaks for the whole span.
-#}
{{ config(materialized='view') }}
with chosen as (

    select chosen.*
    from {{ ref('int_observations_chosen') }} as chosen
    inner join {{ ref('int_indicators') }} as indicators on chosen.indicator_code = indicators.indicator_code
    where indicators.is_accumulating

),

stated as (

    {#- Of a year stated both ways the year to date is taken. #}
    select * from chosen
    where basis = 'year_to_date' or (basis = 'in_period' and period_kind = 'year')
    qualify row_number() over (
        partition by org_code, valid_from, indicator_code, variant, period
        order by basis desc
    ) = 1

),

pieces as (

    select
        pieces.*,
        indicators.over_time,
        indicators.unit_factor
    from {{ ref('int_year_to_date_pieces') }} as pieces
    inner join {{ ref('int_indicators') }} as indicators on pieces.indicator_code = indicators.indicator_code

),

sums as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        over_time,
        unit_factor,
        case when count(numerator) = count(*) then {{ kept_number('sum(numerator)') }} end as numerator,
        case when count(numerator) = count(*) then {{ kept_number('sum(denominator)') }} end as denominator,
        cast(sum(cast(actual as decimal(18, 6))) as double) as summed_actual,
        case when count(*) = 1 and sum(piece_months) = months_elapsed then max(actual) end as only_actual,
        case
            when max(maturity) = 'provisional' then 'provisional'
            when count(maturity) = count(*) then 'final'
        end as maturity,
        cast(sum(piece_months * cast(coalesce(coverage_share, 1) as decimal(18, 6))) as double) / months_elapsed
            as coverage_share,
        case when count(distinct submission_id) = 1 then max(submission_id) end as submission_id,
        count(distinct submission_id) as submission_count
    from pieces
    group by org_code, valid_from, indicator_code, variant, period, months_elapsed, over_time, unit_factor

),

added_up as (

    select
        *,
        case
            when over_time = 'sum_in_year' then summed_actual
            when numerator is not null
                then unit_factor * cast(numerator as double) / nullif(cast(denominator as double), 0)
            else only_actual
        end as actual
    from sums

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
        own.data_cutoff,
        added_up.numerator,
        added_up.denominator,
        added_up.actual,
        cast(null as double) as provisional_actual,
        added_up.maturity,
        own.source_kind,
        added_up.coverage_share,
        own.evidence_ref,
        added_up.submission_id,
        added_up.submission_count
    from added_up
    inner join chosen as own
        on
            added_up.org_code = own.org_code
            and added_up.valid_from = own.valid_from
            and added_up.indicator_code = own.indicator_code
            and added_up.variant = own.variant
            and added_up.period = own.period
            and own.basis = 'in_period'
    {#- A year of nil reports alone is known, though it leaves nothing to divide by. #}
    where added_up.actual is not null or added_up.denominator = 0

)

select * from final
