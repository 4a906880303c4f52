select * from {{ source('raw', 'target_adjustments') }}
