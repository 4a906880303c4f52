select
    plan_id,
    row_ref,
    role,
    agency_code
from {{ ref('stg_task_agencies') }}
