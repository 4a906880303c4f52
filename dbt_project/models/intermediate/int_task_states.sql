{#-
    The state of each task as a whole.

    With one assignee it is that assignee's. With several the task is done when as many of them are done as the
    strictest of their groups asks for, on the day that number was reached. Its percentage is what the group or the
    plan's owner reports of the whole, else the mean once every assignee has reported one.
-#}
with assignees as (

    select
        states.*,
        ceil(coalesce(rules.done_share, 1) * states.assignees_total) as needed,
        row_number() over (
            partition by states.judged_on, states.plan_id, states.row_ref
            order by
                case when states.is_proven then 0 else 1 end asc,
                coalesce(states.proven_on, states.judged_on) asc,
                states.assignee_code asc
        ) as done_order
    from {{ ref('int_task_assignee_states') }} as states
    left join {{ ref('stg_agencies') }} as groups on states.via_group_code = groups.agency_code
    left join {{ ref('task_group_rules') }} as rules
        on groups.kind = rules.group_kind and {{ holds_on('rules', 'states.judged_on') }}

),

counted as (

    select
        *,
        max(needed) over (partition by judged_on, plan_id, row_ref) as needed_of_task
    from assignees

),

together as (

    select
        judged_on,
        plan_id,
        row_ref,
        count(*) as assignees_total,
        cast(sum(case when is_proven then 1 else 0 end) as bigint) as assignees_done,
        sum(case when is_proven then 1 else 0 end) >= max(needed_of_task) as is_proven,
        max(case when done_order <= needed_of_task then proven_on end) as last_proven_on,
        bool_or(is_refused) as is_refused,
        bool_and(is_claimed) and bool_or(is_pending_in_time) as is_pending_in_time,
        bool_or(is_claimed) as is_claimed,
        max_by(reported_period, concat_ws('|', reported_until, reported_period)) filter (
            where reported_period is not null
        ) as reported_period,
        case
            when count(reported_state) = 0 then null
            when sum(case when reported_state = 'done' then 1 else 0 end) = count(*) then 'done'
            when bool_and(reported_state = 'not_started') then 'not_started'
            else 'in_progress'
        end as reported_state,
        case
            when count(percent_complete) = count(*) then cast(sum(percent_complete) / count(*) as decimal(18, 6))
        end as percent_complete,
        min(evidence_verdict) as evidence_verdict,
        max(case when is_refused or is_pending_in_time then newest_ref end) as newest_ref,
        max(case when is_pending_in_time then newest_filed_on end) as newest_filed_on,
        max(case when is_refused then newest_verdict_on end) as newest_verdict_on,
        max(case when assignees_total = 1 then difficulty end) as difficulty,
        max(case when assignees_total = 1 then submission_id end) as submission_id
    from counted
    group by judged_on, plan_id, row_ref

),

documents as (

    select
        judged_on,
        plan_id,
        row_ref,
        count(distinct evidence_ref) as evidence_count
    from {{ ref('int_evidence_judged') }}
    where is_filed_by_day
    group by judged_on, plan_id, row_ref

),

reported as (

    select
        timelines.*,
        together.assignees_total,
        together.assignees_done,
        together.is_proven,
        case when together.is_proven then together.last_proven_on end as proven_on,
        together.is_refused,
        together.is_pending_in_time,
        together.is_claimed,
        coalesce(whole.state, together.reported_state) as reported_state,
        coalesce(whole.period, together.reported_period) as reported_period,
        case when whole.state is null then together.percent_complete else whole.percent_complete end
            as percent_complete,
        coalesce(whole.difficulty, together.difficulty) as difficulty,
        coalesce(whole.submission_id, together.submission_id) as submission_id,
        together.evidence_verdict,
        together.newest_ref,
        together.newest_filed_on,
        together.newest_verdict_on,
        coalesce(documents.evidence_count, 0) as evidence_count
    from {{ ref('int_task_timelines') }} as timelines
    inner join together
        on
            timelines.judged_on = together.judged_on
            and timelines.plan_id = together.plan_id
            and timelines.row_ref = together.row_ref
    left join {{ ref('int_task_reports') }} as whole
        on
            timelines.judged_on = whole.judged_on
            and timelines.plan_id = whole.plan_id
            and timelines.row_ref = whole.row_ref
            and whole.assignee_code is null
    left join documents
        on
            timelines.judged_on = documents.judged_on
            and timelines.plan_id = documents.plan_id
            and timelines.row_ref = documents.row_ref

),

{{ task_verdict('reported') }}
