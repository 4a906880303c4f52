with source as (

    select * from {{ source('raw', 'submitted_plan_targets') }}

),

renamed as (

    select
        plan_id,
        row_ref,
        section_vi,
        name_vi,
        unit_raw,
        milestone_year,
        target_raw,
        target_kind,
        target_low,
        target_high,
        unit,
        per,
        lead_raw,
        responsible_raw,
        monitor_raw,
        source_doc_raw,
        indicator_code,
        note,
        pace,
        milestone_on,
        embedded,
        duplicate_of,
        strict,
        assigned_level,
        not_a_target,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
