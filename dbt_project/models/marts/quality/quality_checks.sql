{#- Filled by the check step, which runs after the models it looks at. -#}
select
    check_id,
    layer,
    table_name,
    check_type,
    severity,
    dimension,
    description_vi,
    description_en,
    is_passed,
    rows_checked,
    rows_failed,
    observed
from {{ source('raw', 'quality_checks') }}
