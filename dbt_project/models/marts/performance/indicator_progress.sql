with reasoned as (

    select
        *,
        {{ status_reason('vi') }} as status_reason,
        {{ status_reason('en') }} as status_reason_en
    from {{ ref('int_progress_worded') }}

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
        reasoned.primary_by,
        reasoned.is_inherited_target,
        reasoned.variant,
        reasoned.pace,
        reasoned.period,
        reasoned.period_kind,
        reasoned.period_end,
        reasoned.judged_on,
        reasoned.data_cutoff,
        reasoned.basis,
        {{ kept_number('reasoned.numerator') }} as numerator,
        {{ kept_number('reasoned.denominator') }} as denominator,
        reasoned.actual,
        reasoned.actual_in_period,
        reasoned.provisional_actual,
        reasoned.actual_last_year,
        reasoned.last_year_boundaries,
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
        cast(reasoned.target_as_issued as decimal(18, 6)) as target_as_issued,
        reasoned.adjusted_on,
        reasoned.adjusted_by,
        reasoned.milestone_on,
        reasoned.milestone_as_issued_on,
        reasoned.milestone_actual,
        reasoned.milestone_met,
        reasoned.baseline,
        reasoned.baseline_on,
        reasoned.is_series_break,
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
        reasoned.forecast,
        reasoned.forecast_low,
        reasoned.forecast_high,
        reasoned.rank_base,
        reasoned.edition,
        round(reasoned.coverage_share, 6) as coverage_share,
        reasoned.is_verified,
        reasoned.is_plan_date_assumed,
        home.is_synthetic,
        reasoned.submission_id,
        cast(reasoned.submission_count as bigint) as submission_count
    from reasoned
    inner join {{ ref('statuses') }} as statuses on reasoned.status = statuses.status
    cross join {{ ref('int_home') }} as home

)

select * from final
