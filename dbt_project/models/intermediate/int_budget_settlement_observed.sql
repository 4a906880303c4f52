{#- Every F10 measure per province and year, amounts in million đồng, as the province stood on the year's last day. -#}
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
        {{ part_of(measure.numerator_rule, measure.numerator_sum) }} as numerator,
        {{ part_of(measure.denominator_rule, measure.denominator_sum) }} as denominator,
        origin_submission_id as submission_id
    from lines
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        'in_period' as basis,
        {{ kept_number('sum(numerator)') }} as numerator,
        {{ kept_number('sum(denominator)') }} as denominator,
        cast(1 as double) as coverage_share,
        'final' as maturity,
        case when count(distinct submission_id) = 1 then max(submission_id) end as submission_id,
        count(distinct submission_id) as submission_count
    from parts
    where numerator is not null or denominator is not null
    group by indicator_code, variant, org_code, valid_from, period
    having count(numerator) > 0 and count(denominator) > 0

)

select * from final
