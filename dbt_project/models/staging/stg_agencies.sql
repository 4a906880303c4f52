select * from {{ source('raw', 'agencies') }}
