{#-
    Where a path starts from: what the registry states; else the last actual of the indicator's own frequency
    on or before the path start; failing that the first actual after it. Places after a reform are new places,
    so no baseline crosses it. What is withheld or estimated is no baseline.
-#}
with path_starts as (

    select distinct
        target_rows.org_code,
        target_rows.valid_from,
        target_rows.indicator_code,
        target_rows.variant,
        milestones.path_start_on
    from {{ ref('int_target_rows') }} as target_rows
    inner join {{ ref('int_target_milestones') }} as milestones
        on target_rows.plan_id = milestones.plan_id and target_rows.row_ref = milestones.row_ref
    where milestones.pace = 'level'

),

usable as (

    select * from {{ ref('int_observations_decisive') }}

),

stated as (

    {#- The registry's own baseline, for the path that starts on the day it names. #}
    select
        path_starts.org_code,
        path_starts.valid_from,
        path_starts.indicator_code,
        path_starts.variant,
        path_starts.path_start_on,
        cast(stated.baseline as double) as actual,
        cast(stated.baseline_on as date) as judged_on
    from path_starts
    inner join {{ ref('stated_baselines') }} as stated
        on
            path_starts.org_code = stated.org_code
            and path_starts.indicator_code = stated.indicator_code
            and path_starts.variant = coalesce(stated.variant, path_starts.variant)
            and path_starts.path_start_on = cast(stated.path_start_on as date)
    qualify row_number() over (
        partition by
            path_starts.org_code, path_starts.valid_from, path_starts.indicator_code, path_starts.variant,
            path_starts.path_start_on
        order by case when stated.variant is null then 1 else 0 end asc, stated.baseline_on desc, stated.baseline asc
    ) = 1

),

before_start as (

    select
        path_starts.org_code,
        path_starts.valid_from,
        path_starts.indicator_code,
        path_starts.variant,
        path_starts.path_start_on,
        usable.actual,
        usable.judged_on
    from path_starts
    inner join usable
        on
            path_starts.org_code = usable.org_code
            and path_starts.valid_from = usable.valid_from
            and path_starts.indicator_code = usable.indicator_code
            and path_starts.variant = usable.variant
            and usable.judged_on <= path_starts.path_start_on
    where usable.is_own_frequency
    qualify row_number() over (
        partition by
            path_starts.org_code, path_starts.valid_from, path_starts.indicator_code, path_starts.variant,
            path_starts.path_start_on
        order by usable.judged_on desc, usable.period_end desc
    ) = 1

),

after_start as (

    select
        path_starts.org_code,
        path_starts.valid_from,
        path_starts.indicator_code,
        path_starts.variant,
        path_starts.path_start_on,
        usable.actual,
        usable.judged_on,
        usable.period_end
    from path_starts
    inner join usable
        on
            path_starts.org_code = usable.org_code
            and path_starts.valid_from = usable.valid_from
            and path_starts.indicator_code = usable.indicator_code
            and path_starts.variant = usable.variant
            and usable.judged_on > path_starts.path_start_on
    qualify row_number() over (
        partition by
            path_starts.org_code, path_starts.valid_from, path_starts.indicator_code, path_starts.variant,
            path_starts.path_start_on
        order by usable.period_end, usable.judged_on, usable.kind_order
    ) = 1

),

final as (

    select
        path_starts.org_code,
        path_starts.valid_from,
        path_starts.indicator_code,
        path_starts.variant,
        path_starts.path_start_on,
        coalesce(stated.actual, before_start.actual) as actual_before,
        case
            when stated.actual is not null then stated.judged_on
            else before_start.judged_on
        end as judged_before,
        after_start.actual as actual_after,
        after_start.judged_on as judged_after,
        after_start.period_end as period_end_after
    from path_starts
    left join stated
        on
            path_starts.org_code = stated.org_code
            and path_starts.valid_from = stated.valid_from
            and path_starts.indicator_code = stated.indicator_code
            and path_starts.variant = stated.variant
            and path_starts.path_start_on = stated.path_start_on
    left join before_start
        on
            path_starts.org_code = before_start.org_code
            and path_starts.valid_from = before_start.valid_from
            and path_starts.indicator_code = before_start.indicator_code
            and path_starts.variant = before_start.variant
            and path_starts.path_start_on = before_start.path_start_on
    left join after_start
        on
            path_starts.org_code = after_start.org_code
            and path_starts.valid_from = after_start.valid_from
            and path_starts.indicator_code = after_start.indicator_code
            and path_starts.variant = after_start.variant
            and path_starts.path_start_on = after_start.path_start_on

)

select * from final
