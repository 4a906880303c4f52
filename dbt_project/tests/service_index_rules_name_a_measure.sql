{#- A rule that names no measure of the registry, or a factor that is no component, would silently have no rate. -#}
select rules.*
from {{ ref('service_index_rules') }} as rules
left join {{ ref('stg_indicator_measures') }} as measures
    on rules.indicator_code = measures.indicator_code and rules.variant = measures.variant
left join {{ ref('service_index_rules') }} as factors on rules.multiplied_by = factors.component_code
where
    rules.is_computable
    and (
        (measures.variant is null and rules.indicator_code <> 'procedures')
        or (rules.multiplied_by is not null and factors.is_computable is not true)
    )
