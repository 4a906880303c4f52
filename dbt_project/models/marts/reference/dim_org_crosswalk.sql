select
    old_org_code,
    cast(old_valid_from as date) as old_valid_from,
    new_org_code,
    cast(new_valid_from as date) as new_valid_from,
    org_level,
    relation,
    is_default = 'yes' as is_default
from {{ ref('org_crosswalk') }}
