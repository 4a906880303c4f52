with source as (

    select * from {{ source('raw', 'evidence') }}

),

renamed as (

    select
        evidence_ref,
        plan_id,
        row_ref,
        indicator_code,
        kind,
        document_number,
        signed_on,
        filed_on,
        file_name,
        sha256,
        verdict,
        verdict_level,
        appraiser,
        verdict_on,
        verdict_reason,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
