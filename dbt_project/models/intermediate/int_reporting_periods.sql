{#- The periods begun by as_of that each cadence of reporting speaks of; weeks run from Monday to Sunday. -#}
with periods as (

    select * from {{ ref('int_periods') }}

),

weeks_numbered as (

    select {{ number_series(0, 1400) }} as week_number

),

weeks as (

    select {{ days_later("date '2024-12-30'", '7 * week_number') }} as period_start
    from weeks_numbered

),

final as (

    select
        case
            when period_kind = 'month' then 'monthly'
            when period_kind = 'quarter' then 'quarterly'
            when period_kind = 'year' then 'yearly'
            when month(period_start) = 1 then 'first_half'
            else 'second_half'
        end as cadence,
        period,
        period_start,
        period_end
    from periods
    where period_start <= {{ as_of() }}
    union all
    select
        'weekly' as cadence,
        {{ iso_week('period_start') }} as period,
        period_start,
        {{ days_later('period_start', 6) }} as period_end
    from weeks
    where period_start <= {{ as_of() }}

)

select * from final
