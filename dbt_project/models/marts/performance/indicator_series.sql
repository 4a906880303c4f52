with final as (

    select
        places.province_code,
        series.org_code,
        series.valid_from as org_valid_from,
        places.org_name_vi,
        places.org_level,
        series.indicator_code,
        series.variant,
        series.boundaries,
        series.period,
        series.period_kind,
        series.period_end,
        series.basis,
        {{ kept_number('series.numerator') }} as numerator,
        {{ kept_number('series.denominator') }} as denominator,
        series.actual,
        indicators.unit,
        series.maturity,
        series.source_kind,
        round(series.coverage_share, 6) as coverage_share,
        series.break_kind is not null as is_break,
        series.break_kind,
        series.conversion,
        {{ series_note('vi') }} as note_vi,
        {{ series_note('en') }} as note_en,
        series.submission_id,
        cast(series.submission_count as bigint) as submission_count
    from {{ ref('int_series') }} as series
    inner join {{ ref('int_indicators') }} as indicators on series.indicator_code = indicators.indicator_code
    inner join {{ ref('int_places') }} as places
        on series.org_code = places.org_code and series.valid_from = places.valid_from

)

select * from final
