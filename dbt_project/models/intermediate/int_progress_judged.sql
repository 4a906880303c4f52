{#- The verdict: the first status of the closed list that applies, and which target is the primary one. -#}
with measured as (

    select
        *,
        case
            when pace = 'level' then level_off_track
            when pace = 'cumulative' then cumulative_off_track
            else flow_off_track
        end as off_track_below,
        case
            when pace = 'level' then level_at_risk
            when pace = 'cumulative' then cumulative_at_risk
            else flow_at_risk
        end as at_risk_below,
        coalesce(pace in ('flow', 'cumulative') and judged_on > milestone_on, false) as is_verdict_past
    from {{ ref('int_progress_measured') }}

),

judged as (

    select
        *,
        case
            when plan_id is null or milestone_on is null then 'no_target'
            when pace = 'cumulative' and target is null then 'no_target'
            when not is_scored then 'not_scored'
            when is_observed and verdict_period_kind <> period_kind then 'not_scored'
            when is_observed and basis = 'full_year_estimate' then 'not_scored'
            when not is_observed and primary_source = 'published' then 'awaiting_publication'
            when not is_observed then 'no_data'
            when coverage_share < coverage_threshold then 'withheld'
            when is_verdict_past and milestone_met then 'achieved'
            when is_verdict_past and not milestone_met then 'missed'
            when is_verdict_past then 'not_assessable'
            when actual is null and (pace <> 'by_date' or is_verdict_due) then 'not_assessable'
            when pace in ('flow', 'cumulative') and basis <> 'year_to_date' and is_accumulating
                then 'not_assessable'
            when is_met and (pace in ('level', 'by_date') or is_verdict_due) then 'achieved'
            when is_met and pace = 'cumulative' and sense > 0 then 'achieved'
            when is_verdict_due and not is_met then 'missed'
            when pace = 'by_date' and not is_verdict_due then 'in_term'
            when is_met then 'on_track'
            when is_contradictory or (schedule_ratio is null and not is_held_from_start) then 'not_assessable'
            when is_early then 'early'
            when pace = 'level' and round(sense * (baseline - actual), 6) > materiality and behind > materiality
                then 'deteriorating'
            when is_held_from_start then 'at_risk'
            when schedule_ratio < off_track_below and behind > materiality then 'off_track'
            when schedule_ratio < at_risk_below then 'at_risk'
            else 'on_track'
        end as status
    from measured

),

candidates as (

    select
        judged.*,
        choices.decision_number as primary_by,
        judged.milestone_on >= judged.judged_on
        and judged.duplicate_of is null
        and not judged.not_a_target
        and judged.status <> 'no_target' as is_candidate
    from judged
    left join {{ ref('primary_choices') }} as choices
        on
            judged.org_code = choices.org_code
            and judged.indicator_code = choices.indicator_code
            and judged.plan_id = choices.plan_id
            and judged.row_ref = choices.row_ref
            and {{ holds_at_as_of('choices') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by org_code, valid_from, indicator_code, period
            order by
                case when is_candidate then 0 else 1 end asc,
                case when primary_by is not null then 0 else 1 end asc,
                issued_on desc,
                case when target is null then 1 else 0 end asc,
                milestone_on asc,
                is_embedded asc,
                sense * target desc,
                row_ref asc,
                plan_id asc
        ) as target_rank
    from candidates

),

final as (

    select
        *,
        coalesce(is_candidate and target_rank = 1, false) as is_primary
    from ranked

)

select * from final
