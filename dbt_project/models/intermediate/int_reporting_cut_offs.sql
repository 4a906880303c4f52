{#- The last day on which the report of each period is in time, for obligations with a rhythm. -#}
with obligations as (

    select * from {{ ref('obligations') }}

),

periods as (

    select * from {{ ref('int_reporting_periods') }}

),

in_force as (

    select
        obligations.obligation_code,
        obligations.valid_from,
        obligations.cut_off_day,
        obligations.includes_cut_off_day = 'yes' as is_day_included,
        periods.*,
        year(periods.period_start) * 12 + month(periods.period_start) + obligations.cut_off_month - 2 as months
    from obligations
    inner join periods on obligations.cadence = periods.cadence
    where {{ holds_on('obligations', 'periods.period_end') }}

),

month_ends as (

    select
        *,
        last_day(make_date(cast(floor(months / 12) as int), cast(mod(months, 12) + 1 as int), 1)) as cut_off_month_end
    from in_force

),

days_named as (

    select
        *,
        case
            when cadence = 'weekly' then {{ days_later('period_start', '-1 + cut_off_day') }}
            else {{ days_later('cut_off_month_end', 'least(-day(cut_off_month_end) + cut_off_day, 0)') }}
        end as cut_off_on
    from month_ends

),

final as (

    select
        obligation_code,
        valid_from,
        period,
        period_start,
        period_end,
        case when is_day_included then cut_off_on else {{ day_before('cut_off_on') }} end as due_on
    from days_named

)

select * from final
