select * from {{ source('raw', 'quarantined_rows') }}
