{#- For each place that was observed: how many periods of a kind its year has had when a period ends. -#}
with observed as (

    select distinct
        org_code,
        valid_from,
        year_number
    from {{ ref('int_observations_chosen') }}

),

periods as (

    select * from {{ ref('int_periods') }}

),

final as (

    select
        observed.org_code,
        observed.valid_from,
        periods.period,
        count(*) over (
            partition by observed.org_code, observed.valid_from, observed.year_number, periods.period_kind
            order by periods.period_end
            rows between unbounded preceding and current row
        ) as periods_expected
    from observed
    inner join periods
        on observed.year_number = periods.year_number and periods.period_end >= observed.valid_from

)

select * from final
