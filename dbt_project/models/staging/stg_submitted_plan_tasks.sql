with source as (

    select * from {{ source('raw', 'submitted_plan_tasks') }}

),

renamed as (

    select
        plan_id,
        row_ref,
        group_no,
        group_vi,
        title_vi,
        lead_raw,
        coordinating_raw,
        head_responsible_raw,
        deliverable_vi,
        kpi_vi,
        deadline_raw,
        deadline_kind,
        due_on,
        start_on,
        recurrence,
        assigned_by_raw,
        note,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
