{#- What each state of each extract holds of each unit and month of receipt, and the latest day any dossier names. -#}
{{ kept_by('submission_id') }}
select
    submission_id,
    state_number,
    receiving_org_code as unit_code,
    received_month as period,
    count(*) as rows_landed,
    cast(sum({{ number_of_hash('row_hash') }}) as decimal(38, 0)) as content_sum,
    max(cast(greatest(received_at, coalesce(completed_at, received_at)) as date)) as last_on
from {{ ref('int_dossier_rows') }}
group by submission_id, state_number, receiving_org_code, received_month
