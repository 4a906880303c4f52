-- A part and its whole are counted in one unit. A registry may lack either, which harms nothing.
select pairs.*
from {{ ref('indicator_pairs') }} as pairs
inner join {{ ref('stg_indicators') }} as parts on pairs.part_indicator_code = parts.indicator_code
inner join {{ ref('stg_indicators') }} as wholes on pairs.whole_indicator_code = wholes.indicator_code
where parts.unit <> wholes.unit
