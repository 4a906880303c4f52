{#-
    Which of the six clarities ('6 rõ') each task satisfies, by the rules of the seed clarities; deadlines and
    products as adjusted by the day of the release.
-#}
with words as (

    select * from {{ ref('task_words') }} as words
    where {{ holds_at_as_of('words') }}

),

leads as (

    select
        roles.plan_id,
        roles.row_ref,
        count(*) as lead_count,
        count(case when not {{ is_agency_group('agencies') }} then 1 end) as named_count
    from {{ ref('stg_task_agencies') }} as roles
    inner join {{ ref('stg_agencies') }} as agencies on roles.agency_code = agencies.agency_code
    where roles.role = 'lead'
    group by roles.plan_id, roles.row_ref

),

tasks as (

    select
        deadlines.plan_id,
        deadlines.row_ref,
        deadlines.due_on,
        deadlines.deadline_kind,
        deadlines.recurrence,
        trim(tasks.title_vi) as title,
        coalesce(lower(trim(deadlines.deliverable_vi)), '') as product,
        coalesce(trim(tasks.kpi_vi), '') as kpi,
        coalesce(trim(tasks.head_responsible_raw), '') <> '' as is_head_named,
        coalesce(trim(tasks.assigned_by_raw), '') <> '' as is_assigned_by_document,
        coalesce(leads.lead_count, 0) as lead_count,
        coalesce(leads.named_count, 0) as named_count
    from {{ ref('int_task_deadlines') }} as deadlines
    inner join {{ ref('stg_plan_tasks') }} as tasks
        on deadlines.plan_id = tasks.plan_id and deadlines.row_ref = tasks.row_ref
    left join leads on deadlines.plan_id = leads.plan_id and deadlines.row_ref = leads.row_ref
    where deadlines.judged_on = {{ as_of() }}

),

products as (

    select
        tasks.plan_id,
        tasks.row_ref,
        bool_or(words.purpose = 'one_off_product' and instr(tasks.product, words.word) = 1) as is_one_off,
        bool_or(words.purpose = 'deciding_body' and contains(tasks.product, words.word)) as names_body
    from tasks
    cross join words
    group by tasks.plan_id, tasks.row_ref

),

judged as (

    select
        tasks.plan_id,
        tasks.row_ref,
        tasks.named_count > 0 as is_person_clear,
        length(tasks.title) - length(replace(tasks.title, ' ', '')) >= 2
        and not contains(tasks.title, ';')
        and not (tasks.product = '' and contains(tasks.kpi || '|', '%|')) as is_work_clear,
        tasks.due_on is not null
        or tasks.deadline_kind = 'recurring'
        and tasks.recurrence is not null
        and not (tasks.recurrence = 'continuous' and coalesce(products.is_one_off, false)) as is_time_clear,
        tasks.is_head_named or (tasks.lead_count = 1 and tasks.named_count = 1) as is_responsibility_clear,
        tasks.product <> '' as is_product_clear,
        tasks.is_assigned_by_document or coalesce(products.names_body, false) as is_authority_clear
    from tasks
    left join products on tasks.plan_id = products.plan_id and tasks.row_ref = products.row_ref

),

final as (

    select
        *,
        nullif(
            concat_ws(
                ';',
                case when not is_person_clear then 'person' end,
                case when not is_work_clear then 'work' end,
                case when not is_time_clear then 'time' end,
                case when not is_responsibility_clear then 'responsibility' end,
                case when not is_product_clear then 'product' end,
                case when not is_authority_clear then 'authority' end
            ), ''
        ) as clarity_missing
    from judged

)

select * from final
