{#- Every dossier in every state its submission ever had; without state_number as the submission stands now. -#}
{% set columns = [
    'dossier_id', 'procedure_code', 'receiving_org_code', 'competent_org_code', 'received_at', 'due_at', 'completed_at',
    'channel', 'service_level', 'supplement_requests', 'input_digitised', 'result_digitised', 'paper_result_due',
    'e_result', 'fee_amount', 'paid_online', 'data_reused', 'synced_national', 'rating', 'state', 'received_month',
    'submission_id', 'row_hash',
] %}
{{ config(materialized='view') }}
select
    {% for column in columns %}
    {{ column }},
    {% endfor %}
    cast(null as bigint) as state_number
from {{ ref('stg_dossier') }}
union all
select
    {% for column in columns %}
    {{ column }},
    {% endfor %}
    state_number
from {{ source('past', 'dossier') }}
