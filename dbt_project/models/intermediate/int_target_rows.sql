{#- Which target rows bind which place and indicator: its own, and those of the parent it inherits. -#}
with targets as (

    select distinct
        org_code,
        valid_from,
        org_level,
        province_code,
        indicator_code,
        plan_id,
        row_ref,
        issued_on,
        first_path_start_on
    from {{ ref('int_targets_in_force') }}

),

own as (

    select
        org_code,
        valid_from,
        indicator_code,
        plan_id,
        row_ref,
        issued_on,
        first_path_start_on,
        false as is_inherited_target
    from targets

),

inheriting as (

    select distinct
        places.org_code,
        places.valid_from,
        places.province_code,
        observations.indicator_code
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_places') }} as places
        on observations.org_code = places.org_code and observations.valid_from = places.valid_from
    inner join {{ ref('stg_indicators') }} as indicators
        on observations.indicator_code = indicators.indicator_code
    left join own
        on
            places.org_code = own.org_code
            and places.valid_from = own.valid_from
            and observations.indicator_code = own.indicator_code
    where
        places.org_level = 'commune'
        and {{ as_of() }} between places.valid_from and places.valid_to
        and indicators.kind = 'ratio'
        and indicators.applies_to_level = 'both'
        and own.org_code is null

),

inherited as (

    select
        inheriting.org_code,
        inheriting.valid_from,
        inheriting.indicator_code,
        targets.plan_id,
        targets.row_ref,
        targets.issued_on,
        targets.first_path_start_on,
        true as is_inherited_target
    from inheriting
    inner join targets
        on
            inheriting.province_code = targets.org_code
            and targets.org_level = 'province'
            and inheriting.indicator_code = targets.indicator_code

),

unioned as (

    select * from own
    union all
    select * from inherited

),

final as (

    select
        unioned.*,
        coalesce(assigned.variant, defaults.variant) as variant
    from unioned
    inner join {{ ref('int_judged_variants') }} as defaults
        on unioned.indicator_code = defaults.indicator_code and defaults.is_default
    left join {{ ref('variant_assignments') }} as assigned
        on
            unioned.plan_id = assigned.plan_id
            and unioned.row_ref = assigned.row_ref
            and {{ holds_at_as_of('assigned') }}

)

select * from final
