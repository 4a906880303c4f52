{#- Every period a plan or form can speak of; 2045 is the last milestone year of the plans. -#}
with years as (

    select {{ number_series(2010, 2050) }} as year_number

),

months_of_year as (

    select {{ number_series(1, 12) }} as month_number

),

spans as (

    select
        'month' as period_kind,
        1 as months,
        1 as kind_order
    union all
    select
        'quarter' as period_kind,
        3 as months,
        2 as kind_order
    union all
    select
        'half_year' as period_kind,
        6 as months,
        3 as kind_order
    union all
    select
        'year' as period_kind,
        12 as months,
        4 as kind_order

),

starts as (

    select
        spans.period_kind,
        spans.kind_order,
        cast(years.year_number as int) as year_number,
        cast((months_of_year.month_number - 1) / spans.months + 1 as int) as number_in_year,
        make_date(cast(years.year_number as int), cast(months_of_year.month_number as int), 1) as period_start,
        last_day(
            make_date(
                cast(years.year_number as int), cast(months_of_year.month_number + spans.months - 1 as int), 1
            )
        ) as period_end
    from years
    cross join months_of_year
    cross join spans
    where mod(months_of_year.month_number - 1, spans.months) = 0

),

final as (

    select
        case period_kind
            when 'month' then substr(cast(period_start as {{ dbt.type_string() }}), 1, 7)
            when 'quarter' then concat_ws('-Q', year_number, number_in_year)
            when 'half_year' then concat_ws('-H', year_number, number_in_year)
            else cast(year_number as {{ dbt.type_string() }})
        end as period,
        period_kind,
        kind_order,
        year_number,
        period_start,
        period_end
    from starts

)

select * from final
