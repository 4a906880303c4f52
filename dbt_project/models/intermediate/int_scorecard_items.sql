{#-
    Everything an agency answers for on a day, and as what it counts: indicators by the answerable role of their
    plan, tasks by their lead, reports and files of the running year by their sender.
-#}
with days as (

    select
        judged_on,
        is_current,
        {{ previous_year_end('judged_on') }} as last_year_ended_on
    from {{ ref('int_task_days') }}

),

answerable as (

    select
        plan_id,
        row_ref,
        agency_code
    from {{ ref('stg_target_agencies') }}
    where is_answerable and agency_code is not null

),

newest_progress as (

    select
        progress.*,
        days.judged_on as scored_on
    from {{ ref('indicator_progress') }} as progress
    inner join days on progress.judged_on <= days.judged_on
    inner join {{ ref('stg_indicators') }} as indicators on progress.indicator_code = indicators.indicator_code
    where progress.plan_id is not null and not progress.is_inherited_target
    qualify row_number() over (
        partition by days.judged_on, progress.org_code, progress.org_valid_from, progress.plan_id, progress.row_ref
        order by
            case when progress.actual is null then 1 else 0 end asc,
            progress.period_end desc,
            case when progress.period_kind = indicators.frequency then 0 else 1 end asc,
            progress.period asc
    ) = 1

),

indicators as (

    select
        progress.scored_on as judged_on,
        answerable.agency_code,
        'indicators' as part,
        concat_ws(' ', progress.plan_id, progress.row_ref, progress.org_code) as item_key,
        progress.plan_id,
        progress.row_ref,
        progress.indicator_code,
        progress.org_code,
        cast(null as {{ dbt.type_string() }}) as obligation_code,
        progress.period,
        progress.submission_id,
        progress.indicator_name_vi as title_vi,
        progress.status as state,
        case
            when not progress.is_primary then 'not_primary'
            when progress.status = 'achieved' and not progress.is_verified then 'achieved_unverified'
            else progress.status
        end as counted_as
    from newest_progress as progress
    inner join answerable on progress.plan_id = answerable.plan_id and progress.row_ref = answerable.row_ref

),

tasks as (

    select
        states.judged_on,
        states.assignee_code as agency_code,
        'tasks' as part,
        concat_ws(' ', states.plan_id, states.row_ref) as item_key,
        states.plan_id,
        states.row_ref,
        cast(null as {{ dbt.type_string() }}) as indicator_code,
        cast(null as {{ dbt.type_string() }}) as org_code,
        cast(null as {{ dbt.type_string() }}) as obligation_code,
        states.reported_period as period,
        states.submission_id,
        plan_tasks.title_vi,
        states.state,
        case
            when states.continued_by_plan_id is not null then 'carried_over'
            when states.state in ('due_soon', 'in_term') and contains(states.alert_rule, 'behind') then 'behind'
            else states.state
        end as counted_as
    from {{ ref('int_task_assignee_states') }} as states
    inner join {{ ref('stg_plan_tasks') }} as plan_tasks
        on states.plan_id = plan_tasks.plan_id and states.row_ref = plan_tasks.row_ref

),

reports as (

    select
        days.judged_on,
        reports.*,
        coalesce({{ local_day('reports.received_at') }} <= days.judged_on, false) as is_received
    from {{ ref('reporting_compliance') }} as reports
    inner join days on reports.due_on > days.last_year_ended_on and reports.due_on <= days.judged_on

),

discipline as (

    select
        reports.judged_on,
        reports.reporter_code as agency_code,
        'discipline' as part,
        concat_ws(' ', reports.obligation_code, reports.period) as item_key,
        reports.plan_id,
        cast(null as {{ dbt.type_string() }}) as row_ref,
        cast(null as {{ dbt.type_string() }}) as indicator_code,
        cast(null as {{ dbt.type_string() }}) as org_code,
        reports.obligation_code,
        reports.period,
        case when reports.is_received then reports.submission_id end as submission_id,
        concat_ws(', ', reports.channel_vi, reports.receiver_vi) as title_vi,
        case when reports.is_received then reports.state else 'missing' end as state,
        case when reports.is_received then reports.state else 'missing' end as counted_as
    from reports
    {#- On its last day a report that is not in yet is not missing. #}
    where reports.is_received or reports.due_on < reports.judged_on

),

corrected as (

    select distinct corrected_submission_id as submission_id
    from {{ ref('corrected_cells') }}
    where is_applied

),

files as (

    select
        days.judged_on,
        submissions.*,
        case
            when submissions.status <> 'landed' then submissions.status
            when submissions.rows_quarantined > 0 then 'rows_quarantined'
            when corrected.submission_id is not null then 'corrected'
            else 'clean'
        end as state
    from {{ ref('stg_submissions') }} as submissions
    inner join days
        on
            {{ local_day('submissions.received_at') }} > days.last_year_ended_on
            and {{ local_day('submissions.received_at') }} <= days.judged_on
    left join corrected on submissions.submission_id = corrected.submission_id

),

quality as (

    select
        files.judged_on,
        files.org_code as agency_code,
        'quality' as part,
        files.submission_id as item_key,
        cast(null as {{ dbt.type_string() }}) as plan_id,
        cast(null as {{ dbt.type_string() }}) as row_ref,
        cast(null as {{ dbt.type_string() }}) as indicator_code,
        files.org_code,
        cast(null as {{ dbt.type_string() }}) as obligation_code,
        files.period,
        files.submission_id,
        files.file_name as title_vi,
        files.state,
        files.state as counted_as
    from files

),

unioned as (

    select * from indicators
    union all
    select * from tasks
    union all
    select * from discipline
    union all
    select * from quality

),

final as (

    {#- Communes and provinces lead tasks and send files too, and are no agencies. #}
    select unioned.*
    from unioned
    inner join {{ ref('stg_agencies') }} as agencies on unioned.agency_code = agencies.agency_code

)

select * from final
