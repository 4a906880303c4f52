select
    state,
    cast(state_order as bigint) as state_order,
    colour,
    colour_vi,
    label_vi,
    label_en,
    meaning_vi,
    meaning_en
from {{ ref('task_states') }}
