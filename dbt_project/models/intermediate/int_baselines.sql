{#-
    Where a path starts from: the last actual of the indicator's own frequency on or before the path start;
    failing that the first actual after it. Places after a reform are new places, so no baseline crosses it.
    What is withheld or estimated is no baseline.
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

    select
        observations.*,
        observations.period_kind = indicators.frequency as is_own_frequency
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('stg_indicators') }} as indicators
        on observations.indicator_code = indicators.indicator_code
    inner join {{ ref('int_threshold_sets') }} as thresholds
        on observations.judged_on between thresholds.valid_from and thresholds.valid_to
    where
        observations.actual is not null
        and coalesce(observations.basis, '') <> 'full_year_estimate'
        and coalesce(observations.coverage_share, 1) >= thresholds.coverage_share

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
        order by usable.judged_on, usable.kind_order
    ) = 1

),

final as (

    select
        path_starts.org_code,
        path_starts.valid_from,
        path_starts.indicator_code,
        path_starts.variant,
        path_starts.path_start_on,
        before_start.actual as actual_before,
        before_start.judged_on as judged_before,
        after_start.actual as actual_after,
        after_start.judged_on as judged_after,
        after_start.period_end as period_end_after
    from path_starts
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
