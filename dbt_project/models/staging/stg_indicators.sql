select * from {{ source('raw', 'indicators') }}
