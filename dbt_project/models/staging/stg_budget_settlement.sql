with source as (

    select * from {{ source('raw', 'budget_settlement') }}

),

renamed as (

    select
        line_number,
        line_text,
        budget_total,
        budget_province,
        budget_district,
        settled,
        settled_province,
        settled_district,
        comparison,
        form_number,
        line_key,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
