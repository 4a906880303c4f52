-- Pairs and look-alikes name indicators of the registry, and a pair is counted in one unit.
with named as (

    select
        part_indicator_code as indicator_code,
        whole_indicator_code as other_indicator_code,
        true as is_one_unit
    from {{ ref('indicator_pairs') }}
    union all
    select
        indicator_code,
        other_indicator_code,
        false as is_one_unit
    from {{ ref('similar_indicators') }}

)

select named.*
from named
left join {{ ref('stg_indicators') }} as indicators on named.indicator_code = indicators.indicator_code
left join {{ ref('stg_indicators') }} as others on named.other_indicator_code = others.indicator_code
where
    indicators.indicator_code is null
    or others.indicator_code is null
    or (named.is_one_unit and indicators.unit <> others.unit)
