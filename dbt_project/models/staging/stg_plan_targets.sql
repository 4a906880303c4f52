select * from {{ source('raw', 'plan_targets') }}
