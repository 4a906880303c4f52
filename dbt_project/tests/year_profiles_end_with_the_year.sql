{#- A path that ends before December, or short of the whole target, would leave days without a share. -#}
select
    indicator_code,
    plan_id,
    row_ref,
    valid_from
from {{ ref('year_profiles') }}
group by indicator_code, plan_id, row_ref, valid_from
having max(month_number) <> 12 or max(share_by_month_end) <> 1
