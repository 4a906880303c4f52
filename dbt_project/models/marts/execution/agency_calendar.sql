with assignee_states as (

    select * from {{ ref('int_task_assignee_states') }}
    where is_current and due_on is not null and state <> 'not_yet_issued'

),

owed_reports as (

    select * from {{ ref('reporting_compliance') }}
    where due_on is not null

),

tasks as (

    select
        states.assignee_code as agency_code,
        states.assignee_name_vi as agency_name_vi,
        states.province_code,
        states.due_on,
        'task' as kind,
        states.plan_id,
        states.row_ref as reference,
        states.row_ref,
        cast(null as {{ dbt.type_string() }}) as obligation_code,
        cast(null as {{ dbt.type_string() }}) as period,
        plan_tasks.title_vi,
        states.state,
        not states.is_done and states.continued_by_plan_id is null as is_open
    from assignee_states as states
    inner join {{ ref('stg_plan_tasks') }} as plan_tasks
        on states.plan_id = plan_tasks.plan_id and states.row_ref = plan_tasks.row_ref

),

reports as (

    select
        reporter_code as agency_code,
        reporter_name_vi as agency_name_vi,
        province_code,
        due_on,
        'report' as kind,
        plan_id,
        concat_ws(' ', obligation_code, period) as reference,
        cast(null as {{ dbt.type_string() }}) as row_ref,
        obligation_code,
        period,
        concat_ws(
            '',
            'Báo cáo ',
            {{ reporting_period_words('vi') }},
            ' gửi ',
            receiver_vi
        ) as title_vi,
        state,
        state in ('missing', 'not_yet_due') and (cadence <> 'weekly' or period_end >= {{ as_of() }}) as is_open
    from owed_reports

),

falling_due as (

    select * from tasks
    union all
    select * from reports

),

in_weeks as (

    select
        *,
        {{ week_start_on('due_on') }} as week_start_on
    from falling_due
    where is_open or due_on >= {{ week_start_on(as_of()) }}

),

final as (

    select
        agency_code,
        agency_name_vi,
        province_code,
        {{ iso_week('week_start_on') }} as week,
        week_start_on,
        due_on,
        kind,
        plan_id,
        reference,
        row_ref,
        obligation_code,
        period,
        title_vi,
        state,
        is_open
    from in_weeks

)

select * from final
