{#- When each task starts and falls due, as issued. -#}
select
    days.judged_on,
    tasks.plan_id,
    tasks.row_ref,
    plans.valid_from as issued_on,
    tasks.deadline_kind,
    tasks.due_on as due_as_issued_on,
    tasks.due_on,
    coalesce(tasks.start_on, plans.valid_from) as start_on,
    tasks.recurrence,
    false as is_standing_suspected,
    false as is_standing,
    cast(null as date) as adjusted_on,
    cast(null as varchar) as adjusted_by,
    tasks.deliverable_vi,
    cast(null as varchar) as continued_by_plan_id,
    cast(null as varchar) as continued_by_row_ref
from {{ ref('stg_plan_tasks') }} as tasks
inner join {{ ref('stg_plans') }} as plans on tasks.plan_id = plans.plan_id
cross join {{ ref('int_task_days') }} as days
