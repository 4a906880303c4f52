with matched as (

    select
        matched.*,
        indicators.unit,
        indicators.is_percent,
        indicators.suffix_vi,
        indicators.suffix_en,
        places.province_code,
        places.org_level,
        matched.reported - matched.computed as difference,
        case
            when indicators.is_percent then cast(matched.reported_difference_points as double)
            else cast(matched.reported_difference_share as double) * abs(matched.computed)
        end as allowed
    from {{ ref('int_reported_matched') }} as matched
    inner join {{ ref('int_indicators') }} as indicators on matched.indicator_code = indicators.indicator_code
    inner join {{ ref('int_places') }} as places
        on matched.org_code = places.org_code and matched.valid_from = places.valid_from

),

tested as (

    select
        *,
        {#- A figure that is short of the threshold by a rounding of the sender is not above it. #}
        is_supported and round(abs(difference), 6) > round(allowed, 6) as is_above_threshold
    from matched

),

final as (

    select
        province_code,
        org_code,
        valid_from as org_valid_from,
        org_level,
        indicator_code,
        variant,
        period,
        period_end,
        basis,
        data_cutoff,
        reported,
        computed,
        computed_from,
        computed_period,
        round(difference, 6) as difference,
        round(difference / nullif(abs(computed), 0), 6) as difference_share,
        unit,
        round(coverage_share, 6) as coverage_share,
        is_supported,
        is_above_threshold,
        case when is_above_threshold then 'warning' else 'info' end as severity,
        {{ difference_message('vi') }} as message_vi,
        {{ difference_message('en') }} as message_en,
        submission_id
    from tested

)

select * from final
