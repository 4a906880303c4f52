{#-
    All measures computed from forms, default variants marked, with their parts and share of units behind them.
    Settled amounts land in million đồng and are shown in billion đồng, as GRDP is; a ratio is taken before.
-#}
{% set shown_factors = {'budget_settlement': '0.001'} %}
with unioned as (

    {% for form in ['dossier', 'procedure', 'coverage', 'digital_economy', 'budget_settlement'] %}
    {%- set scaled = ' * ' ~ shown_factors[form] if form in shown_factors else '' %}
    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        basis,
        {{ kept_number('numerator' ~ scaled) }} as numerator,
        {{ kept_number('denominator' ~ scaled) }} as denominator,
        numerator as exact_numerator,
        denominator as exact_denominator,
        {% for part in ['provisional_numerator', 'provisional_denominator'] %}
        {{ part if form == 'digital_economy' else 'cast(null as decimal(18, 6)) as ' ~ part }},
        {% endfor %}
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
        unioned.org_code,
        unioned.valid_from,
        unioned.indicator_code,
        unioned.variant,
        unioned.period,
        unioned.basis,
        unioned.numerator,
        unioned.denominator,
        unioned.coverage_share,
        unioned.maturity,
        unioned.submission_id,
        unioned.submission_count,
        measures.is_default,
        indicators.unit_factor * cast(unioned.exact_numerator as double)
        / nullif(cast(unioned.exact_denominator as double), 0) as actual,
        indicators.unit_factor * cast(unioned.provisional_numerator as double)
        / nullif(cast(unioned.provisional_denominator as double), 0) as provisional_actual
    from unioned
    inner join {{ ref('stg_indicator_measures') }} as measures
        on unioned.indicator_code = measures.indicator_code and unioned.variant = measures.variant
    inner join {{ ref('int_indicators') }} as indicators on unioned.indicator_code = indicators.indicator_code

)

select * from final
