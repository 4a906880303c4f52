{#- Each progress row with everything its verdict needs: observation, milestone, baseline, thresholds. -#}
with with_milestone as (

    select
        observed.*,
        milestones.milestone_on,
        milestones.target,
        milestones.target_low,
        milestones.target_high,
        milestones.target_text,
        milestones.target_as_issued,
        milestones.milestone_as_issued_on,
        milestones.adjusted_on,
        milestones.adjusted_by,
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
        milestones.target_line_number
    from {{ ref('int_progress_observed') }} as observed
    left join {{ ref('int_target_milestones') }} as milestones
        on
            observed.plan_id = milestones.plan_id
            and observed.row_ref = milestones.row_ref
            and observed.judged_on > milestones.judges_after
            and observed.judged_on <= milestones.judges_until

),

with_milestone_actual as (

    {#- The indicator's own period that ends on the day; else what was judged on it; else the own period around it. #}
    select
        with_milestone.*,
        at_milestone.actual as milestone_actual
    from with_milestone
    left join {{ ref('int_observations_decisive') }} as at_milestone
        on
            with_milestone.org_code = at_milestone.org_code
            and with_milestone.valid_from = at_milestone.valid_from
            and with_milestone.indicator_code = at_milestone.indicator_code
            and with_milestone.variant = at_milestone.variant
            and with_milestone.milestone_on between at_milestone.period_start and at_milestone.period_end
            and (at_milestone.is_own_frequency or with_milestone.milestone_on = at_milestone.judged_on)
            and at_milestone.judged_on <= with_milestone.judged_on
            and with_milestone.milestone_on <= with_milestone.judged_on
    qualify row_number() over (
        partition by
            with_milestone.org_code, with_milestone.valid_from, with_milestone.indicator_code,
            with_milestone.plan_id, with_milestone.row_ref, with_milestone.period
        order by
            case
                when at_milestone.is_own_frequency and with_milestone.milestone_on = at_milestone.period_end then 0
                when with_milestone.milestone_on = at_milestone.judged_on then 1
                else 2
            end asc,
            at_milestone.kind_order asc
    ) = 1

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
        verdict_periods.verdict_period_kind,
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
    left join {{ ref('verdict_periods') }} as verdict_periods
        on
            matched.indicator_code = verdict_periods.indicator_code
            and matched.judged_on >= cast(verdict_periods.valid_from as date)
    left join {{ ref('int_baselines') }} as baselines
        on
            matched.org_code = baselines.org_code
            and matched.valid_from = baselines.valid_from
            and matched.indicator_code = baselines.indicator_code
            and matched.variant = baselines.variant
            and matched.path_start_on = baselines.path_start_on

)

select * from final
