{#- A choice of a row that the plan does not have, or not for this indicator, would silently change nothing. -#}
select choices.*
from {{ ref('primary_choices') }} as choices
left join {{ ref('stg_plan_targets') }} as targets
    on
        choices.plan_id = targets.plan_id
        and choices.row_ref = targets.row_ref
        and choices.indicator_code = targets.indicator_code
where targets.plan_id is null
