select
    plan_id,
    row_ref,
    role,
    name_order,
    agency_code,
    name_raw,
    reading,
    is_answerable
from {{ ref('stg_target_agencies') }}
