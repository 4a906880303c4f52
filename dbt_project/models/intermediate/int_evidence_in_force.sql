{#- The register of evidence as it stands: each line with what it proves, its file as hashed and its verdict today. -#}
with lines as (

    select * from {{ ref('int_evidence_versioned') }}
    where is_in_force

),

documents as (

    select
        *,
        {{ scope_key(['evidence_ref', 'plan_id', 'row_ref', 'indicator_code']) }} as evidence_key
    from {{ ref('int_evidence_document_versioned') }}
    where is_in_force

),

judged as (

    select * from {{ ref('int_evidence_judged') }}
    where is_current

),

starts as (

    select * from {{ ref('int_task_deadlines') }}
    where judged_on = {{ as_of() }}

),

targets as (

    select
        plan_id,
        row_ref,
        min_by(name_vi, line_number) as name_vi
    from {{ ref('stg_plan_targets') }}
    group by plan_id, row_ref

),

final as (

    select
        lines.scope_key,
        lines.evidence_ref,
        lines.plan_id,
        lines.row_ref,
        lines.indicator_code,
        {{ scope_key(['lines.plan_id', 'lines.row_ref', 'lines.indicator_code']) }} as proves_key,
        case
            when tasks.row_ref is not null then 'task'
            when lines.row_ref is not null then 'target'
            else 'indicator'
        end as proves,
        coalesce(tasks.title_vi, targets.name_vi, indicators.name_vi) as proves_title_vi,
        case
            when lines.row_ref is not null
                then {{ plan_row_vi('plans.number', 'plans.valid_from', 'plans.date_is_assumed', 'lines.row_ref') }}
            else concat_ws('', 'chỉ tiêu “', indicators.name_vi, '”')
        end as proves_vi,
        case
            when lines.row_ref is not null
                then {{ plan_row_en('plans.number', 'plans.valid_from', 'plans.date_is_assumed', 'lines.row_ref') }}
            else concat_ws('', 'indicator “', indicators.name_en, '”')
        end as proves_en,
        lines.kind,
        lines.document_number,
        lines.signed_on,
        coalesce(lines.filed_on, judged.filed_on) as filed_on,
        lines.file_name,
        coalesce(documents.sha256, lines.sha256) as sha256,
        documents.outcome as document_outcome,
        documents.origin_submission_id as document_submission_id,
        coalesce(documents.sha256 = coalesce(lines.sha256, documents.sha256), false) as is_hash_confirmed,
        {#- A plan whose day of issue is assumed gives no start to compare with. -#}
        case
            when starts.start_on is not null and not (plans.date_is_assumed and starts.start_on = starts.issued_on)
                then starts.start_on
            when not plans.date_is_assumed then plans.valid_from
        end as start_on,
        {{ local_day('lines.submission_received_at') }} as received_on,
        judged.province_code,
        judged.org_code,
        judged.is_filed_by_day,
        judged.required_level,
        judged.verdict,
        judged.verdict_level,
        judged.verdict_on,
        judged.appraiser,
        judged.verdict_reason,
        case
            when coalesce(lines.verdict, 'not_appraised') = 'not_appraised' and lines.appraiser is not null
                then lines.appraiser
            else plans.issuer_vi
        end as responsible_vi,
        submissions.period as submission_period,
        submissions.is_synthetic,
        lines.origin_submission_id as submission_id,
        lines.origin_sheet as sheet,
        lines.origin_row_number as row_number
    from lines
    inner join judged on lines.scope_key = judged.scope_key
    inner join {{ ref('stg_submissions') }} as submissions on lines.submission_id = submissions.submission_id
    left join documents on lines.scope_key = documents.evidence_key and lines.file_name = documents.file_name
    left join {{ ref('stg_plans') }} as plans on lines.plan_id = plans.plan_id
    left join {{ ref('stg_plan_tasks') }} as tasks on lines.plan_id = tasks.plan_id and lines.row_ref = tasks.row_ref
    left join starts on lines.plan_id = starts.plan_id and lines.row_ref = starts.row_ref
    left join targets on lines.plan_id = targets.plan_id and lines.row_ref = targets.row_ref
    left join {{ ref('stg_indicators') }} as indicators on lines.indicator_code = indicators.indicator_code

)

select * from final
