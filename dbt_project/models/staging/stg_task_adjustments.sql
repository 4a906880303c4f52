select * from {{ source('raw', 'task_adjustments') }}
