{#- The extracts of units and months that several speak for. -#}
select
    scope_key,
    unit_code,
    period,
    submission_id,
    received_at
from {{ ref('int_dossier_extracts') }}
where latest_version_number > 1
