with source as (

    select * from {{ source('raw', 'dossier') }}

),

renamed as (

    select
        dossier_id,
        procedure_code,
        receiving_org_code,
        competent_org_code,
        received_at,
        due_at,
        completed_at,
        channel,
        service_level,
        supplement_requests,
        input_digitised,
        result_digitised,
        paper_result_due,
        e_result,
        fee_amount,
        paid_online,
        data_reused,
        synced_national,
        rating,
        state,
        received_month,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
