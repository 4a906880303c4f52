{#- All measures computed from forms, default variants, with their parts and share of units behind them. -#}
with dossiers as (

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
        cast(null as {{ dbt.type_string() }}) as maturity,
        cast(null as {{ dbt.type_string() }}) as submission_id,
        cast(null as bigint) as submission_count
    from {{ ref('int_dossier_observed') }}

),

procedures as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        cast(null as {{ dbt.type_string() }}) as basis,
        numerator,
        denominator,
        cast(1 as double) as coverage_share,
        cast(null as {{ dbt.type_string() }}) as maturity,
        submission_id,
        cast(1 as bigint) as submission_count
    from {{ ref('int_procedure_observed') }}

),

coverage as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        cast(null as {{ dbt.type_string() }}) as basis,
        numerator,
        denominator,
        coverage_share,
        cast(null as {{ dbt.type_string() }}) as maturity,
        submission_id,
        submission_count
    from {{ ref('int_coverage_observed') }}

),

digital_economy as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        basis,
        numerator,
        denominator,
        cast(1 as double) as coverage_share,
        maturity,
        submission_id,
        submission_count
    from {{ ref('int_digital_economy_observed') }}

),

unioned as (

    select * from dossiers
    union all
    select * from procedures
    union all
    select * from coverage
    union all
    select * from digital_economy

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
