select
    period,
    period_kind,
    cast(year_number as bigint) as year_number,
    period_start,
    period_end
from {{ ref('int_periods') }}
