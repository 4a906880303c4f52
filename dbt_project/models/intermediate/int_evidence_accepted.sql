{#- Evidence that stands as valid on as_of: what it proves, where, since when, and at which level. -#}
select
    evidence_ref,
    plan_id,
    row_ref,
    indicator_code,
    org_code,
    province_code,
    document_on,
    verdict_order
from {{ ref('int_evidence_judged') }}
where is_current and verdict = 'valid'
