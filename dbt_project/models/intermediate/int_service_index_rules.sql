{#- The rules of the components of the service index that hold on as_of; they stay the same over many days. -#}
select * from {{ ref('service_index_rules') }} as rules
where {{ holds_at_as_of('rules') }}
