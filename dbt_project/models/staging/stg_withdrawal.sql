with source as (

    select * from {{ source('raw', 'withdrawal') }}

),

renamed as (

    select
        withdrawn_submission_id,
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
