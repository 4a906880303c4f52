{#- Target rows (plan × row × milestone) of the plans in force at as_of, with the place they bind. -#}
with plans as (

    select
        plan_id,
        number,
        supersedes,
        valid_from as issued_on,
        org_code
    from {{ ref('stg_plans') }}
    where valid_from <= {{ as_of() }}

),

plans_in_force as (

    select plans.*
    from plans
    left join plans as newer on plans.number = newer.supersedes and plans.org_code = newer.org_code
    where newer.plan_id is null

),

final as (

    select
        targets.*,
        indicators.direction,
        indicators.unit as indicator_unit,
        plans_in_force.issued_on,
        {{ previous_year_end('plans_in_force.issued_on') }} as first_path_start_on,
        places.org_code,
        places.valid_from,
        places.org_level,
        places.province_code,
        targets.duplicate_of is null and not targets.not_a_target and targets.pace <> 'none' as is_scored,
        {{ bound_to_reach('targets.comparator', 'targets.target_low', 'targets.target_high') }} as target,
        {{
            bound_to_reach(
                'targets.comparator_as_issued', 'targets.target_low_as_issued', 'targets.target_high_as_issued'
            )
        }} as target_as_issued,
        (targets.comparator = 'at_most' and indicators.direction = 'higher')
        or (targets.comparator = 'at_least' and indicators.direction = 'lower') as is_contradictory
    from {{ ref('int_targets_adjusted') }} as targets
    inner join plans_in_force on targets.plan_id = plans_in_force.plan_id
    inner join {{ ref('stg_indicators') }} as indicators on targets.indicator_code = indicators.indicator_code
    inner join {{ ref('int_places') }} as places
        on
            plans_in_force.org_code = places.org_code
            and {{ as_of() }} between places.valid_from and places.valid_to

)

select * from final
