select
    plan_id,
    number as plan_number,
    issuer_vi,
    level as plan_level,
    province_code,
    org_code,
    commune_name,
    issue_date as issued_on,
    valid_from,
    date_is_assumed as is_date_assumed,
    scope_vi,
    supersedes,
    accountable_role,
    source_file
from {{ ref('stg_plans') }}
