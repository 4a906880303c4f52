{#-
    The days and thresholds by which each task is judged.

    A standing task that a person confirmed has no deadline of its own. A task that comes back without a deadline
    is judged anew in each month, quarter, half-year or year.
-#}
with deadlines as (

    select
        *,
        case when not is_standing then due_on end as day_due
    from {{ ref('int_task_deadlines') }}

),

cycles as (

    select
        *,
        case
            when day_due is not null then null
            when recurrence = 'monthly' then 1
            when recurrence = 'quarterly' then 3
            when recurrence = 'half_yearly' then 6
            when recurrence is not null or is_standing or deadline_kind = 'recurring' then 12
        end as cycle_months,
        {{ days_between('judged_on', 'day_due') }} as days_left,
        {{ days_between('start_on', 'judged_on') }} as days_gone,
        {#- A deadline may lie before the start; its time is gone in a day. #}
        case when day_due is not null then greatest({{ days_between('start_on', 'day_due') }}, 1) end as days_allowed
    from deadlines

),

final as (

    select
        cycles.judged_on,
        cycles.judged_on = {{ as_of() }} as is_current,
        cycles.plan_id,
        cycles.row_ref,
        plans.province_code,
        plans.org_code,
        cycles.issued_on,
        cycles.deadline_kind,
        cycles.due_as_issued_on,
        cycles.day_due as due_on,
        cycles.start_on,
        cycles.recurrence,
        cycles.is_standing_suspected,
        cycles.is_standing or cycles.deadline_kind = 'recurring' as is_recurring,
        cycles.adjusted_on,
        cycles.adjusted_by,
        cycles.continued_by_plan_id,
        cycles.continued_by_row_ref,
        make_date(
            cast(year(cycles.judged_on) as int),
            cast(floor((month(cycles.judged_on) - 1) / cycles.cycle_months) * cycles.cycle_months + 1 as int),
            1
        ) as cycle_start_on,
        last_day(
            make_date(
                cast(year(cycles.judged_on) as int),
                cast((floor((month(cycles.judged_on) - 1) / cycles.cycle_months) + 1) * cycles.cycle_months as int),
                1
            )
        ) as cycle_end_on,
        cycles.days_left,
        cycles.days_gone,
        cycles.days_allowed,
        case
            when cycles.day_due <= cycles.judged_on then cycles.days_allowed
            when cycles.day_due is not null then greatest(cycles.days_gone, 0)
        end as days_elapsed,
        case
            when cycles.day_due <= cycles.judged_on then 1
            when cycles.day_due is not null
                then round(cast(greatest(cycles.days_gone, 0) as double) / cycles.days_allowed, 6)
        end as elapsed_share,
        thresholds.due_soon_days,
        thresholds.behind_share,
        thresholds.behind_after_days,
        thresholds.behind_after_share
    from cycles
    inner join {{ ref('stg_plans') }} as plans on cycles.plan_id = plans.plan_id
    inner join {{ ref('int_threshold_sets') }} as thresholds
        on cycles.judged_on between thresholds.valid_from and thresholds.valid_to

)

select * from final
