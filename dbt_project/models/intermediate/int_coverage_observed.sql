{#-
    Every F04 measure per place and period: a commune's own figure; a province's the sum of its communes,
    with the share of them behind it, by population where every commune's is known, else by number.
    A province's own row speaks only where none of its communes did.
-#}
with parts as (

    select * from {{ ref('int_coverage_unit_parts') }}

),

places as (

    select * from {{ ref('int_places') }}

),

answered as (

    select * from parts
    where numerator is not null and denominator is not null

),

expected as (

    select
        period,
        province_code,
        sum(weight) as weight
    from {{ ref('int_commune_populations') }}
    group by period, province_code

),

communes as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        numerator,
        denominator,
        cast(1 as double) as coverage_share,
        submission_id,
        1 as submission_count
    from answered
    where org_level = 'commune'

),

summed as (

    select
        answered.province_code,
        answered.indicator_code,
        answered.variant,
        answered.period,
        answered.period_end,
        sum(answered.numerator) as numerator,
        sum(answered.denominator) as denominator,
        sum(populations.weight) as weight_answered,
        max(answered.submission_id) as submission_id,
        count(distinct answered.submission_id) as submission_count
    from answered
    inner join {{ ref('int_commune_populations') }} as populations
        on answered.org_code = populations.org_code and answered.period = populations.period
    where answered.org_level = 'commune'
    group by
        answered.province_code,
        answered.indicator_code,
        answered.variant,
        answered.period,
        answered.period_end

),

provinces as (

    select
        places.org_code,
        places.valid_from,
        summed.indicator_code,
        summed.variant,
        summed.period,
        {{ kept_number('summed.numerator') }} as numerator,
        {{ kept_number('summed.denominator') }} as denominator,
        cast(summed.weight_answered as double) / expected.weight as coverage_share,
        case when summed.submission_count = 1 then summed.submission_id end as submission_id,
        summed.submission_count
    from summed
    inner join expected on summed.province_code = expected.province_code and summed.period = expected.period
    inner join places
        on
            summed.province_code = places.org_code
            and summed.period_end between places.valid_from and places.valid_to

),

provinces_alone as (

    select
        answered.org_code,
        answered.valid_from,
        answered.indicator_code,
        answered.variant,
        answered.period,
        answered.numerator,
        answered.denominator,
        cast(1 as double) as coverage_share,
        answered.submission_id,
        1 as submission_count
    from answered
    left join summed
        on
            answered.org_code = summed.province_code
            and answered.indicator_code = summed.indicator_code
            and answered.variant = summed.variant
            and answered.period = summed.period
    where answered.org_level = 'province' and summed.province_code is null

),

unioned as (

    select * from communes
    union all
    select * from provinces
    union all
    select * from provinces_alone

),

final as (

    select
        *,
        cast(null as {{ dbt.type_string() }}) as basis,
        cast(null as {{ dbt.type_string() }}) as maturity
    from unioned

)

select * from final
