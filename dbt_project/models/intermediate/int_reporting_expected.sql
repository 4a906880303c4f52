{#-
    Who owes which report: every agency or commune that leads a task of the plan, or the plan's own place. Nobody
    reports to itself; a place owes nothing for the time before it was there; a group whose members are not known has no
    sender and owes nothing (due_on is empty). A task without a lead makes nobody owe a report: it is a finding.
-#}
with due as (

    select * from {{ ref('int_reporting_due') }}

),

places as (

    select * from {{ ref('int_places') }}
    where {{ as_of() }} between valid_from and valid_to

),

leads as (

    select distinct
        assignees.plan_id,
        assignees.assignee_code as reporter_code,
        assignees.assignee_kind as reporter_kind,
        assignees.assignee_name_vi as reporter_name_vi,
        places.valid_from as reporter_from
    from {{ ref('int_task_assignees') }} as assignees
    left join places on assignees.assignee_code = places.org_code
    where
        assignees.judged_on = {{ as_of() }}
        -- A place stands for itself only where no lead is named; communes are members of a group.
        and (assignees.assignee_kind <> 'org_unit' or assignees.via_group_code is not null)

),

by_leads as (

    select
        due.*,
        leads.reporter_code,
        leads.reporter_kind,
        leads.reporter_name_vi,
        leads.reporter_from
    from due
    inner join leads on due.plan_id = leads.plan_id
    where due.reporters = 'task_leads'

),

by_places as (

    select
        due.*,
        due.plan_org_code as reporter_code,
        'org_unit' as reporter_kind,
        places.org_name_vi as reporter_name_vi,
        places.valid_from as reporter_from
    from due
    inner join places on due.plan_org_code = places.org_code
    where due.reporters = 'place'

),

reporters as (

    select * from by_leads
    union all
    select * from by_places

),

final as (

    select
        obligation_code,
        plan_id,
        province_code,
        reporter_code,
        reporter_kind,
        reporter_name_vi,
        receiver_code,
        channel_vi,
        channel_en,
        form,
        cadence,
        period,
        period_start,
        period_end,
        case when reporter_kind <> 'group' then due_on end as due_on
    from reporters
    where
        reporter_code <> receiver_code
        and (reporter_kind <> 'group' or {{ as_of() }} between period_start and period_end)
        and coalesce(reporter_from <= due_on, true)

)

select * from final
