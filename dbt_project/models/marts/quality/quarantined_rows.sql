select
    submission_id,
    coalesce(sheet, '') as sheet,
    row_number,
    cell,
    coalesce(column_name, '') as column_name,
    column_label,
    value,
    rule_code,
    message_vi,
    message_en
from {{ ref('stg_quarantined_rows') }}
