{#-
    Every default F02 measure of a month from when to when it was known, for communes and provinces, as it stood
    at the end of each day. A month speaks from its first extract on, nil reports included.
-#}
{% set sums = ['numerator', 'denominator', 'reports'] %}
{% set figure_key = ['org_code', 'valid_from', 'indicator_code', 'variant', 'period', 'period_end'] %}
with measures as (

    select
        indicator_code,
        variant
    from {{ ref('stg_indicator_measures') }}
    where form = 'F02' and is_default

),

parts as (

    select
        unit_code,
        unit_valid_from,
        org_level,
        province_code,
        indicator_code,
        variant,
        period,
        numerator,
        denominator,
        0 as reports,
        known_from,
        known_to,
        changed_by,
        ended_by
    from {{ ref('int_known_dossier_parts') }}
    where numerator <> 0 or denominator <> 0

),

reports as (

    select
        extracts.unit_code,
        units.valid_from as unit_valid_from,
        units.org_level,
        units.province_code,
        measures.indicator_code,
        measures.variant,
        extracts.extract_period as period,
        0 as numerator,
        0 as denominator,
        1 as reports,
        extracts.known_from,
        extracts.known_to,
        extracts.changed_by,
        extracts.ended_by
    from {{ ref('int_known_extracts') }} as extracts
    inner join {{ ref('int_ended_periods') }} as periods on extracts.extract_period = periods.period
    inner join {{ ref('int_units') }} as units
        on
            extracts.unit_code = units.unit_code
            and periods.period_end between units.valid_from and units.valid_to
    cross join measures

),

of_units as (

    select * from parts
    union all
    select * from reports

),

lasting as (

    select
        of_units.*,
        periods.period_end
    from of_units
    inner join {{ ref('int_ended_periods') }} as periods on of_units.period = periods.period
    where
        {#- No join, of which millions of pairs of units and periods may come first. #}
        exists (
            select 1
            from {{ ref('int_units') }} as units
            where
                of_units.unit_code = units.unit_code
                and of_units.unit_valid_from = units.valid_from
                and periods.period_end <= units.valid_to
        )

),

in_places as (

    select
        *,
        unit_code as org_code
    from lasting
    where org_level = 'commune'
    union all
    select
        *,
        province_code as org_code
    from lasting

),

of_places as (

    select
        in_places.org_code,
        places.valid_from,
        in_places.indicator_code,
        in_places.variant,
        in_places.period,
        in_places.period_end,
        in_places.numerator,
        in_places.denominator,
        in_places.reports,
        in_places.known_from,
        in_places.known_to,
        in_places.changed_by,
        in_places.ended_by
    from in_places
    inner join {{ ref('int_places') }} as places
        on
            in_places.org_code = places.org_code
            and in_places.period_end between places.valid_from and places.valid_to

),

{{ deltas_of('of_places', figure_key, sums) }},

{{ running_sums('deltas', figure_key, sums) }},

final as (

    select
        *,
        1 as preference
    from summed
    where reports > 0

)

select * from final
