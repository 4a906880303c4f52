{#-
    The parts of units added up to places: a commune is its own unit, a province all units in it.

    Only units that still exist at period_end count, so nothing crosses a reform of boundaries.
-#}
with unit_parts as (

    select
        unit_parts.*,
        periods.period_end,
        periods.year_number
    from {{ ref('int_dossier_unit_parts') }} as unit_parts
    inner join {{ ref('int_ended_periods') }} as periods on unit_parts.period = periods.period
    where
        {#- No join, of which millions of pairs of units and periods may come first. #}
        exists (
            select 1
            from {{ ref('int_units') }} as units
            where
                unit_parts.unit_code = units.unit_code
                and unit_parts.unit_valid_from = units.valid_from
                and periods.period_end <= units.valid_to
        )

),

places as (

    select * from {{ ref('int_places') }}

),

parts_of_places as (

    select *, unit_code as org_code
    from unit_parts
    where org_level = 'commune'
    union all
    select *, province_code as org_code
    from unit_parts

),

final as (

    select
        parts_of_places.indicator_code,
        parts_of_places.variant,
        parts_of_places.counted_by,
        places.org_code,
        places.valid_from,
        parts_of_places.period,
        parts_of_places.period_end,
        parts_of_places.year_number,
        parts_of_places.basis,
        cast(sum(parts_of_places.numerator) as decimal(18, 6)) as numerator,
        cast(sum(parts_of_places.denominator) as decimal(18, 6)) as denominator
    from parts_of_places
    inner join places
        on
            parts_of_places.org_code = places.org_code
            and parts_of_places.period_end between places.valid_from and places.valid_to
    group by
        parts_of_places.indicator_code,
        parts_of_places.variant,
        parts_of_places.counted_by,
        places.org_code,
        places.valid_from,
        parts_of_places.period,
        parts_of_places.period_end,
        parts_of_places.year_number,
        parts_of_places.basis

)

select * from final
