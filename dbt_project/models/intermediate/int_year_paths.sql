{#-
    The share of a year's target due on a day, where a plan or a seed gives the way through the year
    (quarterly path, seasonal profile): a straight line in days between the month ends given. What is said
    of one row outranks what is said of its plan, and that what is said of the indicator.
-#}
with profiles as (

    select
        indicator_code,
        plan_id,
        row_ref,
        cast(month_number as int) as month_number,
        cast(share_by_month_end as double) as share,
        lag(cast(month_number as int), 1, 0) over years as previous_month,
        lag(cast(share_by_month_end as double), 1, 0) over years as previous_share
    from {{ ref('year_profiles') }} as profiles
    where {{ holds_at_as_of('profiles') }}
    window years as (
        partition by indicator_code, plan_id, row_ref
        order by cast(month_number as int)
    )

),

days as (

    select distinct
        indicator_code,
        plan_id,
        row_ref,
        judged_on
    from {{ ref('int_progress_matched') }}
    where pace = 'cumulative'

),

spans as (

    select
        days.plan_id,
        days.row_ref,
        days.judged_on,
        profiles.plan_id as profile_plan_id,
        profiles.row_ref as profile_row_ref,
        profiles.share,
        profiles.previous_share,
        {{ month_end_in_year('days.judged_on', 'profiles.previous_month') }} as span_start,
        {{ month_end_in_year('days.judged_on', 'profiles.month_number') }} as span_end
    from days
    inner join profiles
        on
            days.indicator_code = profiles.indicator_code
            and days.plan_id = coalesce(profiles.plan_id, days.plan_id)
            and days.row_ref = coalesce(profiles.row_ref, days.row_ref)

),

final as (

    select
        plan_id,
        row_ref,
        judged_on,
        previous_share
        + (share - previous_share)
        * {{ days_between('span_start', 'judged_on') }}
        / {{ days_between('span_start', 'span_end') }} as share
    from spans
    where judged_on > span_start and judged_on <= span_end
    qualify row_number() over (
        partition by plan_id, row_ref, judged_on
        order by
            case when profile_row_ref is null then 1 else 0 end,
            case when profile_plan_id is null then 1 else 0 end
    ) = 1

)

select * from final
