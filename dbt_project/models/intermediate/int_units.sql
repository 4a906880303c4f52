{#- Whoever can receive or settle a dossier: places, and the agencies of a province. -#}
select
    org_code as unit_code,
    valid_from,
    valid_to,
    org_level,
    province_code
from {{ ref('int_places') }}
union all
select
    agency_code as unit_code,
    date '2000-01-01' as valid_from,
    date '9999-12-31' as valid_to,
    'agency' as org_level,
    province_code
from {{ ref('stg_agencies') }}
where province_code is not null
