select
    threshold_code,
    cast(value as decimal(18, 6)) as value,
    unit,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    source_vi,
    source_en
from {{ ref('thresholds_seed') }}
