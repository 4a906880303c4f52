{#- Among how many provinces a rank stands: those in force when its period ends. -#}
select
    periods.period,
    count(*) as provinces
from {{ ref('int_periods') }} as periods
inner join {{ ref('int_places') }} as places
    on places.org_level = 'province' and periods.period_end between places.valid_from and places.valid_to
group by periods.period
