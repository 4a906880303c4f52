with source as (

    select * from {{ source('raw', 'indicator_report') }}

),

renamed as (

    select
        indicator_code,
        indicator_name,
        org_code,
        org_name,
        period,
        basis,
        data_cutoff,
        numerator,
        denominator,
        value,
        unit,
        maturity,
        evidence_ref,
        note,
        submission_id,
        sheet,
        row_number,
        row_hash
    from source

)

select * from renamed
