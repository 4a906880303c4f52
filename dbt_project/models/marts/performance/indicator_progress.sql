with judged as (

    select * from {{ ref('int_progress_judged') }}

),

labelled as (

    select
        judged.*,
        indicators.name_vi as indicator_name_vi,
        indicators.name_en as indicator_name_en,
        indicators.theme,
        indicators.evidence_required,
        indicators.suffix_vi,
        indicators.suffix_en,
        places.org_name_vi,
        places.org_level,
        places.province_code
    from judged
    inner join {{ ref('int_indicators') }} as indicators on judged.indicator_code = indicators.indicator_code
    inner join {{ ref('int_places') }} as places
        on judged.org_code = places.org_code and judged.valid_from = places.valid_from

),

reasoned as (

    select
        *,
        {{ status_reason('vi') }} as status_reason,
        {{ status_reason('en') }} as status_reason_en
    from labelled

),

home as (

    select coalesce(max(case when is_synthetic then 1 else 0 end), 0) = 1 as is_synthetic
    from {{ ref('stg_submissions') }}

),

final as (

    select
        reasoned.province_code,
        reasoned.org_code,
        reasoned.valid_from as org_valid_from,
        reasoned.org_name_vi,
        reasoned.org_level,
        reasoned.indicator_code,
        reasoned.indicator_name_vi,
        reasoned.indicator_name_en,
        reasoned.theme,
        reasoned.plan_id,
        reasoned.row_ref,
        reasoned.is_primary,
        reasoned.is_inherited_target,
        reasoned.variant,
        reasoned.pace,
        reasoned.period,
        reasoned.period_kind,
        reasoned.period_end,
        reasoned.judged_on,
        reasoned.data_cutoff,
        reasoned.basis,
        cast(reasoned.numerator as decimal(18, 6)) as numerator,
        cast(reasoned.denominator as decimal(18, 6)) as denominator,
        reasoned.actual,
        reasoned.actual_in_period,
        reasoned.unit,
        reasoned.maturity,
        reasoned.source_kind,
        reasoned.comparator,
        reasoned.is_strict,
        cast(reasoned.target as decimal(18, 6)) as target,
        cast(reasoned.target_low as decimal(18, 6)) as target_low,
        cast(reasoned.target_high as decimal(18, 6)) as target_high,
        reasoned.target_text,
        reasoned.is_interpolated as is_interpolated_target,
        reasoned.milestone_on,
        reasoned.milestone_actual,
        reasoned.milestone_met,
        reasoned.baseline,
        reasoned.baseline_on,
        round(reasoned.expected_now, 6) as expected_now,
        round(reasoned.required_rest, 6) as required_rest,
        reasoned.is_out_of_reach,
        round(reasoned.gap, 6) as gap,
        round(reasoned.attainment_pct, 6) as attainment_pct,
        reasoned.schedule_ratio,
        reasoned.status,
        statuses.colour,
        reasoned.status_reason,
        reasoned.status_reason_en,
        round(
            case
                when reasoned.is_percent then least(greatest(reasoned.unbounded_forecast, 0), 100)
                else reasoned.unbounded_forecast
            end, 6
        ) as forecast,
        round(reasoned.coverage_share, 6) as coverage_share,
        case when reasoned.evidence_required then false end as is_verified,
        home.is_synthetic,
        reasoned.submission_id,
        cast(reasoned.submission_count as bigint) as submission_count
    from reasoned
    inner join {{ ref('statuses') }} as statuses on reasoned.status = statuses.status
    cross join home

)

select * from final
