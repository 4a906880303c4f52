{#-
    The figures that are looked at one by one: by the default definition of their indicator, neither estimates nor
    withheld for want of reports.
-#}
with thresholds as (

    select * from {{ ref('int_thresholds_in_force') }}

),

final as (

    select
        observations.*,
        indicators.name_vi as indicator_name_vi,
        indicators.name_en as indicator_name_en,
        indicators.kind,
        indicators.unit,
        indicators.is_percent,
        indicators.is_accumulating,
        indicators.suffix_vi,
        indicators.suffix_en,
        thresholds.finding_size,
        thresholds.jump_changes,
        thresholds.jump_factor,
        thresholds.jump_points,
        thresholds.jump_share,
        thresholds.repeated_periods
    from {{ ref('int_observations_chosen') }} as observations
    inner join {{ ref('int_judged_variants') }} as variants
        on
            observations.indicator_code = variants.indicator_code
            and observations.variant = variants.variant
            and variants.is_default
    inner join {{ ref('int_indicators') }} as indicators on observations.indicator_code = indicators.indicator_code
    cross join thresholds
    where
        observations.actual is not null
        and indicators.unit not in ('text', 'boolean')
        and not observations.is_estimate
        and coalesce(observations.basis, '') <> 'full_year_estimate'
        and coalesce(observations.coverage_share, 1) >= cast(thresholds.coverage_share as double)

)

select * from final
