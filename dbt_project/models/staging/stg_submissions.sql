with source as (

    select * from {{ source('raw', 'submissions') }}

),

renamed as (

    select
        submission_id,
        form,
        org_code,
        period,
        received_at,
        file_name,
        raw_path,
        sha256,
        size_bytes,
        rows_read,
        rows_landed,
        rows_quarantined,
        status,
        rejection_code,
        rejection_vi,
        rejection_en,
        source_format,
        rows_left_out,
        content_hash,
        columns as source_columns,
        is_synthetic
    from source

)

select * from renamed
