{#- The numbers a verdict rests on: met or not, what was expected by now, the gap and the schedule ratio. -#}
{{ config(materialized='view') }}
with matched as (

    select
        matched.*,
        case when matched.direction = 'lower' then -1 else 1 end as sense,
        least(matched.judged_on, matched.milestone_on) as path_day,
        {{ meets_target('actual') }} as is_met,
        {{ meets_target('milestone_actual') }} as milestone_met,
        year(matched.judged_on) = year(matched.milestone_on) as is_milestone_year,
        year_paths.share as profile_share
    from {{ ref('int_progress_matched') }} as matched
    left join {{ ref('int_year_paths') }} as year_paths
        on
            matched.pace = 'cumulative'
            and matched.plan_id = year_paths.plan_id
            and matched.row_ref = year_paths.row_ref
            and matched.judged_on = year_paths.judged_on

),

in_the_year as (

    {#- How much of the way from 1 January to the milestone has gone; a milestone is seldom before 31 December. #}
    select
        *,
        coalesce(judged_on >= milestone_on, false) as is_verdict_due,
        case
            when is_milestone_year
                then
                    cast({{ days_between(previous_year_end('judged_on'), 'path_day') }} as double)
                    / {{ days_between(previous_year_end('judged_on'), 'milestone_on') }}
        end as year_share
    from matched

),

expected as (

    select
        *,
        case
            when pace = 'level' and path_day >= milestone_on then cast(target as double)
            when pace = 'level'
                then
                    baseline
                    + (cast(target as double) - baseline)
                    * {{ days_between('baseline_on', 'path_day') }}
                    / nullif({{ days_between('baseline_on', 'milestone_on') }}, 0)
            when pace = 'cumulative' and is_milestone_year and not is_verdict_due
                then cast(target as double) * coalesce(profile_share, year_share)
            when pace in ('cumulative', 'flow') then cast(target as double)
        end as expected_now
    from in_the_year

),

compared as (

    {#- The ratio of a period alone is compared with nothing that speaks of the year, an estimate of the whole year
        with nothing that speaks of a day. #}
    select
        *,
        coalesce(basis, '') = 'full_year_estimate' as is_estimate,
        case
            when
                coalesce(basis, '') <> 'full_year_estimate'
                and not (pace in ('cumulative', 'flow') and coalesce(is_accumulating and basis = 'in_period', false))
                then actual
        end as compared
    from expected

),

ratios as (

    select
        *,
        compared - expected_now as gap,
        round(sense * (expected_now - compared), 6) as behind,
        case
            when pace = 'level' and sense * (cast(target as double) - baseline) > 0
                then (compared - baseline) / nullif(expected_now - baseline, 0)
            when pace = 'cumulative' and sense > 0 then compared / nullif(expected_now, 0)
            when pace = 'cumulative' then expected_now / nullif(compared, 0)
            when pace = 'flow' and sense > 0 then compared / nullif(cast(target as double), 0)
            when pace = 'flow' then cast(target as double) / nullif(compared, 0)
        end as unrounded_ratio,
        {{ days_between('path_start_on', 'judged_on') }} as path_days_elapsed,
        {{ days_between('path_start_on', 'milestone_on') }} as path_days,
        case
            when pace = 'flow' and is_milestone_year and year_share < 1 and not is_verdict_due
                then (cast(target as double) - compared * year_share) / (1 - year_share)
        end as required_rest
    from compared

),

final as (

    select
        *,
        round(unrounded_ratio, 6) as schedule_ratio,
        coalesce(path_days_elapsed < early_days and path_days_elapsed < early_share * path_days, false) as is_early,
        pace = 'level' and baseline is not null and sense * (cast(target as double) - baseline) <= 0
            as is_held_from_start,
        coalesce(
            is_percent
            and case
                when sense > 0 then round(required_rest, 6) > cast(out_of_reach as double)
                else round(required_rest, 6) < 0
            end, false
        ) as is_out_of_reach,
        case
            when sense > 0 and kind not in ('rank', 'boolean')
                then 100 * case when is_estimate then actual else compared end / nullif(cast(target as double), 0)
        end as attainment_pct
    from ratios

)

select * from final
