select * from {{ source('raw', 'indicator_measures') }}
