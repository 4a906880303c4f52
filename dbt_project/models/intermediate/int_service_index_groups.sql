{#- The groups of the service index that hold on as_of; they stay the same over many days. -#}
select * from {{ ref('service_index_groups') }} as groups
where {{ holds_at_as_of('groups') }}
