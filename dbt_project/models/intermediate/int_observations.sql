{#- What is known of each place, indicator, definition and period: one row, ready to be judged. -#}
with coarser as (

    select * from {{ ref('int_observations_coarser') }}

),

final as (

    select * from coarser

    union all

    {#- An estimate of the period, or a report of it, gives way to the last figure within it that is preferred. #}
    select best.*
    from {{ ref('int_observations_best') }} as best
    left join coarser
        on
            best.org_code = coarser.org_code
            and best.valid_from = coarser.valid_from
            and best.indicator_code = coarser.indicator_code
            and best.variant = coarser.variant
            and best.period = coarser.period
    where coarser.org_code is null

)

select * from final
