with submissions as (

    select
        submission_id,
        org_code,
        period,
        received_at,
        {{ scope_key(['org_code', 'period']) }} as scope_key
    from {{ ref('stg_submissions') }}
    where form = 'procedure_catalogue' and status = 'landed'

),

rows_read as (

    select
        procedures.*,
        submissions.org_code,
        submissions.period,
        submissions.scope_key
    from {{ ref('stg_procedure_catalogue') }} as procedures
    inner join submissions on procedures.submission_id = submissions.submission_id

),

{{ row_versions('rows_read', 'submissions') }}

select * from row_versions
