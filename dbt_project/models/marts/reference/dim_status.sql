select
    status,
    cast(status_order as bigint) as status_order,
    colour,
    colour_vi,
    label_vi,
    label_en,
    meaning_vi,
    meaning_en
from {{ ref('statuses') }}
