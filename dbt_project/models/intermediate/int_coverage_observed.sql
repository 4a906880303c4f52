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

populations as (

    select
        periods.period,
        places.org_code,
        places.province_code,
        max_by(known.population, known.period_end) as population
    from (select distinct period, period_end from parts) as periods
    inner join places
        on places.org_level = 'commune' and periods.period_end between places.valid_from and places.valid_to
    left join (select distinct org_code, valid_from, period_end, population from parts) as known
        on
            places.org_code = known.org_code
            and places.valid_from = known.valid_from
            and known.period_end <= periods.period_end
    where places.province_code in (select parts.province_code from parts)
    group by periods.period, places.org_code, places.province_code

),

expected as (

    select
        period,
        province_code,
        count(*) as communes,
        count(population) as communes_with_population,
        sum(population) as population
    from populations
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
        count(*) as communes_answered,
        sum(populations.population) as population_answered,
        max(answered.submission_id) as submission_id,
        count(distinct answered.submission_id) as submission_count
    from answered
    inner join populations on answered.org_code = populations.org_code and answered.period = populations.period
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
        cast(summed.numerator as decimal(18, 6)) as numerator,
        cast(summed.denominator as decimal(18, 6)) as denominator,
        case
            when expected.communes = expected.communes_with_population and expected.population > 0
                then cast(summed.population_answered as double) / expected.population
            else cast(summed.communes_answered as double) / expected.communes
        end as coverage_share,
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

final as (

    select * from communes
    union all
    select * from provinces
    union all
    select * from provinces_alone

)

select * from final
