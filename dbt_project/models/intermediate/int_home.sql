{#- What is said of the whole home, one row: whether any submission is synthetic. -#}
select coalesce(max(case when is_synthetic then 1 else 0 end), 0) = 1 as is_synthetic
from {{ ref('stg_submissions') }}
