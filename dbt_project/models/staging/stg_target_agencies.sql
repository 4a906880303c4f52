select * from {{ source('raw', 'target_agencies') }}
