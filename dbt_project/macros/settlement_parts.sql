{#-
    What each line of a published settlement in force adds to the F10 measures: CTEs `lines` and `settlement_parts`,
    in million đồng, for provinces as they stood on the year's last day.
-#}
{% macro settlement_parts() %}
    {% set measures = measures_of('F10') %}
    lines as (

        select
            lines.*,
            places.valid_from
        from {{ ref('int_budget_settlement_versioned') }} as lines
        inner join {{ ref('int_ended_periods') }} as periods on lines.period = periods.period
        inner join {{ ref('int_places') }} as places
            on
                lines.org_code = places.org_code
                and periods.period_end between places.valid_from and places.valid_to
        where
            lines.is_in_force
            and periods.period_kind = 'year'
            and places.org_level = 'province'

    ),

    settlement_parts as (

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

    )
{% endmacro %}
