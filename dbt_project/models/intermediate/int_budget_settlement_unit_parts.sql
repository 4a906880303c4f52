{#- The lines of published settlements that count in an F10 measure, in million đồng. -#}
{% set measures = measures_of('F10') %}
with lines as (

    select
        lines.*,
        places.valid_from
    from {{ ref('int_budget_settlement_versioned') }} as lines
    inner join {{ ref('int_periods') }} as periods on lines.period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            lines.org_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to
    where
        lines.is_in_force
        and periods.period_kind = 'year'
        and periods.period_end <= {{ as_of() }}
        and places.org_level = 'province'

),

parts as (

    {% for measure in measures %}
    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        org_code,
        valid_from,
        period,
        'in_period' as basis,
        {{ part_of(measure.numerator_rule, measure.numerator_sum) }} as numerator,
        {{ part_of(measure.denominator_rule, measure.denominator_sum) }} as denominator,
        origin_submission_id as submission_id,
        origin_sheet as sheet,
        origin_row_number as row_number,
        line_text as note
    from lines
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select * from parts
    where numerator is not null or denominator is not null

)

select * from final
