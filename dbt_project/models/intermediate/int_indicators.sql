{#- Each indicator with what its unit means for arithmetic and wording. -#}
select
    indicators.*,
    cast(factors.factor as double) as unit_factor,
    factors.is_percent,
    coalesce(factors.suffix_vi, '') as suffix_vi,
    coalesce(factors.suffix_en, '') as suffix_en,
    indicators.over_time in ('sum_in_year', 'ratio_of_sums') as is_accumulating,
    kinds.kind_order as frequency_order
from {{ ref('stg_indicators') }} as indicators
inner join {{ ref('unit_factors') }} as factors on indicators.unit = factors.unit
left join (select distinct period_kind, kind_order from {{ ref('int_periods') }}) as kinds
    on indicators.frequency = kinds.period_kind
