{#- What is known of each place, indicator, definition and period: one row, ready to be judged. -#}
select * from {{ ref('int_observations_best') }}
union all
select * from {{ ref('int_observations_coarser') }}
