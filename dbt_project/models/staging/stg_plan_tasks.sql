select * from {{ source('raw', 'plan_tasks') }}
