select * from {{ source('raw', 'task_agencies') }}
