{#- The ledger: every file received, and what became of each of its rows as far as is known. -#}
with counted as (

    select
        submission_id,
        cast(sum(rows_loaded) as bigint) as rows_loaded,
        cast(sum(rows_unchanged) as bigint) as rows_unchanged,
        cast(sum(rows_superseded) as bigint) as rows_superseded
    from {{ ref('int_submission_scopes') }}
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
        submissions.source_format,
        submissions.source_columns,
        submissions.status,
        submissions.rejection_code,
        submissions.rejection_vi,
        submissions.rejection_en,
        submissions.rows_read,
        coalesce(counted.rows_loaded, 0) as rows_loaded,
        coalesce(counted.rows_unchanged, 0) as rows_unchanged,
        case
            when submissions.status = 'withdrawn' then submissions.rows_landed
            else coalesce(counted.rows_superseded, 0)
        end as rows_superseded,
        submissions.rows_quarantined,
        coalesce(submissions.rows_left_out, 0) as rows_left_out,
        submissions.is_synthetic
    from {{ ref('stg_submissions') }} as submissions
    left join counted on submissions.submission_id = counted.submission_id

)

select * from final
