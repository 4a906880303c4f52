{#- Dossiers that stand in two extracts in force: there must be none. -#}
with received as (

    select
        submission_id,
        sheet,
        row_number,
        count(*) over (partition by dossier_id) as times
    from {{ ref('int_dossier_recurring') }}
    where cast(received_at as date) <= {{ as_of() }}

)

select
    submission_id,
    sheet,
    row_number
from received
where times > 1
