select * from {{ source('raw', 'load_findings') }}
