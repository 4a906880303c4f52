{#-
    Numerator and denominator of every computable component of the service index, for each unit and period. Measures of
    dossiers come from the months they were counted by, or from the window that ends with the last day counted; a
    province is the sum of the dossiers of its units, never a mean of their rates.
-#}
{{ config(materialized='view') }}
with units as (

    select * from {{ ref('int_service_index_units') }}

),

rules as (

    select * from {{ ref('int_service_index_rules') }}
    where is_computable

),

dossiers_of_units as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        counted_by,
        basis,
        period_end,
        numerator,
        denominator
    from {{ ref('int_dossier_place_parts') }}

    union all

    select
        parts.unit_code as org_code,
        parts.unit_valid_from as valid_from,
        parts.indicator_code,
        parts.variant,
        parts.counted_by,
        parts.basis,
        periods.period_end,
        parts.numerator,
        parts.denominator
    from {{ ref('int_dossier_unit_parts') }} as parts
    inner join {{ ref('int_periods') }} as periods on parts.period = periods.period
    where parts.org_level = 'agency'

),

of_components as (

    {#- First, since most measures are no component and each figure meets a month, a quarter and a year. #}
    select
        dossiers_of_units.*,
        rules.component_code
    from dossiers_of_units
    inner join rules
        on dossiers_of_units.indicator_code = rules.indicator_code and dossiers_of_units.variant = rules.variant

),

counted as (

    select
        units.org_code,
        units.valid_from,
        units.period,
        of_components.component_code,
        sum(of_components.numerator) as numerator,
        sum(of_components.denominator) as denominator
    from units
    inner join of_components
        on
            units.org_code = of_components.org_code
            and units.valid_from = of_components.valid_from
            and (
                (
                    of_components.counted_by = 'month'
                    and of_components.period_end between units.period_start and units.counted_until
                )
                or (
                    of_components.counted_by = 'window'
                    and of_components.period_end = units.counted_until
                    and of_components.basis = units.basis
                )
            )
    group by units.org_code, units.valid_from, units.period, of_components.component_code

    union all

    select
        procedures.org_code,
        procedures.valid_from,
        procedures.period,
        rules.component_code,
        procedures.numerator,
        procedures.denominator
    from {{ ref('int_service_index_procedures') }} as procedures
    inner join rules on procedures.indicator_code = rules.indicator_code and procedures.variant = rules.variant

),

final as (

    select
        org_code,
        valid_from,
        period,
        component_code,
        cast(numerator as decimal(18, 6)) as numerator,
        cast(denominator as decimal(18, 6)) as denominator
    from counted

)

select * from final
