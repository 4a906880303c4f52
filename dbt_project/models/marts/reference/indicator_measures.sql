select
    indicator_code,
    form,
    variant,
    is_default,
    numerator_rule,
    denominator_rule,
    numerator_sum,
    denominator_sum,
    month_basis,
    replace(excluded_states, '|', ';') as excluded_states,
    org_basis,
    note
from {{ ref('stg_indicator_measures') }}
