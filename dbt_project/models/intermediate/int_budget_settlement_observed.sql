{#-
    Every F10 measure per province and year, amounts in million đồng: the province's own; and for a province
    merged since, its predecessors' parts added up, with the share of them that is known. A ratio of one
    predecessor is never taken for the whole.
-#}
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

own as (

    select
        indicator_code,
        variant,
        org_code,
        valid_from,
        period,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        cast(1 as double) as coverage_share,
        case when count(distinct submission_id) = 1 then max(submission_id) end as submission_id,
        count(distinct submission_id) as submission_count
    from parts
    where numerator is not null or denominator is not null
    group by indicator_code, variant, org_code, valid_from, period
    having count(numerator) > 0 and count(denominator) > 0

),

predecessors as (

    select
        old_org_code,
        cast(old_valid_from as date) as old_valid_from,
        new_org_code,
        cast(new_valid_from as date) as new_valid_from,
        count(*) over (partition by new_org_code, new_valid_from) as predecessor_count
    from {{ ref('org_crosswalk') }}
    where org_level = 'province' and relation = 'merged'

),

merged as (

    select
        own.indicator_code,
        own.variant,
        predecessors.new_org_code as org_code,
        predecessors.new_valid_from as valid_from,
        own.period,
        sum(own.numerator) as numerator,
        sum(own.denominator) as denominator,
        cast(count(*) as double) / max(predecessors.predecessor_count) as coverage_share,
        case when sum(own.submission_count) = 1 then max(own.submission_id) end as submission_id,
        sum(own.submission_count) as submission_count
    from own
    inner join predecessors
        on own.org_code = predecessors.old_org_code and own.valid_from = predecessors.old_valid_from
    group by
        own.indicator_code, own.variant, predecessors.new_org_code, predecessors.new_valid_from, own.period

),

unioned as (

    select * from own
    union all
    select * from merged

),

final as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        'in_period' as basis,
        cast(numerator as decimal(18, 6)) as numerator,
        cast(denominator as decimal(18, 6)) as denominator,
        coverage_share,
        'final' as maturity,
        submission_id,
        cast(submission_count as bigint) as submission_count
    from unioned

)

select * from final
