{#- Each line of the register of evidence: what it proves, what it is worth, who has to appraise it, what is odd. -#}
with evidence as (

    select * from {{ ref('int_evidence_in_force') }}

),

proven as (

    select
        province_code,
        evidence_ref,
        count(distinct proves_key) as tasks_proven
    from evidence
    where proves = 'task'
    group by province_code, evidence_ref

),

flags as (

    select
        evidence_key,
        {% for language in ['vi', 'en'] %}
        concat_ws(
            ' ',
            max(case when finding_kind = 'evidence_reused' then message_{{ language }} end),
            max(case when finding_kind = 'evidence_out_of_period' then message_{{ language }} end),
            max(case when finding_kind = 'evidence_number_two_files' then message_{{ language }} end),
            max(case when finding_kind = 'evidence_hash_differs' then message_{{ language }} end),
            max(case when finding_kind = 'evidence_document_missing' then message_{{ language }} end)
        ) as flags_{{ language }},
        {% endfor %}
        bool_or(finding_kind = 'evidence_reused') as is_reused,
        bool_or(finding_kind = 'evidence_out_of_period') as is_out_of_period,
        bool_or(finding_kind = 'evidence_number_two_files') as is_same_number_other_file,
        bool_or(finding_kind = 'evidence_hash_differs') as is_file_exchanged,
        bool_or(finding_kind = 'evidence_document_missing') as is_file_missing
    from {{ ref('int_suspicious_evidence') }}
    group by evidence_key

),

final as (

    select
        evidence.province_code,
        evidence.org_code,
        evidence.evidence_ref,
        evidence.plan_id,
        evidence.row_ref,
        evidence.indicator_code,
        evidence.proves,
        evidence.proves_title_vi,
        evidence.kind,
        evidence.document_number,
        evidence.signed_on,
        evidence.filed_on,
        evidence.file_name,
        evidence.sha256,
        evidence.is_hash_confirmed,
        evidence.required_level,
        evidence.verdict,
        evidence.verdict_level,
        evidence.verdict_on,
        evidence.appraiser,
        evidence.verdict_reason,
        case when evidence.verdict = 'not_appraised' then evidence.responsible_vi end as waiting_for_vi,
        case
            when evidence.verdict = 'not_appraised' and evidence.is_filed_by_day
                then cast({{ days_between('evidence.filed_on', as_of()) }} as bigint)
        end as days_waiting,
        cast(coalesce(proven.tasks_proven, 0) as bigint) as tasks_proven,
        coalesce(flags.is_reused, false) as is_reused,
        coalesce(flags.is_out_of_period, false) as is_out_of_period,
        coalesce(flags.is_same_number_other_file, false) as is_same_number_other_file,
        coalesce(flags.is_file_exchanged, false) as is_file_exchanged,
        coalesce(flags.is_file_missing, false) as is_file_missing,
        flags.flags_vi,
        flags.flags_en,
        evidence.is_synthetic,
        evidence.submission_id
    from evidence
    left join proven
        on
            evidence.evidence_ref = proven.evidence_ref
            and coalesce(evidence.province_code, '') = coalesce(proven.province_code, '')
    left join flags on evidence.scope_key = flags.evidence_key

)

select * from final
