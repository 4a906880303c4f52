{#- Which of the six clarities each task satisfies on the day of the release. -#}
select
    clarity.plan_id,
    clarity.row_ref,
    clarity.is_person_clear,
    clarity.is_work_clear,
    clarity.is_time_clear,
    clarity.is_responsibility_clear,
    clarity.is_product_clear,
    clarity.is_authority_clear,
    clarity.clarity_missing
from {{ ref('int_task_clarity') }} as clarity
inner join {{ ref('int_task_days') }} as days on clarity.judged_on = days.judged_on
where days.is_current
