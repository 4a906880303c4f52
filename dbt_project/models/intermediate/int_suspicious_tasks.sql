{#-
    What was sent about tasks by somebody who does not answer for them: reports that therefore change no state, and
    evidence registered by another province. One finding for each file.
-#}
with voices as (

    select
        plan_id,
        row_ref,
        assignee_code as org_code
    from {{ ref('int_task_assignees') }}
    where judged_on = {{ as_of() }}

    union

    select
        plan_id,
        row_ref,
        agency_code as org_code
    from {{ ref('stg_task_agencies') }}
    where role = 'lead'

    union

    select
        tasks.plan_id,
        tasks.row_ref,
        plans.org_code
    from {{ ref('stg_plan_tasks') }} as tasks
    inner join {{ ref('stg_plans') }} as plans on tasks.plan_id = plans.plan_id

),

unheard as (

    select
        'report_of_no_assignee' as finding_kind,
        reports.origin_submission_id as submission_id,
        count(*) as rows_affected,
        min(concat_ws(' ', reports.plan_id, reports.row_ref)) as example
    from {{ ref('int_task_report_versioned') }} as reports
    left join voices
        on
            reports.plan_id = voices.plan_id
            and reports.row_ref = voices.row_ref
            and reports.org_code = voices.org_code
    where reports.is_in_force and voices.org_code is null
    group by reports.origin_submission_id

),

strangers as (

    select
        'evidence_of_other_province' as finding_kind,
        evidence.origin_submission_id as submission_id,
        count(*) as rows_affected,
        min(concat_ws(' ', evidence.plan_id, evidence.row_ref)) as example
    from {{ ref('int_evidence_versioned') }} as evidence
    inner join {{ ref('stg_submissions') }} as submissions on evidence.submission_id = submissions.submission_id
    inner join {{ ref('stg_plans') }} as plans on evidence.plan_id = plans.plan_id
    inner join {{ ref('int_units') }} as units
        on
            submissions.org_code = units.unit_code
            and {{ as_of() }} between units.valid_from and units.valid_to
    where evidence.is_in_force and units.province_code <> plans.province_code
    group by evidence.origin_submission_id

),

unioned as (

    select * from unheard
    union all
    select * from strangers

),

final as (

    select
        unioned.finding_kind,
        unioned.submission_id,
        '' as other_submission_id,
        '' as subject,
        submissions.org_code,
        submissions.period,
        cast(unioned.rows_affected as bigint) as rows_affected,
        case unioned.finding_kind
            when 'report_of_no_assignee'
                then concat_ws(
                    '',
                    'Có ', unioned.rows_affected, ' dòng do đơn vị không chủ trì nhiệm vụ báo cáo (như ',
                    unioned.example, ') nên không làm thay đổi trạng thái; cần đúng đơn vị chủ trì báo cáo.'
                )
            else concat_ws(
                '',
                'Có ', unioned.rows_affected, ' minh chứng cho kế hoạch của tỉnh khác (như ', unioned.example,
                '); kết quả thẩm định vẫn đang được tính, cần xác nhận hoặc rút.'
            )
        end as message_vi,
        case unioned.finding_kind
            when 'report_of_no_assignee'
                then concat_ws(
                    '',
                    'Rows reported by a unit that does not lead the task: ', unioned.rows_affected, ' (such as ',
                    unioned.example, '). They change no state; whoever leads the task has to report.'
                )
            else concat_ws(
                '',
                'Evidence for the plan of another province: ', unioned.rows_affected, ' (such as ', unioned.example,
                '). Its verdicts count until it is withdrawn; confirm or withdraw it.'
            )
        end as message_en
    from unioned
    inner join {{ ref('stg_submissions') }} as submissions on unioned.submission_id = submissions.submission_id

)

select * from final
