{#-
    Which submission reports for whom on which plan and period: task reports by the plan their rows name, indicator
    reports by the plans that set a target for their indicators. What landed no row, or was withdrawn, says nothing.
-#}
with task_reports as (

    select distinct
        'task_report' as form,
        plan_id,
        org_code as reporter_code,
        period,
        submission_id
    from {{ ref('stg_task_report') }}

),

plan_indicators as (

    select distinct
        plan_id,
        indicator_code
    from {{ ref('stg_plan_targets') }}

),

indicator_reports as (

    select distinct
        'indicator_report' as form,
        plan_indicators.plan_id,
        reported.org_code as reporter_code,
        reported.period,
        reported.submission_id
    from {{ ref('stg_indicator_report') }} as reported
    inner join plan_indicators on reported.indicator_code = plan_indicators.indicator_code

),

reports as (

    select * from task_reports
    union all
    select * from indicator_reports

),

final as (

    select
        reports.*,
        periods.period_start,
        periods.period_end,
        submissions.received_at,
        {{ local_day('submissions.received_at') }} as received_on
    from reports
    inner join {{ ref('int_periods') }} as periods on reports.period = periods.period
    inner join {{ ref('stg_submissions') }} as submissions
        on reports.submission_id = submissions.submission_id
    where submissions.status = 'landed'

)

select * from final
