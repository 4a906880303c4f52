{#-
    Each ratio beside the one it is compared with: what accumulates within a year with the same period of last
    year, anything else with the period before it that is known.
-#}
{{ config(materialized='view') }}
with observations as (

    select
        observations.*,
        places.province_code,
        indicators.name_vi as indicator_name_vi,
        indicators.name_en as indicator_name_en,
        indicators.direction,
        indicators.is_accumulating,
        indicators.unit_factor,
        indicators.is_percent,
        indicators.suffix_vi,
        indicators.suffix_en,
        year(observations.period_end) as year_number,
        substr(observations.period, 5) as part_of_year
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_indicators') }} as indicators on observations.indicator_code = indicators.indicator_code
    inner join {{ ref('int_places') }} as places
        on observations.org_code = places.org_code and observations.valid_from = places.valid_from
    where
        indicators.kind = 'ratio'
        and observations.numerator is not null
        and observations.denominator > 0
        and observations.actual is not null
        and coalesce(observations.basis, '') <> 'full_year_estimate'

),

with_previous as (

    select
        *,
        lag(period_end) over (
            partition by org_code, valid_from, indicator_code, variant, period_kind
            order by period_end
        ) as previous_period_end
    from observations

),

final as (

    select
        later.*,
        earlier.period as previous_period,
        earlier.numerator as previous_numerator,
        earlier.denominator as previous_denominator,
        earlier.actual as previous_actual,
        earlier.coverage_share as previous_coverage_share
    from with_previous as later
    inner join observations as earlier
        on
            later.org_code = earlier.org_code
            and later.valid_from = earlier.valid_from
            and later.indicator_code = earlier.indicator_code
            and later.variant = earlier.variant
            and later.period_kind = earlier.period_kind
            and (
                (not later.is_accumulating and later.previous_period_end = earlier.period_end)
                or (
                    later.is_accumulating
                    and later.year_number = earlier.year_number + 1
                    and later.part_of_year = earlier.part_of_year
                )
            )

)

select * from final
