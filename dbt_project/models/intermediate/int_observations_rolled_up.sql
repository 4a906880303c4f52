{#-
    F01 figures of communes added up to their province, each commune's year to date first: values of counts;
    numerators and denominators of ratios, so that a commune which gave only a percentage is not in it. Estimates
    are not added up.

    Communes weigh by population where that of every commune is known, else alike; a nil report is a report.
-#}
{% set told = [
    'org_code', 'valid_from', 'indicator_code', 'variant', 'period', 'basis', 'data_cutoff', 'numerator',
    'denominator', 'actual', 'maturity', 'source_kind', 'coverage_share', 'submission_id', 'submission_count',
] %}
with figures as (

    select {{ told | join(', ') }}
    from {{ ref('int_observations_own') }}
    where coalesce(basis, '') not in ('in_period', 'full_year_estimate')

    union all

    select {{ told | join(', ') }}
    from {{ ref('int_observations_chosen') }}
    where basis = 'in_period'

),

reported as (

    select
        figures.*,
        places.province_code,
        periods.period_end,
        indicators.over_places,
        indicators.unit_factor
    from figures
    inner join {{ ref('int_indicators') }} as indicators on figures.indicator_code = indicators.indicator_code
    inner join {{ ref('int_periods') }} as periods on figures.period = periods.period
    inner join {{ ref('int_places') }} as places
        on figures.org_code = places.org_code and figures.valid_from = places.valid_from
    where
        places.org_level = 'commune'
        and figures.source_kind = 'reported'
        and indicators.applies_to_level in ('both', 'commune')
        and indicators.over_places in ('sum', 'ratio_of_sums')

),

answered as (

    select * from reported
    where
        (over_places = 'sum' and actual is not null)
        or (over_places = 'ratio_of_sums' and denominator is not null and (numerator is not null or denominator = 0))

),

communes as (

    select
        places.org_code,
        places.valid_from,
        places.province_code,
        periods.period,
        coalesce(populations.weight, 1) as weight
    from (select distinct province_code, period, period_end from answered) as periods
    inner join {{ ref('int_places') }} as places
        on
            periods.province_code = places.province_code
            and places.org_level = 'commune'
            and periods.period_end between places.valid_from and places.valid_to
    left join {{ ref('int_commune_populations') }} as populations
        on
            places.org_code = populations.org_code
            and places.valid_from = populations.valid_from
            and periods.period = populations.period

),

expected as (

    select
        province_code,
        period,
        sum(weight) as weight
    from communes
    group by province_code, period

),

summed as (

    select
        answered.province_code,
        answered.indicator_code,
        answered.variant,
        answered.period,
        answered.period_end,
        answered.basis,
        answered.over_places,
        answered.unit_factor,
        max(coalesce(answered.data_cutoff, answered.period_end)) as cutoff,
        sum(case when answered.over_places = 'ratio_of_sums' then coalesce(answered.numerator, 0) end) as numerator,
        sum(case when answered.over_places = 'ratio_of_sums' then answered.denominator end) as denominator,
        sum(cast(answered.actual as decimal(18, 6))) as summed_actual,
        case
            when max(answered.maturity) = 'provisional' then 'provisional'
            when count(answered.maturity) = count(*) then 'final'
        end as maturity,
        sum(communes.weight * cast(coalesce(answered.coverage_share, 1) as decimal(18, 6))) as weight,
        case
            when count(answered.submission_id) = count(*) and count(distinct answered.submission_id) = 1
                then max(answered.submission_id)
        end as submission_id,
        case
            when count(answered.submission_id) = count(*) then count(distinct answered.submission_id)
            else sum(answered.submission_count)
        end as submission_count
    from answered
    inner join communes
        on
            answered.org_code = communes.org_code
            and answered.valid_from = communes.valid_from
            and answered.period = communes.period
    group by
        answered.province_code, answered.indicator_code, answered.variant, answered.period, answered.period_end,
        answered.basis, answered.over_places, answered.unit_factor

),

final as (

    select
        places.org_code,
        places.valid_from,
        summed.indicator_code,
        summed.variant,
        summed.period,
        summed.basis,
        nullif(summed.cutoff, summed.period_end) as data_cutoff,
        {{ kept_number('summed.numerator') }} as numerator,
        {{ kept_number('summed.denominator') }} as denominator,
        case
            when summed.over_places = 'sum' then cast(summed.summed_actual as double)
            else summed.unit_factor * cast(summed.numerator as double) / nullif(cast(summed.denominator as double), 0)
        end as actual,
        summed.maturity,
        cast(summed.weight as double) / cast(expected.weight as double) as coverage_share,
        summed.submission_id,
        cast(summed.submission_count as bigint) as submission_count
    from summed
    inner join expected on summed.province_code = expected.province_code and summed.period = expected.period
    inner join {{ ref('int_places') }} as places
        on
            summed.province_code = places.org_code
            and places.org_level = 'province'
            and summed.period_end between places.valid_from and places.valid_to

)

select * from final
