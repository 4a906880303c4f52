with source as (

    select * from {{ source('raw', 'evidence_document') }}

),

renamed as (

    select
        evidence_ref,
        plan_id,
        row_ref,
        indicator_code,
        filed_on,
        file_name,
        outcome,
        sha256,
        size_bytes,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
