{#- All measures computed from forms, default variants, with their parts and share of units behind them. -#}
with unioned as (

    {% for form in ['dossier', 'procedure', 'coverage', 'digital_economy'] %}
    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        basis,
        numerator,
        denominator,
        coverage_share,
        maturity,
        submission_id,
        submission_count
    from {{ ref('int_' ~ form ~ '_observed') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        unioned.*,
        measures.is_default,
        indicators.unit_factor * cast(unioned.numerator as double)
        / nullif(cast(unioned.denominator as double), 0) as actual
    from unioned
    inner join {{ ref('stg_indicator_measures') }} as measures
        on unioned.indicator_code = measures.indicator_code and unioned.variant = measures.variant
    inner join {{ ref('int_indicators') }} as indicators on unioned.indicator_code = indicators.indicator_code

)

select * from final
