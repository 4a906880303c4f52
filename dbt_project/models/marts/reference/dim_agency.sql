select
    agency_code,
    name_vi as agency_name_vi,
    name_en as agency_name_en,
    short_name,
    kind,
    province_code,
    replace(aliases, ' | ', ';') as aliases
from {{ ref('stg_agencies') }}
