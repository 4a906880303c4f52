with computed as (

    select * from {{ ref('int_computed_observed') }}

),

final as (

    select
        places.province_code,
        computed.org_code,
        computed.valid_from as org_valid_from,
        places.org_level,
        computed.indicator_code,
        computed.variant,
        computed.is_default,
        judged.variant is not null as is_judged,
        computed.period,
        periods.period_end,
        computed.basis,
        computed.numerator,
        computed.denominator,
        computed.actual,
        defaults.actual as default_actual,
        round(computed.actual - defaults.actual, 6) as difference,
        indicators.unit,
        round(computed.coverage_share, 6) as coverage_share,
        measures.form,
        measures.note
    from computed
    inner join {{ ref('stg_indicator_measures') }} as measures
        on computed.indicator_code = measures.indicator_code and computed.variant = measures.variant
    inner join {{ ref('int_indicators') }} as indicators on computed.indicator_code = indicators.indicator_code
    inner join {{ ref('int_places') }} as places
        on computed.org_code = places.org_code and computed.valid_from = places.valid_from
    inner join {{ ref('int_periods') }} as periods on computed.period = periods.period
    left join {{ ref('int_judged_variants') }} as judged
        on computed.indicator_code = judged.indicator_code and computed.variant = judged.variant
    left join computed as defaults
        on
            computed.org_code = defaults.org_code
            and computed.valid_from = defaults.valid_from
            and computed.indicator_code = defaults.indicator_code
            and computed.period = defaults.period
            and coalesce(computed.basis, '') = coalesce(defaults.basis, '')
            and defaults.is_default

)

select * from final
