{#-
    Dossiers whose identifier stands in two extracts in force, received by as_of or not, so that no day is in this
    statement and a night without new extracts leaves it alone. Their hashes are compared first: eight bytes a
    dossier are what memory has to hold.
-#}
{%- set in_force %}
    from {{ ref('stg_dossier') }} as dossiers
    inner join {{ ref('int_dossier_extracts') }} as extracts
        on
            dossiers.submission_id = extracts.submission_id
            and dossiers.receiving_org_code = extracts.unit_code
            and dossiers.received_month = extracts.period
            and extracts.version_number = extracts.latest_version_number
{%- endset %}
with marks as (

    select {{ quick_hash('dossiers.dossier_id') }} as mark
    {{- in_force }}
    group by {{ quick_hash('dossiers.dossier_id') }}
    having count(*) > 1

),

marked as (

    select
        dossiers.submission_id,
        dossiers.sheet,
        dossiers.row_number,
        dossiers.received_at,
        dossiers.dossier_id,
        count(*) over (partition by dossiers.dossier_id) as times
    {{- in_force }}
    inner join marks on {{ quick_hash('dossiers.dossier_id') }} = marks.mark

)

select
    submission_id,
    sheet,
    row_number,
    received_at,
    dossier_id
from marked
where times > 1
