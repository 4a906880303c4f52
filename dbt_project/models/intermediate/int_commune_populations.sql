{#-
    The communes of each province that reports coverage, period by period, with their last known population,
    and how much each weighs in the share of the province that reported: its population where that of every
    commune is known, else one.
-#}
with reported as (

    {#- A month and the quarter it ends may both be reported: the larger population is taken for that day. #}
    select
        org_code,
        valid_from,
        province_code,
        period_end,
        max(population) as population
    from {{ ref('int_coverage_unit_parts') }}
    where org_level = 'commune'
    group by org_code, valid_from, province_code, period_end

),

periods as (

    select
        period,
        period_end
    from {{ ref('int_ended_periods') }}
    where period_end >= (select min(reported.period_end) from reported)

),

communes as (

    select * from {{ ref('int_places') }}
    where org_level = 'commune' and province_code in (select reported.province_code from reported)

),

populations as (

    select
        communes.org_code,
        communes.valid_from,
        communes.province_code,
        periods.period,
        periods.period_end,
        max_by(reported.population, reported.period_end) as population
    from periods
    inner join communes on periods.period_end between communes.valid_from and communes.valid_to
    left join reported
        on
            communes.org_code = reported.org_code
            and communes.valid_from = reported.valid_from
            and periods.period_end >= reported.period_end
            and reported.population > 0
    group by
        communes.org_code,
        communes.valid_from,
        communes.province_code,
        periods.period,
        periods.period_end

),

final as (

    select
        *,
        case
            when
                count(population) over (partition by province_code, period)
                = count(*) over (partition by province_code, period)
                then population
            else 1
        end as weight
    from populations

)

select * from final
