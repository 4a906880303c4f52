{#-
    What is wrong with the tasks of the plans issued, as they stand on the day of the release after adjustments: days
    that do not exist or cannot be kept, standing work with a day, nobody to lead, the same work twice.
-#}
with leads as (

    select distinct
        plan_id,
        row_ref
    from {{ ref('stg_task_agencies') }}
    where role = 'lead'

),

tasks as (

    select
        deadlines.*,
        places.province_code,
        places.org_code,
        places.valid_from,
        plans.date_is_assumed as is_date_assumed,
        contains(
            lower(plans.scope_vi),
            concat_ws('', 'kế hoạch năm ', cast(year(plans.valid_from) as {{ dbt.type_string() }}))
        )
        or contains(
            lower(plans.scope_vi),
            concat_ws('', 'nhiệm vụ năm ', cast(year(plans.valid_from) as {{ dbt.type_string() }}))
        ) as is_plan_of_year,
        tasks.title_vi,
        readings.due_as_read_on,
        readings.problem_vi,
        readings.problem_en,
        leads.plan_id is not null as has_lead,
        thresholds.deadline_after_issue_days,
        thresholds.task_duplicate_score,
        {{ plan_row_vi('plans.number', 'plans.valid_from', 'plans.date_is_assumed', 'tasks.row_ref') }} as row_vi,
        {{ plan_row_en('plans.number', 'plans.valid_from', 'plans.date_is_assumed', 'tasks.row_ref') }} as row_en,
        concat_ws(
            '',
            ' ghi hạn “' || tasks.deadline_raw || '”',
            case
                when deadlines.due_on <> coalesce(deadlines.due_as_issued_on, date '1900-01-01')
                    then ' (điều chỉnh đến ' || {{ date_vi('deadlines.due_on') }} || ')'
            end
        ) as deadline_vi,
        concat_ws(
            '',
            ' has the deadline “' || tasks.deadline_raw || '”',
            case
                when deadlines.due_on <> coalesce(deadlines.due_as_issued_on, date '1900-01-01')
                    then ' (adjusted to ' || {{ date_en('deadlines.due_on') }} || ')'
            end
        ) as deadline_en
    from {{ ref('int_task_deadlines') }} as deadlines
    inner join {{ ref('stg_plan_tasks') }} as tasks
        on deadlines.plan_id = tasks.plan_id and deadlines.row_ref = tasks.row_ref
    inner join {{ ref('stg_plans') }} as plans on deadlines.plan_id = plans.plan_id
    inner join {{ ref('int_places') }} as places
        on
            plans.org_code = places.org_code
            and {{ as_of() }} between places.valid_from and places.valid_to
    left join {{ ref('stg_task_deadline_readings') }} as readings
        on deadlines.plan_id = readings.plan_id and deadlines.row_ref = readings.row_ref
    left join leads on deadlines.plan_id = leads.plan_id and deadlines.row_ref = leads.row_ref
    cross join {{ ref('int_thresholds_in_force') }} as thresholds
    where deadlines.judged_on = {{ as_of() }} and deadlines.issued_on <= {{ as_of() }}

),

unioned as (

    {% for kind, said in task_finding_kinds().items() %}
    select
        '{{ kind }}' as finding_kind,
        plan_id,
        row_ref,
        cast(null as {{ dbt.type_string() }}) as other_plan_id,
        cast(null as {{ dbt.type_string() }}) as other_row_ref,
        concat_ws('', '“', title_vi, '”: ', row_vi, {{ said.vi }}) as message_vi,
        concat_ws('', '“', title_vi, '”: ', row_en, {{ said.en }}) as message_en
    from tasks
    where {{ said.when }}

    union all

    {% endfor %}
    select
        'likely_duplicate_tasks' as finding_kind,
        tasks.plan_id,
        tasks.row_ref,
        others.plan_id as other_plan_id,
        others.row_ref as other_row_ref,
        concat_ws(
            '',
            '“', tasks.title_vi, '” (', tasks.row_vi, ') và “', others.title_vi, '” (',
            {{ other_row_vi('tasks', 'others') }}, ') có thể là một việc giao hai lần. Đề nghị rà soát.'
        ) as message_vi,
        concat_ws(
            '',
            '“', tasks.title_vi, '” (', tasks.row_en, ') and “', others.title_vi, '” (',
            {{ other_row_en('tasks', 'others') }}, ') may be one task given twice. Please check.'
        ) as message_en
    from {{ ref('int_task_similarities') }} as alike
    inner join tasks on alike.plan_id = tasks.plan_id and alike.row_ref = tasks.row_ref
    inner join tasks as others on alike.other_plan_id = others.plan_id and alike.other_row_ref = others.row_ref
    where alike.plan_id = alike.other_plan_id and alike.title_score >= tasks.task_duplicate_score

),

final as (

    select
        unioned.finding_kind,
        tasks.province_code,
        tasks.org_code,
        tasks.valid_from,
        cast(null as {{ dbt.type_string() }}) as indicator_code,
        unioned.plan_id,
        unioned.row_ref,
        tasks.due_on as milestone_on,
        cast(null as decimal(18, 6)) as target,
        unioned.other_plan_id,
        unioned.other_row_ref,
        cast(null as {{ dbt.type_string() }}) as other_indicator_code,
        others.due_on as other_milestone_on,
        cast(null as decimal(18, 6)) as other_target,
        unioned.message_vi,
        unioned.message_en
    from unioned
    inner join tasks on unioned.plan_id = tasks.plan_id and unioned.row_ref = tasks.row_ref
    left join tasks as others on unioned.other_plan_id = others.plan_id and unioned.other_row_ref = others.row_ref

)

select * from final
