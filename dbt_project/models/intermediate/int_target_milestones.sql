{#-
    For each target row, which milestone judges which days, and where the path to it starts.

    Cumulative rows count anew each calendar year: a year between two milestone years gets the target on
    the straight line between them, a year before the first has none.
-#}
with targets as (

    select * from {{ ref('int_targets_in_force') }}

),

sequenced as (

    select
        *,
        lag(milestone_on) over (partition by plan_id, row_ref order by milestone_on) as previous_milestone_on,
        lag(target) over (partition by plan_id, row_ref order by milestone_on) as previous_target,
        lag(target_low) over (partition by plan_id, row_ref order by milestone_on) as previous_target_low,
        lag(target_high) over (partition by plan_id, row_ref order by milestone_on) as previous_target_high,
        lead(milestone_on) over (partition by plan_id, row_ref order by milestone_on) is null as is_last
    from targets

),

stated as (

    select
        plan_id,
        row_ref,
        line_number,
        milestone_on,
        target,
        target_low,
        target_high,
        false as is_interpolated,
        coalesce(
            case when pace = 'cumulative' then {{ previous_year_end('milestone_on') }} end,
            previous_milestone_on,
            first_path_start_on
        ) as path_start_on,
        case
            when pace = 'cumulative' then {{ previous_year_end('milestone_on') }}
            else coalesce(previous_milestone_on, date '1900-01-01')
        end as judges_after,
        case when is_last then date '9999-12-31' else milestone_on end as judges_until,
        is_last
    from sequenced

),

years_between as (

    select
        sequenced.plan_id,
        sequenced.row_ref,
        sequenced.line_number,
        periods.period_end as milestone_on,
        (cast(periods.year_number as double) - year(sequenced.previous_milestone_on))
        / (year(sequenced.milestone_on) - year(sequenced.previous_milestone_on)) as share_of_way,
        sequenced.previous_target,
        sequenced.target,
        sequenced.previous_target_low,
        sequenced.target_low,
        sequenced.previous_target_high,
        sequenced.target_high
    from sequenced
    inner join {{ ref('int_periods') }} as periods
        on
            periods.period_kind = 'year'
            and periods.period_end > sequenced.previous_milestone_on
            and periods.year_number < year(sequenced.milestone_on)
    where sequenced.pace = 'cumulative'

),

interpolated as (

    select
        plan_id,
        row_ref,
        line_number,
        milestone_on,
        {{ on_the_line('previous_target', 'target', 'share_of_way') }} as target,
        {{ on_the_line('previous_target_low', 'target_low', 'share_of_way') }} as target_low,
        {{ on_the_line('previous_target_high', 'target_high', 'share_of_way') }} as target_high,
        true as is_interpolated,
        {{ previous_year_end('milestone_on') }} as path_start_on,
        {{ previous_year_end('milestone_on') }} as judges_after,
        milestone_on as judges_until,
        false as is_last
    from years_between

),

before_the_first as (

    select
        plan_id,
        row_ref,
        line_number,
        milestone_on,
        cast(null as decimal(18, 6)) as target,
        cast(null as decimal(18, 6)) as target_low,
        cast(null as decimal(18, 6)) as target_high,
        false as is_interpolated,
        first_path_start_on as path_start_on,
        date '1900-01-01' as judges_after,
        {{ previous_year_end('milestone_on') }} as judges_until,
        false as is_last
    from sequenced
    where pace = 'cumulative' and previous_milestone_on is null

),

unioned as (

    select * from stated
    union all
    select * from interpolated
    union all
    select * from before_the_first

),

final as (

    select
        unioned.plan_id,
        unioned.row_ref,
        unioned.milestone_on,
        unioned.target,
        unioned.target_low,
        unioned.target_high,
        unioned.is_interpolated,
        unioned.path_start_on,
        unioned.judges_after,
        unioned.judges_until,
        unioned.is_last,
        targets.target_raw as target_text,
        targets.comparator,
        targets.strict as is_strict,
        targets.pace,
        targets.embedded as is_embedded,
        targets.duplicate_of,
        targets.not_a_target,
        targets.is_scored,
        targets.is_contradictory,
        targets.line_number as target_line_number
    from unioned
    inner join targets on unioned.line_number = targets.line_number

)

select * from final
