{#-
    What the service index counts over procedures, for each unit and period: those of the catalogue that holds on the
    last day counted, and those seen in the dossiers a unit settled. A commune answers for procedures of commune level,
    a province for all of them, each once however many units handle it. The catalogue names no agency.
-#}
{% set measures = measures_of('F03') %}
with {{ procedures_by_month() }},

units as (

    {#- Millions of rows of procedures bear one number instead of a unit and a period. #}
    select
        *,
        row_number() over (order by org_code, valid_from, period) as unit_number
    from {{ ref('int_service_index_units') }}

),

levels as (

    select distinct
        province_code,
        org_level,
        period as counted_period,
        counted_until
    from units
    where org_level in ('province', 'commune')

),

catalogued as (

    select
        levels.province_code,
        levels.org_level,
        levels.counted_period,
        valid_procedures.*
    from levels
    inner join valid_procedures
        on
            levels.province_code = valid_procedures.org_code
            and levels.counted_until = valid_procedures.period_end
            and (levels.org_level = 'province' or valid_procedures.authority_level = 'commune')

),

measured as (

    {% for measure in measures %}
    select
        province_code,
        org_level,
        counted_period,
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        coalesce(sum({{ part_of(measure.numerator_rule, measure.numerator_sum) }}), 0) as numerator,
        coalesce(sum({{ part_of(measure.denominator_rule, measure.denominator_sum) }}), 0) as denominator
    from catalogued
    group by province_code, org_level, counted_period
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

services as (

    select distinct
        province_code,
        org_level,
        counted_period,
        procedure_code
    from catalogued
    where service_level in ('full', 'partial')

),

in_force as (

    {{ in_force_of('int_dossier_procedures') }}

),

of_provinces as (

    select
        settling_province_code as province_code,
        procedure_code,
        month_end,
        max(was_online) as was_online,
        max(had_fee) as had_fee,
        max(was_paid_online) as was_paid_online
    from in_force
    group by settling_province_code, procedure_code, month_end

),

seen_monthly as (

    select
        units.unit_number,
        in_force.procedure_code,
        in_force.was_online,
        in_force.had_fee,
        in_force.was_paid_online
    from units
    inner join in_force
        on
            units.province_code = in_force.settling_province_code
            and units.org_code = in_force.settling_org_code
            and units.valid_from = in_force.settling_valid_from
            and in_force.month_end between units.period_start and units.counted_until
            and in_force.month_end >= units.valid_from
    where units.org_level <> 'province'

    union all

    select
        units.unit_number,
        of_provinces.procedure_code,
        of_provinces.was_online,
        of_provinces.had_fee,
        of_provinces.was_paid_online
    from units
    inner join of_provinces
        on
            units.province_code = of_provinces.province_code
            and of_provinces.month_end between units.period_start and units.counted_until
            and of_provinces.month_end >= units.valid_from
    where units.org_level = 'province'

),

seen as (

    select
        unit_number,
        procedure_code,
        max(was_online) as was_online,
        max(had_fee) as had_fee,
        max(was_paid_online) as was_paid_online
    from seen_monthly
    group by unit_number, procedure_code

),

counted as (

    select
        units.org_code,
        units.valid_from,
        units.period,
        measured.indicator_code,
        measured.variant,
        measured.numerator,
        measured.denominator
    from units
    inner join measured
        on
            units.province_code = measured.province_code
            and units.org_level = measured.org_level
            and units.period = measured.counted_period

    union all

    select
        units.org_code,
        units.valid_from,
        units.period,
        'procedures' as indicator_code,
        'services_used' as variant,
        sum(coalesce(seen.was_online, 0)) as numerator,
        count(*) as denominator
    from units
    inner join services
        on
            units.province_code = services.province_code
            and units.org_level = services.org_level
            and units.period = services.counted_period
    left join seen
        on
            units.unit_number = seen.unit_number
            and services.procedure_code = seen.procedure_code
    group by units.org_code, units.valid_from, units.period

    union all

    select
        units.org_code,
        units.valid_from,
        units.period,
        'procedures' as indicator_code,
        'paid_online' as variant,
        sum(seen.was_paid_online) as numerator,
        sum(seen.had_fee) as denominator
    from units
    inner join seen on units.unit_number = seen.unit_number
    group by units.org_code, units.valid_from, units.period

)

select * from counted
