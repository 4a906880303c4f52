with source as (

    select * from {{ source('raw', 'digital_economy') }}

),

renamed as (

    select
        province_code,
        period,
        basis,
        grdp,
        digital_core,
        digital_spillover,
        publisher,
        method,
        maturity,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
