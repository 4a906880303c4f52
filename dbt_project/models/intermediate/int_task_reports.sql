{#-
    The report (F06) that speaks for each assignee, and for the task as a whole (assignee_code empty), on a day.

    It counts where its period had ended or it had come in by then; of those the newest period speaks, then the
    one received last. What a group or the plan's owner says is said of the whole, or of the only assignee.
-#}
with reports as (

    select
        days.judged_on,
        versions.*,
        periods.period_start,
        periods.period_end,
        {{ local_day('versions.submission_received_at') }} as received_on
    from {{ ref('int_task_report_versioned') }} as versions
    inner join {{ ref('int_periods') }} as periods on versions.period = periods.period
    cross join {{ ref('int_task_days') }} as days
    where versions.is_in_force

),

assignees as (

    select * from {{ ref('int_task_assignees') }}

),

whole as (

    select distinct
        judged_on,
        plan_id,
        row_ref,
        case when assignees_total = 1 then assignee_code end as assignee_code
    from assignees

),

voices as (

    select
        judged_on,
        plan_id,
        row_ref,
        assignee_code,
        assignee_code as reporter_code
    from assignees

    union

    select
        whole.judged_on,
        whole.plan_id,
        whole.row_ref,
        whole.assignee_code,
        plans.org_code as reporter_code
    from whole
    inner join {{ ref('stg_plans') }} as plans on whole.plan_id = plans.plan_id

    union

    select
        whole.judged_on,
        whole.plan_id,
        whole.row_ref,
        whole.assignee_code,
        roles.agency_code as reporter_code
    from whole
    inner join {{ ref('stg_task_agencies') }} as roles
        on whole.plan_id = roles.plan_id and whole.row_ref = roles.row_ref and roles.role = 'lead'
    left join assignees
        on
            whole.judged_on = assignees.judged_on
            and whole.plan_id = assignees.plan_id
            and whole.row_ref = assignees.row_ref
            and roles.agency_code = assignees.assignee_code
    where assignees.assignee_code is null

),

final as (

    select
        voices.judged_on,
        voices.plan_id,
        voices.row_ref,
        voices.assignee_code,
        reports.org_code as reporter_code,
        reports.period,
        reports.period_start,
        reports.period_end,
        reports.state,
        reports.percent_complete,
        reports.evidence_ref,
        reports.difficulty,
        reports.origin_submission_id as submission_id
    from voices
    inner join reports
        on
            voices.judged_on = reports.judged_on
            and voices.plan_id = reports.plan_id
            and voices.row_ref = reports.row_ref
            and voices.reporter_code = reports.org_code
    where reports.period_end <= voices.judged_on or reports.received_on <= voices.judged_on
    qualify row_number() over (
        partition by voices.judged_on, voices.plan_id, voices.row_ref, voices.assignee_code
        order by
            reports.period_end desc,
            reports.submission_received_at desc,
            reports.submission_id desc,
            reports.row_number desc
    ) = 1

)

select * from final
