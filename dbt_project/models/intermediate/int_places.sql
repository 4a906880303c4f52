{#- Provinces and communes with their validity; the key is org_code + valid_from, since codes are reused. -#}
select
    org_code,
    cast(valid_from as date) as valid_from,
    coalesce(cast(valid_to as date), date '9999-12-31') as valid_to,
    org_level,
    province_code,
    org_name_vi
from {{ ref('org_units') }}
