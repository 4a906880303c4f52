select * from {{ source('raw', 'task_deadline_readings') }}
