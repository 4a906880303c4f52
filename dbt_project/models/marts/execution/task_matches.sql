{#- Tasks that a newer plan may carry over from an older one of its place, and what a person has confirmed (F11). -#}
with confirmed as (

    select * from {{ ref('int_task_deadlines') }}
    where judged_on = {{ as_of() }} and continued_by_plan_id is not null

),

pairs as (

    select
        coalesce(alike.plan_id, confirmed.plan_id) as older_plan_id,
        coalesce(alike.row_ref, confirmed.row_ref) as older_row_ref,
        coalesce(alike.other_plan_id, confirmed.continued_by_plan_id) as newer_plan_id,
        coalesce(alike.other_row_ref, confirmed.continued_by_row_ref) as newer_row_ref,
        alike.score,
        confirmed.continued_decision_number as decision_number,
        confirmed.continued_decided_on as decided_on
    from {{ ref('int_task_matches') }} as alike
    full outer join confirmed
        on
            alike.plan_id = confirmed.plan_id
            and alike.row_ref = confirmed.row_ref
            and alike.other_plan_id = confirmed.continued_by_plan_id
            and alike.other_row_ref = confirmed.continued_by_row_ref

),

final as (

    select
        plans.province_code,
        plans.org_code,
        pairs.older_plan_id,
        pairs.older_row_ref,
        older.title_vi as older_title_vi,
        older.deadline_raw as older_deadline_text,
        pairs.newer_plan_id,
        pairs.newer_row_ref,
        newer.title_vi as newer_title_vi,
        newer.deadline_raw as newer_deadline_text,
        pairs.score,
        pairs.decision_number is not null as is_confirmed,
        pairs.decision_number,
        pairs.decided_on
    from pairs
    inner join {{ ref('stg_plans') }} as plans on pairs.newer_plan_id = plans.plan_id
    inner join {{ ref('stg_plan_tasks') }} as older
        on pairs.older_plan_id = older.plan_id and pairs.older_row_ref = older.row_ref
    inner join {{ ref('stg_plan_tasks') }} as newer
        on pairs.newer_plan_id = newer.plan_id and pairs.newer_row_ref = newer.row_ref

)

select * from final
