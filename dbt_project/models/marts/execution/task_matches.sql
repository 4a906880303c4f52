{#- Tasks that a newer plan may carry over from an older one of its place, and what a person has confirmed (F11). -#}
with decided as (

    select * from {{ ref('stg_task_adjustments') }}
    where field = 'continues' and decided_on <= {{ as_of() }}
    qualify row_number() over (
        partition by plan_id, row_ref
        order by received_at desc, submission_id desc, row_number desc
    ) = 1

),

confirmed as (

    select * from decided
    qualify row_number() over (
        partition by older_plan_id, older_row_ref
        order by received_at desc, submission_id desc, row_number desc
    ) = 1

),

pairs as (

    select
        plan_id as older_plan_id,
        row_ref as older_row_ref,
        other_plan_id as newer_plan_id,
        other_row_ref as newer_row_ref
    from {{ ref('int_task_matches') }}

    union distinct

    select
        older_plan_id,
        older_row_ref,
        plan_id as newer_plan_id,
        row_ref as newer_row_ref
    from confirmed

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
        alike.score,
        confirmed.decision_number is not null as is_confirmed,
        confirmed.decision_number,
        confirmed.decided_on
    from pairs
    inner join {{ ref('stg_plans') }} as plans on pairs.newer_plan_id = plans.plan_id
    inner join {{ ref('stg_plan_tasks') }} as older
        on pairs.older_plan_id = older.plan_id and pairs.older_row_ref = older.row_ref
    inner join {{ ref('stg_plan_tasks') }} as newer
        on pairs.newer_plan_id = newer.plan_id and pairs.newer_row_ref = newer.row_ref
    left join {{ ref('int_task_matches') }} as alike
        on
            pairs.older_plan_id = alike.plan_id
            and pairs.older_row_ref = alike.row_ref
            and pairs.newer_plan_id = alike.other_plan_id
            and pairs.newer_row_ref = alike.other_row_ref
    left join confirmed
        on
            pairs.older_plan_id = confirmed.older_plan_id
            and pairs.older_row_ref = confirmed.older_row_ref
            and pairs.newer_plan_id = confirmed.plan_id
            and pairs.newer_row_ref = confirmed.row_ref

)

select * from final
