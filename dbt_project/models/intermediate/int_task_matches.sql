{#-
    Tasks of two plans of one place that are likely the same work: for each newer task the likest of an older plan,
    from a score that a dated threshold asks for.
-#}
select alike.*
from {{ ref('int_task_similarities') }} as alike
inner join {{ ref('int_thresholds_in_force') }} as thresholds on alike.score >= thresholds.task_match_score
where alike.plan_id <> alike.other_plan_id
qualify row_number() over (
    partition by alike.other_plan_id, alike.other_row_ref, alike.plan_id
    order by alike.score desc, alike.title_score desc, alike.row_ref asc
) = 1
