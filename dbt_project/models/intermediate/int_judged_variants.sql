{#-
    The definitions of each indicator that plan rows are judged by: its default one, and those a seed assigns
    to single rows. An indicator that no form computes has one, called 'reported'.
-#}
with defaults as (

    select
        indicators.indicator_code,
        coalesce(measures.variant, 'reported') as variant
    from {{ ref('stg_indicators') }} as indicators
    left join {{ ref('stg_indicator_measures') }} as measures
        on indicators.indicator_code = measures.indicator_code and measures.is_default

),

assigned as (

    select distinct
        indicator_code,
        variant
    from {{ ref('variant_assignments') }} as assignments
    where {{ holds_at_as_of('assignments') }}

),

final as (

    select
        indicator_code,
        variant,
        true as is_default
    from defaults

    union all

    select
        assigned.indicator_code,
        assigned.variant,
        false as is_default
    from assigned
    left join defaults
        on assigned.indicator_code = defaults.indicator_code and assigned.variant = defaults.variant
    where defaults.variant is null

)

select * from final
