{#- Every F04 measure per unit and period; figures of single operators stand apart and are never added. -#}
{% set measures = measures_of('F04') %}
with coverage as (

    select
        coverage.*,
        periods.period_end,
        periods.period_kind,
        places.valid_from,
        places.org_level,
        places.province_code
    from {{ ref('int_coverage_versioned') }} as coverage
    inner join {{ ref('int_ended_periods') }} as periods on coverage.period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            coverage.org_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to
    where coverage.is_in_force and coverage.operator = 'all_operators'

),

final as (

    {% for measure in measures %}
    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        org_code,
        valid_from,
        org_level,
        province_code,
        period,
        period_end,
        population,
        {{ part_of(measure.numerator_rule, measure.numerator_sum) }} as numerator,
        {{ part_of(measure.denominator_rule, measure.denominator_sum) }} as denominator,
        origin_submission_id as submission_id,
        origin_sheet as sheet,
        origin_row_number as row_number,
        sender,
        population_source as note
    from coverage
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
