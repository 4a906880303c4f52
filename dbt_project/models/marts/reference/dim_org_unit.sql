select
    org_code,
    cast(valid_from as date) as valid_from,
    cast(valid_to as date) as valid_to,
    valid_to is null as is_current,
    valid_from_is_assumed = 'yes' as is_valid_from_assumed,
    org_name_vi,
    org_level,
    unit_type,
    province_code,
    parent_name_vi,
    cast(latitude as decimal(18, 6)) as latitude,
    cast(longitude as decimal(18, 6)) as longitude,
    cast(area_km2 as decimal(18, 6)) as area_km2
from {{ ref('org_units') }}
