{#- All thresholds side by side, one row for each span of days in which none of them changes. -#}
{% set codes = [
    'level_off_track', 'level_at_risk', 'cumulative_off_track', 'cumulative_at_risk', 'flow_off_track',
    'flow_at_risk', 'out_of_reach', 'early_days', 'early_share', 'materiality_points', 'materiality_share',
    'coverage_share', 'small_cell', 'reported_difference_points', 'reported_difference_share',
    'finding_size', 'jump_changes', 'jump_factor', 'jump_points', 'jump_share', 'repeated_periods',
    'due_soon_days', 'behind_share', 'behind_after_days', 'behind_after_share',
    'task_title_score', 'task_match_score', 'task_duplicate_score', 'deadline_after_issue_days',
    'score_items', 'score_trend_band',
] %}
with thresholds as (

    select
        threshold_code,
        cast(value as decimal(18, 6)) as value,
        cast(valid_from as date) as valid_from,
        coalesce(cast(valid_to as date), date '9999-12-31') as valid_to
    from {{ ref('thresholds_seed') }}

),

starts as (

    select
        valid_from,
        {{ day_before("lead(valid_from, 1, date '9999-12-31') over (order by valid_from)") }} as valid_to
    from (select distinct valid_from from thresholds) as distinct_starts

),

final as (

    select
        {% for code in codes %}
        max(case when thresholds.threshold_code = '{{ code }}' then thresholds.value end) as {{ code }},
        {% endfor %}
        starts.valid_from,
        starts.valid_to
    from starts
    inner join thresholds
        on starts.valid_from >= thresholds.valid_from and starts.valid_from <= thresholds.valid_to
    group by starts.valid_from, starts.valid_to

)

select * from final
