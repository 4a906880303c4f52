{#-
    For each target row, which milestone judges which days, and where the path to it starts.

    Cumulative rows count anew each calendar year: a year between two milestone years gets the target on
    the straight line between them, a year before the first number has none.
-#}
with targets as (

    select * from {{ ref('int_targets_in_force') }}

),

sequenced as (

    select
        *,
        lag(milestone_on) over milestones as previous_milestone_on,
        lag(target) over milestones as previous_target,
        lag(target_low) over milestones as previous_target_low,
        lag(target_high) over milestones as previous_target_high,
        lag(target_as_issued) over milestones as previous_as_issued,
        lag(adjusted_on) over milestones as previous_adjusted_on,
        lag(adjusted_by) over milestones as previous_adjusted_by,
        lead(milestone_on) over milestones as next_milestone_on
    from targets
    window milestones as (partition by plan_id, row_ref order by milestone_on)

),

stated as (

    select
        plan_id,
        row_ref,
        milestone_on as stated_on,
        milestone_on,
        target,
        target_low,
        target_high,
        target_as_issued,
        adjusted_on,
        adjusted_by,
        false as is_interpolated,
        coalesce(
            case when pace = 'cumulative' then {{ previous_year_end('milestone_on') }} end,
            previous_milestone_on,
            first_path_start_on
        ) as path_start_on,
        case
            when pace = 'cumulative'
                then greatest({{ previous_year_end('milestone_on') }}, previous_milestone_on)
            else coalesce(previous_milestone_on, date '1900-01-01')
        end as judges_after,
        case
            when next_milestone_on is null then date '9999-12-31'
            when pace = 'cumulative' and year(next_milestone_on) > year(milestone_on)
                then {{ year_end('milestone_on') }}
            else milestone_on
        end as judges_until
    from sequenced

),

years_between as (

    select
        sequenced.plan_id,
        sequenced.row_ref,
        sequenced.milestone_on as stated_on,
        periods.period_end as milestone_on,
        (cast(periods.year_number as double) - year(sequenced.previous_milestone_on))
        / (year(sequenced.milestone_on) - year(sequenced.previous_milestone_on)) as share_of_way,
        sequenced.previous_target,
        sequenced.target,
        sequenced.previous_target_low,
        sequenced.target_low,
        sequenced.previous_target_high,
        sequenced.target_high,
        sequenced.previous_as_issued,
        sequenced.target_as_issued,
        coalesce(sequenced.adjusted_on, sequenced.previous_adjusted_on) as adjusted_on,
        coalesce(sequenced.adjusted_by, sequenced.previous_adjusted_by) as adjusted_by
    from sequenced
    inner join {{ ref('int_periods') }} as periods
        on
            periods.period_kind = 'year'
            and periods.year_number > year(sequenced.previous_milestone_on)
            and periods.year_number < year(sequenced.milestone_on)
    where sequenced.pace = 'cumulative' and sequenced.previous_target is not null

),

interpolated as (

    select
        plan_id,
        row_ref,
        stated_on,
        milestone_on,
        {{ on_the_line('previous_target', 'target', 'share_of_way') }} as target,
        {{ on_the_line('previous_target_low', 'target_low', 'share_of_way') }} as target_low,
        {{ on_the_line('previous_target_high', 'target_high', 'share_of_way') }} as target_high,
        {{ on_the_line('previous_as_issued', 'target_as_issued', 'share_of_way') }} as target_as_issued,
        adjusted_on,
        adjusted_by,
        true as is_interpolated,
        {{ previous_year_end('milestone_on') }} as path_start_on,
        {{ previous_year_end('milestone_on') }} as judges_after,
        milestone_on as judges_until
    from years_between

),

before_the_first as (

    select
        plan_id,
        row_ref,
        milestone_on as stated_on,
        milestone_on,
        cast(null as decimal(18, 6)) as target,
        cast(null as decimal(18, 6)) as target_low,
        cast(null as decimal(18, 6)) as target_high,
        cast(null as decimal(18, 6)) as target_as_issued,
        adjusted_on,
        adjusted_by,
        false as is_interpolated,
        first_path_start_on as path_start_on,
        coalesce(previous_milestone_on, date '1900-01-01') as judges_after,
        {{ previous_year_end('milestone_on') }} as judges_until
    from sequenced
    where pace = 'cumulative' and previous_target is null

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
        case when unioned.adjusted_by is not null then unioned.target_as_issued end as target_as_issued,
        case
            when unioned.adjusted_by is not null and not unioned.is_interpolated then targets.milestone_as_issued_on
        end as milestone_as_issued_on,
        unioned.adjusted_on,
        unioned.adjusted_by,
        unioned.is_interpolated,
        unioned.path_start_on,
        unioned.judges_after,
        unioned.judges_until,
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
    inner join targets
        on
            unioned.plan_id = targets.plan_id
            and unioned.row_ref = targets.row_ref
            and unioned.stated_on = targets.milestone_on

)

select * from final
