{#- Each progress row with everything its verdict needs: observation, milestone, baseline, thresholds. -#}
with universe as (

    select
        universe.*,
        periods.period_kind,
        periods.kind_order,
        periods.period_start,
        periods.period_end,
        coalesce(observations.judged_on, periods.period_end) as judged_on,
        observations.data_cutoff,
        observations.basis,
        observations.numerator,
        observations.denominator,
        observations.org_code is not null as is_observed,
        observations.actual,
        observations.actual_in_period,
        observations.maturity,
        observations.source_kind,
        observations.coverage_share,
        observations.evidence_ref,
        observations.submission_id,
        observations.submission_count
    from {{ ref('int_progress_universe') }} as universe
    inner join {{ ref('int_periods') }} as periods on universe.period = periods.period
    left join {{ ref('int_observations') }} as observations
        on
            universe.org_code = observations.org_code
            and universe.valid_from = observations.valid_from
            and universe.indicator_code = observations.indicator_code
            and universe.variant = observations.variant
            and universe.period = observations.period

),

with_milestone as (

    select
        universe.*,
        milestones.milestone_on,
        milestones.target,
        milestones.target_low,
        milestones.target_high,
        milestones.target_text,
        milestones.comparator,
        milestones.is_strict,
        milestones.pace,
        milestones.is_embedded,
        milestones.duplicate_of,
        milestones.not_a_target,
        milestones.is_scored,
        milestones.is_contradictory,
        milestones.is_interpolated,
        milestones.path_start_on,
        milestones.target_line_number,
        milestones.judges_after
    from universe
    left join {{ ref('int_target_milestones') }} as milestones
        on
            universe.plan_id = milestones.plan_id
            and universe.row_ref = milestones.row_ref
            and universe.judged_on > milestones.judges_after
            and universe.judged_on <= milestones.judges_until

),

supported as (

    {#- What is withheld or estimated decides no milestone. #}
    select observations.*
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_threshold_sets') }} as thresholds
        on observations.judged_on between thresholds.valid_from and thresholds.valid_to
    where
        coalesce(observations.basis, '') <> 'full_year_estimate'
        and coalesce(observations.coverage_share, 1) >= thresholds.coverage_share

),

with_milestone_actual as (

    select
        with_milestone.*,
        verdict_periods.verdict_period_kind,
        at_milestone.actual as milestone_actual
    from with_milestone
    left join {{ ref('stg_indicators') }} as indicators
        on with_milestone.indicator_code = indicators.indicator_code
    left join {{ ref('verdict_periods') }} as verdict_periods
        on
            with_milestone.indicator_code = verdict_periods.indicator_code
            and with_milestone.judged_on >= cast(verdict_periods.valid_from as date)
    left join supported as at_milestone
        on
            with_milestone.org_code = at_milestone.org_code
            and with_milestone.valid_from = at_milestone.valid_from
            and with_milestone.indicator_code = at_milestone.indicator_code
            and with_milestone.variant = at_milestone.variant
            and coalesce(verdict_periods.verdict_period_kind, indicators.frequency) = at_milestone.period_kind
            and with_milestone.milestone_on between at_milestone.period_start and at_milestone.period_end
            and at_milestone.judged_on <= with_milestone.judged_on
            and with_milestone.milestone_on <= with_milestone.judged_on

),

final as (

    select
        matched.*,
        indicators.direction,
        indicators.unit,
        indicators.is_percent,
        indicators.kind,
        indicators.primary_source,
        indicators.is_accumulating,
        case
            when matched.pace <> 'level' then null
            when baselines.actual_before is not null then baselines.actual_before
            when baselines.period_end_after < matched.period_start then baselines.actual_after
        end as baseline,
        case
            when matched.pace <> 'level' then null
            when baselines.actual_before is not null then baselines.judged_before
            when baselines.period_end_after < matched.period_start then baselines.judged_after
        end as baseline_on,
        thresholds.level_off_track,
        thresholds.level_at_risk,
        thresholds.cumulative_off_track,
        thresholds.cumulative_at_risk,
        thresholds.flow_off_track,
        thresholds.flow_at_risk,
        thresholds.out_of_reach,
        thresholds.early_days,
        thresholds.early_share,
        thresholds.coverage_share as coverage_threshold,
        case
            when indicators.is_percent then cast(thresholds.materiality_points as double)
            else cast(thresholds.materiality_share as double) * abs(cast(matched.target as double))
        end as materiality
    from with_milestone_actual as matched
    inner join {{ ref('int_indicators') }} as indicators on matched.indicator_code = indicators.indicator_code
    inner join {{ ref('int_threshold_sets') }} as thresholds
        on matched.judged_on between thresholds.valid_from and thresholds.valid_to
    left join {{ ref('int_baselines') }} as baselines
        on
            matched.org_code = baselines.org_code
            and matched.valid_from = baselines.valid_from
            and matched.indicator_code = baselines.indicator_code
            and matched.variant = baselines.variant
            and matched.path_start_on = baselines.path_start_on

)

select * from final
