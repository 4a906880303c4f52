{#-
    Every F05 measure per province: quarters as published, and years by their own figure or four quarters.
    Among vintages of one figure the final one speaks, then the latest received; beside a final one stands the
    last provisional one.
-#}
{% set measures = measures_of('F05') %}
with vintages as (

    select
        figures.*,
        periods.period_end,
        periods.period_kind,
        periods.year_number,
        places.valid_from,
        row_number() over (
            partition by figures.province_code, figures.period, figures.basis
            order by
                case when figures.maturity = 'final' then 0 else 1 end asc,
                submissions.received_at desc,
                figures.submission_id desc,
                figures.row_number asc
        ) as vintage_rank,
        row_number() over (
            partition by figures.province_code, figures.period, figures.basis, figures.maturity
            order by submissions.received_at desc, figures.submission_id desc, figures.row_number asc
        ) as rank_in_maturity
    from {{ ref('int_digital_economy_versioned') }} as figures
    inner join {{ ref('stg_submissions') }} as submissions on figures.submission_id = submissions.submission_id
    inner join {{ ref('int_ended_periods') }} as periods on figures.period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            figures.province_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to
    where figures.is_in_force

),

measured as (

    {% for measure in measures %}
    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        province_code as org_code,
        valid_from,
        period,
        period_kind,
        year_number,
        basis,
        maturity,
        vintage_rank = 1 as is_speaking,
        maturity = 'provisional' and rank_in_maturity = 1 as is_last_provisional,
        {{ part_of(measure.numerator_rule, measure.numerator_sum) }} as numerator,
        {{ part_of(measure.denominator_rule, measure.denominator_sum) }} as denominator,
        origin_submission_id as submission_id
    from vintages
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

answered as (

    select * from measured
    where numerator is not null and denominator is not null

),

published as (

    select
        speaking.org_code,
        speaking.valid_from,
        speaking.indicator_code,
        speaking.variant,
        speaking.period,
        speaking.basis,
        speaking.numerator,
        speaking.denominator,
        provisional.numerator as provisional_numerator,
        provisional.denominator as provisional_denominator,
        speaking.maturity,
        speaking.submission_id,
        1 as submission_count
    from answered as speaking
    left join answered as provisional
        on
            speaking.org_code = provisional.org_code
            and speaking.indicator_code = provisional.indicator_code
            and speaking.variant = provisional.variant
            and speaking.period = provisional.period
            and speaking.basis = provisional.basis
            and speaking.maturity = 'final'
            and provisional.is_last_provisional
    where speaking.is_speaking

),

four_quarters as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        cast(year_number as {{ dbt.type_string() }}) as period,
        'in_period' as basis,
        {{ kept_number('sum(numerator)') }} as numerator,
        {{ kept_number('sum(denominator)') }} as denominator,
        cast(null as decimal(18, 6)) as provisional_numerator,
        cast(null as decimal(18, 6)) as provisional_denominator,
        case when min(maturity) = 'final' and max(maturity) = 'final' then 'final' else 'provisional' end as maturity,
        case when count(distinct submission_id) = 1 then max(submission_id) end as submission_id,
        count(distinct submission_id) as submission_count
    from answered
    where is_speaking and period_kind = 'quarter' and basis = 'in_period'
    group by org_code, valid_from, indicator_code, variant, year_number
    having count(*) = 4

),

unioned as (

    select * from published
    union all
    select four_quarters.*
    from four_quarters
    left join published
        on
            four_quarters.org_code = published.org_code
            and four_quarters.indicator_code = published.indicator_code
            and four_quarters.variant = published.variant
            and four_quarters.period = published.period
            and published.basis <> 'full_year_estimate'
    where published.org_code is null

),

final as (

    select
        *,
        cast(1 as double) as coverage_share
    from unioned

)

select * from final
