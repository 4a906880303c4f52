with source as (

    select * from {{ source('raw', 'plan_adjustment') }}

),

renamed as (

    select
        plan_id,
        row_ref,
        milestone_year,
        field,
        old_value,
        new_value,
        new_reading,
        decision_number,
        decided_on,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
