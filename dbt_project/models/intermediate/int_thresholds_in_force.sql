{#- The thresholds that hold on as_of, one row, which stays the same over many days. -#}
select * from {{ ref('int_threshold_sets') }}
where {{ as_of() }} between valid_from and valid_to
