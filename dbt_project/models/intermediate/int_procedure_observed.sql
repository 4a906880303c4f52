{#-
    Every F03 measure for each province and month: a catalogue stands until a newer one is sent, and a
    procedure counts where it is valid on the last day of the month.
-#}
{% set measures = measures_of('F03') %}
with {{ procedures_by_month() }},

counted as (

    select
        {% for measure in measures %}
        sum({{ part_of(measure.numerator_rule, measure.numerator_sum) }}) as numerator_{{ loop.index }},
        sum({{ part_of(measure.denominator_rule, measure.denominator_sum) }}) as denominator_{{ loop.index }},
        {% endfor %}
        org_code,
        month_period,
        period_end,
        max(submission_id) as submission_id
    from valid_procedures
    group by org_code, month_period, period_end

),

unioned as (

    {% for measure in measures %}
    select
        org_code,
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        month_period as period,
        period_end,
        coalesce(numerator_{{ loop.index }}, 0) as numerator,
        coalesce(denominator_{{ loop.index }}, 0) as denominator,
        submission_id
    from counted
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        unioned.org_code,
        places.valid_from,
        unioned.indicator_code,
        unioned.variant,
        unioned.period,
        cast(null as {{ dbt.type_string() }}) as basis,
        unioned.numerator,
        unioned.denominator,
        cast(1 as double) as coverage_share,
        cast(null as {{ dbt.type_string() }}) as maturity,
        unioned.submission_id,
        cast(1 as bigint) as submission_count
    from unioned
    inner join {{ ref('int_places') }} as places
        on
            unioned.org_code = places.org_code
            and unioned.period_end between places.valid_from and places.valid_to

)

select * from final
