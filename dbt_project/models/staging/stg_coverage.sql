with source as (

    select * from {{ source('raw', 'coverage') }}

),

renamed as (

    select
        org_code,
        org_name,
        period,
        sender,
        population,
        population_source,
        population_5g,
        area_km2,
        area_5g_km2,
        villages,
        villages_no_signal,
        villages_no_signal_start,
        bts_5g,
        operator,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
