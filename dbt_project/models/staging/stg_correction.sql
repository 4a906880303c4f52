with source as (

    select * from {{ source('raw', 'correction') }}

),

renamed as (

    select
        corrected_submission_id,
        corrected_sheet,
        cell,
        old_value,
        new_value,
        reason,
        document_number,
        signed_on,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
