{#-
    When each task starts and falls due on each day judged: as issued, and as adjusted (F11) by decisions made by
    that day; of several on one thing the one received last speaks.

    A task with a day may still be standing work: where a rhythm stands beside the day, or where the day is the last
    of a year and the words of the seed task_words, or a like task of the place that recurs, say so. That is a
    suspicion until a person confirms it, or denies it, by an adjustment.
-#}
with days as (

    select * from {{ ref('int_task_days') }}

),

decided as (

    select
        days.judged_on,
        adjustments.*
    from {{ ref('stg_task_adjustments') }} as adjustments
    inner join days on adjustments.decided_on <= days.judged_on
    qualify row_number() over (
        partition by days.judged_on, adjustments.plan_id, adjustments.row_ref, adjustments.field
        order by adjustments.received_at desc, adjustments.submission_id desc, adjustments.row_number desc
    ) = 1

),

changes as (

    select
        judged_on,
        plan_id,
        row_ref,
        max(case when field = 'due_on' then due_on end) as due_on,
        max(case when field = 'due_on' then decision_number end) as due_by,
        max(case when field = 'deliverable_vi' then deliverable_vi end) as deliverable_vi,
        max(case when field = 'deliverable_vi' then decision_number end) as deliverable_by,
        max(case when field = 'recurrence' then recurrence end) as recurrence,
        max(case when field = 'recurrence' then decision_number end) as recurrence_by,
        max(case when field = 'due_on' then decided_on end) as due_decided_on,
        max(decided_on) as decided_on
    from decided
    where field <> 'continues'
    group by judged_on, plan_id, row_ref

),

continued as (

    select
        judged_on,
        older_plan_id,
        older_row_ref,
        plan_id,
        row_ref,
        decision_number,
        decided_on
    from decided
    where field = 'continues'
    qualify row_number() over (
        partition by judged_on, older_plan_id, older_row_ref
        order by received_at desc, submission_id desc, row_number desc
    ) = 1

),

worded as (

    select
        tasks.plan_id,
        tasks.row_ref,
        bool_or(
            words.purpose = 'standing_work'
            and contains(lower(concat_ws(' ', tasks.title_vi, tasks.deliverable_vi)), words.word)
        ) as is_standing,
        bool_or(
            words.purpose = 'one_off_work' and instr(lower(tasks.title_vi), concat_ws('', words.word, ' ')) = 1
        ) as is_one_off
    from {{ ref('stg_plan_tasks') }} as tasks
    cross join {{ ref('task_words') }} as words
    where {{ holds_at_as_of('words') }}
    group by tasks.plan_id, tasks.row_ref

),

recurring_elsewhere as (

    select distinct
        alike.plan_id,
        alike.row_ref
    from {{ ref('int_task_matches') }} as alike
    inner join {{ ref('stg_plan_tasks') }} as others
        on alike.other_plan_id = others.plan_id and alike.other_row_ref = others.row_ref
    where others.deadline_kind = 'recurring'

),

adjusted as (

    select
        days.judged_on,
        tasks.plan_id,
        tasks.row_ref,
        plans.valid_from as issued_on,
        case when changes.due_on is not null then 'date' else tasks.deadline_kind end as deadline_kind,
        tasks.due_on as due_as_issued_on,
        coalesce(changes.due_on, tasks.due_on) as due_on,
        coalesce(tasks.start_on, plans.valid_from) as start_on,
        case
            when changes.recurrence is not null then nullif(changes.recurrence, 'none')
            when changes.due_on is null or tasks.due_on is not null then tasks.recurrence
        end as recurrence,
        coalesce(changes.recurrence <> 'none', false) as is_standing,
        changes.recurrence is not null as is_standing_decided,
        not coalesce(worded.is_one_off, false)
        and (coalesce(worded.is_standing, false) or recurring_elsewhere.plan_id is not null) as has_sign,
        changes.decided_on as adjusted_on,
        changes.due_decided_on as due_adjusted_on,
        nullif(
            concat_ws(
                '; ',
                changes.due_by,
                case when changes.deliverable_by <> coalesce(changes.due_by, '') then changes.deliverable_by end,
                case
                    when
                        changes.recurrence_by <> coalesce(changes.due_by, '')
                        and changes.recurrence_by <> coalesce(changes.deliverable_by, '')
                        then changes.recurrence_by
                end
            ), ''
        ) as adjusted_by,
        coalesce(changes.deliverable_vi, tasks.deliverable_vi) as deliverable_vi,
        continued.plan_id as continued_by_plan_id,
        continued.row_ref as continued_by_row_ref,
        continued.decision_number as continued_decision_number,
        continued.decided_on as continued_decided_on
    from {{ ref('stg_plan_tasks') }} as tasks
    inner join {{ ref('stg_plans') }} as plans on tasks.plan_id = plans.plan_id
    cross join days
    left join changes
        on
            days.judged_on = changes.judged_on
            and tasks.plan_id = changes.plan_id
            and tasks.row_ref = changes.row_ref
    left join continued
        on
            days.judged_on = continued.judged_on
            and tasks.plan_id = continued.older_plan_id
            and tasks.row_ref = continued.older_row_ref
    left join worded on tasks.plan_id = worded.plan_id and tasks.row_ref = worded.row_ref
    left join recurring_elsewhere
        on tasks.plan_id = recurring_elsewhere.plan_id and tasks.row_ref = recurring_elsewhere.row_ref

),

final as (

    select
        judged_on,
        plan_id,
        row_ref,
        issued_on,
        deadline_kind,
        due_as_issued_on,
        due_on,
        start_on,
        recurrence,
        due_on is not null
        and not is_standing_decided
        and (
            recurrence is not null
            or (has_sign and month(due_on) = 12 and day(due_on) = 31 and deadline_kind <> 'period')
        ) as is_standing_suspected,
        is_standing,
        adjusted_on,
        adjusted_by,
        due_adjusted_on,
        deliverable_vi,
        continued_by_plan_id,
        continued_by_row_ref,
        continued_decision_number,
        continued_decided_on
    from adjusted

)

select * from final
