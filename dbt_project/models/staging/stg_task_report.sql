with source as (

    select * from {{ source('raw', 'task_report') }}

),

renamed as (

    select
        plan_id,
        row_ref,
        org_code,
        period,
        state,
        percent_complete,
        completed_on,
        deliverable,
        evidence_ref,
        difficulty,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
