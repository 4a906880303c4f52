{#- Which extract speaks for which unit and month of receipt, nil reports included. -#}
with submissions as (

    select * from {{ ref('stg_submissions') }}
    where form = 'dossier' and status = 'landed'

),

named_in_rows as (

    select distinct
        receiving_org_code as unit_code,
        received_month as period,
        submission_id
    from {{ ref('stg_dossier') }}

),

own_unit as (

    select
        org_code as unit_code,
        period,
        submission_id
    from submissions

),

covered as (

    select * from named_in_rows
    union
    select * from own_unit

),

final as (

    select
        covered.unit_code,
        covered.period,
        covered.submission_id,
        submissions.received_at,
        {{ scope_key(['covered.unit_code', 'covered.period']) }} as scope_key
    from covered
    inner join submissions on covered.submission_id = submissions.submission_id

)

select * from final
