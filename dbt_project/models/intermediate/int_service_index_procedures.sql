{#-
    What the service index counts over procedures, for each unit and period: those of the catalogue that holds on the
    last day counted, and those seen in the dossiers a unit settled. A commune answers for procedures of commune level,
    a province for all of them, each once however many units handle it. The catalogue names no agency.
-#}
{% set measures = measures_of('F03') %}
with {{ procedures_by_month() }},

units as (

    select * from {{ ref('int_service_index_units') }}

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

monthly as (

    select
        settling_province_code as province_code,
        settling_org_code as org_code,
        settling_valid_from as valid_from,
        procedure_code,
        month_end,
        max(was_online) as was_online,
        max(had_fee) as had_fee,
        max(was_paid_online) as was_paid_online
    from in_force
    group by settling_province_code, settling_org_code, settling_valid_from, procedure_code, month_end

),

of_provinces as (

    select
        province_code,
        procedure_code,
        month_end,
        max(was_online) as was_online,
        max(had_fee) as had_fee,
        max(was_paid_online) as was_paid_online
    from monthly
    group by province_code, procedure_code, month_end

),

seen_monthly as (

    select
        units.org_code,
        units.valid_from,
        units.period,
        monthly.procedure_code,
        monthly.was_online,
        monthly.had_fee,
        monthly.was_paid_online
    from units
    inner join monthly
        on
            units.province_code = monthly.province_code
            and units.org_code = monthly.org_code
            and units.valid_from = monthly.valid_from
            and monthly.month_end between units.period_start and units.counted_until
            and monthly.month_end >= units.valid_from
    where units.org_level <> 'province'

    union all

    select
        units.org_code,
        units.valid_from,
        units.period,
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
        org_code,
        valid_from,
        period,
        procedure_code,
        max(was_online) as was_online,
        max(had_fee) as had_fee,
        max(was_paid_online) as was_paid_online
    from seen_monthly
    group by org_code, valid_from, period, procedure_code

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
            units.org_code = seen.org_code
            and units.valid_from = seen.valid_from
            and units.period = seen.period
            and services.procedure_code = seen.procedure_code
    group by units.org_code, units.valid_from, units.period

    union all

    select
        org_code,
        valid_from,
        period,
        'procedures' as indicator_code,
        'paid_online' as variant,
        sum(was_paid_online) as numerator,
        sum(had_fee) as denominator
    from seen
    group by org_code, valid_from, period

)

select * from counted
