{#- The ledger: every file received, and what became of each of its rows as far as is known. -#}
with dispositions as (

    {% for form in [
        'indicator_report', 'dossier', 'procedure_catalogue', 'coverage', 'digital_economy', 'task_report',
    ] %}
    select
        submission_id,
        disposition
    from {{ ref('int_' ~ form ~ '_versioned') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

counted as (

    select
        submission_id,
        {{ count_where("disposition = 'loaded'") }} as rows_loaded,
        {{ count_where("disposition = 'unchanged'") }} as rows_unchanged,
        {{ count_where("disposition = 'superseded'") }} as rows_superseded
    from dispositions
    group by submission_id

),

final as (

    select
        submissions.submission_id,
        submissions.form,
        submissions.org_code,
        submissions.period,
        submissions.received_at,
        submissions.file_name,
        submissions.raw_path,
        submissions.sha256,
        submissions.status,
        submissions.rejection_code,
        submissions.rejection_vi,
        submissions.rejection_en,
        submissions.rows_read,
        coalesce(counted.rows_loaded, 0) as rows_loaded,
        coalesce(counted.rows_unchanged, 0) as rows_unchanged,
        coalesce(counted.rows_superseded, 0) as rows_superseded,
        submissions.rows_quarantined,
        submissions.is_synthetic
    from {{ ref('stg_submissions') }} as submissions
    left join counted on submissions.submission_id = counted.submission_id

)

select * from final
