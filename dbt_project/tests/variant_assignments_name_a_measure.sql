{#- An assignment that names no measure of its row's indicator would take the row's figures away. -#}
select assigned.*
from {{ ref('variant_assignments') }} as assigned
inner join {{ ref('stg_plan_targets') }} as targets
    on assigned.plan_id = targets.plan_id and assigned.row_ref = targets.row_ref
left join {{ ref('stg_indicator_measures') }} as measures
    on targets.indicator_code = measures.indicator_code and assigned.variant = measures.variant
where measures.variant is null
