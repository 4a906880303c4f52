{#-
    Who has to do each task: its lead agencies, groups expanded to the members known on the day.

    A member reached in several ways counts once, by its own name first. A group without known members is one
    assignee itself; a task without a lead falls to the place whose plan it is.
-#}
with tasks as (

    select
        days.judged_on,
        tasks.plan_id,
        tasks.row_ref,
        plans.org_code as owner_code,
        greatest(days.judged_on, plans.valid_from) as counted_on
    from {{ ref('stg_plan_tasks') }} as tasks
    inner join {{ ref('stg_plans') }} as plans on tasks.plan_id = plans.plan_id
    cross join {{ ref('int_task_days') }} as days

),

leads as (

    select
        tasks.*,
        coalesce(roles.agency_code, tasks.owner_code) as lead_code
    from tasks
    left join {{ ref('stg_task_agencies') }} as roles
        on tasks.plan_id = roles.plan_id and tasks.row_ref = roles.row_ref and roles.role = 'lead'

),

groups as (

    select
        named.group_code,
        named.member_kind,
        named.member,
        cast(named.valid_from as date) as valid_from,
        coalesce(cast(named.valid_to as date), date '9999-12-31') as valid_to,
        agencies.province_code
    from {{ ref('agency_groups') }} as named
    inner join {{ ref('stg_agencies') }} as agencies on named.group_code = agencies.agency_code

),

members as (

    select
        groups.group_code,
        agencies.agency_code as member_code,
        groups.valid_from,
        groups.valid_to
    from groups
    inner join {{ ref('stg_agencies') }} as agencies
        on
            groups.province_code = agencies.province_code
            and groups.member = case groups.member_kind
                when 'agency_kind' then agencies.kind
                when 'agency' then agencies.agency_code
            end

    union all

    select
        groups.group_code,
        places.org_code as member_code,
        greatest(groups.valid_from, places.valid_from) as valid_from,
        least(groups.valid_to, places.valid_to) as valid_to
    from groups
    inner join {{ ref('int_places') }} as places
        on
            groups.member_kind = 'communes'
            and groups.province_code = places.province_code
            and places.org_level = 'commune'

),

expanded as (

    select
        leads.*,
        coalesce(members.member_code, leads.lead_code) as assignee_code,
        case when members.member_code is not null then leads.lead_code end as via_group_code
    from leads
    left join members
        on leads.lead_code = members.group_code and leads.counted_on between members.valid_from and members.valid_to
    qualify row_number() over (
        partition by leads.judged_on, leads.plan_id, leads.row_ref, coalesce(members.member_code, leads.lead_code)
        order by
            case when members.member_code is null then 0 else 1 end asc,
            leads.lead_code asc
    ) = 1

),

final as (

    select
        expanded.judged_on,
        expanded.plan_id,
        expanded.row_ref,
        expanded.assignee_code,
        case
            when agencies.agency_code is null then 'org_unit'
            when {{ is_agency_group('agencies') }} then 'group'
            else 'agency'
        end as assignee_kind,
        expanded.via_group_code,
        coalesce(agencies.name_vi, places.org_name_vi) as assignee_name_vi,
        count(*) over (partition by expanded.judged_on, expanded.plan_id, expanded.row_ref) as assignees_total
    from expanded
    left join {{ ref('stg_agencies') }} as agencies on expanded.assignee_code = agencies.agency_code
    left join {{ ref('int_places') }} as places
        on
            expanded.assignee_code = places.org_code
            and expanded.counted_on between places.valid_from and places.valid_to

)

select * from final
