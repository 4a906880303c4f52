with source as (

    select * from {{ source('raw', 'procedure_catalogue') }}

),

renamed as (

    select
        procedure_code,
        procedure_name,
        field,
        authority_level,
        locally_regulated,
        online_eligible,
        fully_online_eligible,
        service_level,
        business_related,
        boundary_free,
        valid_from,
        valid_to,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
