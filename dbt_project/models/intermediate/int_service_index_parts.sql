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

counted as (

    select
        units.org_code,
        units.valid_from,
        units.period,
        dossiers_of_units.indicator_code,
        dossiers_of_units.variant,
        sum(dossiers_of_units.numerator) as numerator,
        sum(dossiers_of_units.denominator) as denominator
    from units
    inner join dossiers_of_units
        on
            units.org_code = dossiers_of_units.org_code
            and units.valid_from = dossiers_of_units.valid_from
            and (
                (
                    dossiers_of_units.counted_by = 'month'
                    and dossiers_of_units.period_end between units.period_start and units.counted_until
                )
                or (
                    dossiers_of_units.counted_by = 'window'
                    and dossiers_of_units.period_end = units.counted_until
                    and dossiers_of_units.basis = units.basis
                )
            )
    group by
        units.org_code,
        units.valid_from,
        units.period,
        dossiers_of_units.indicator_code,
        dossiers_of_units.variant

    union all

    select * from {{ ref('int_service_index_procedures') }}

),

final as (

    select
        counted.org_code,
        counted.valid_from,
        counted.period,
        rules.component_code,
        cast(counted.numerator as decimal(18, 6)) as numerator,
        cast(counted.denominator as decimal(18, 6)) as denominator
    from counted
    inner join rules on counted.indicator_code = rules.indicator_code and counted.variant = rules.variant

)

select * from final
