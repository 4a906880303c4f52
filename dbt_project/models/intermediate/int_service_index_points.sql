{#-
    The points that provinces have told for components of the service index and that hold on as_of; they stay the same
    over many days.
-#}
select * from {{ ref('service_index_points') }} as points
where {{ holds_at_as_of('points') }}
