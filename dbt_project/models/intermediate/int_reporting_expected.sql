{#-
    Who owes which report: every agency or commune that leads a task of the plan, or the plan's own place. Nobody
    reports to itself, and a group whose members are not known owes nothing (due_on is empty): it has no sender.
-#}
with due as (

    select * from {{ ref('int_reporting_due') }}

),

leads as (

    select distinct
        plan_id,
        assignee_code as reporter_code,
        assignee_kind as reporter_kind
    from {{ ref('int_task_assignees') }}

),

by_leads as (

    select
        due.*,
        leads.reporter_code,
        leads.reporter_kind
    from due
    inner join leads on due.plan_id = leads.plan_id
    where due.reporters = 'task_leads'

),

by_places as (

    select
        due.*,
        due.plan_org_code as reporter_code,
        'org_unit' as reporter_kind
    from due
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
        receiver_code,
        channel_vi,
        channel_en,
        form,
        cadence,
        period,
        period_start,
        period_end,
        case when reporter_kind <> 'group' then due_on end as due_on,
        due_on is not null as is_asked_for
    from reporters
    where
        reporter_code <> receiver_code
        and (reporter_kind <> 'group' or {{ as_of() }} between period_start and period_end)

)

select * from final
