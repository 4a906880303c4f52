{#- Where plans in force contradict themselves, each other, the figures known, or arithmetic; targets and tasks. -#}
with choices as (

    select
        choices.org_code,
        choices.indicator_code,
        min(choices.decision_number) as decision_number
    from {{ ref('primary_choices') }} as choices
    where {{ holds_at_as_of('choices') }}
    group by choices.org_code, choices.indicator_code

),

kinds as (

    select * from {{ ref('finding_kinds') }} as kinds
    where {{ holds_at_as_of('kinds') }} and kinds.table_name = 'plan_conflicts'

),

contradicted as (

    select
        'direction_contradicted' as finding_kind,
        {{ conflict_sides('targets') }},
        concat_ws(
            '',
            '“', targets.indicator_name_vi, '”: ', targets.row_vi, ' ghi “', targets.target_raw, '”',
            case
                when targets.direction = 'lower' then ', nhưng chỉ tiêu này càng thấp càng tốt'
                else ', nhưng chỉ tiêu này càng cao càng tốt'
            end,
            ', nên không kết luận được. Đề nghị cơ quan ban hành xác nhận là tối thiểu hay tối đa.'
        ) as message_vi,
        concat_ws(
            '',
            '“', targets.indicator_name_en, '”: ', targets.row_en, ' says “', targets.target_raw, '”, though ',
            case when targets.direction = 'lower' then 'lower' else 'higher' end,
            ' is better, so no verdict is possible. The issuer should confirm whether it is a minimum or a maximum.'
        ) as message_en
    from {{ ref('int_finding_targets') }} as targets
    where targets.is_contradictory

),

issued_too_late as (

    select
        'milestone_before_issue' as finding_kind,
        {{ conflict_sides('targets') }},
        concat_ws(
            '',
            '“', targets.indicator_name_vi, '”: ', targets.row_vi, targets.asks_vi,
            ', là ngày đã qua khi kế hoạch được ban hành. Đề nghị cơ quan ban hành xác nhận mốc.'
        ) as message_vi,
        concat_ws(
            '',
            '“', targets.indicator_name_en, '”: ', targets.row_en, targets.asks_en,
            ', a day that had passed when the plan was issued. The issuer should confirm it.'
        ) as message_en
    from {{ ref('int_finding_targets') }} as targets
    where targets.milestone_on < targets.issued_on and not targets.is_date_assumed

),

unioned as (

    select * from contradicted
    union all
    select * from issued_too_late
    {% for model in [
        'int_conflicting_targets', 'int_conflicting_definitions', 'int_conflicting_names',
        'int_conflicting_pairs', 'int_conflicting_levels', 'int_targets_reached_before',
        'int_task_findings',
    ] %}
    union all
    select * from {{ ref(model) }}
    {% endfor %}

),

final as (

    select
        unioned.finding_kind,
        kinds.label_vi as finding_label_vi,
        kinds.label_en as finding_label_en,
        kinds.severity,
        unioned.province_code,
        unioned.org_code,
        unioned.valid_from as org_valid_from,
        unioned.indicator_code,
        unioned.plan_id,
        unioned.row_ref,
        unioned.milestone_on,
        unioned.target,
        unioned.other_indicator_code,
        unioned.other_plan_id,
        unioned.other_row_ref,
        unioned.other_milestone_on,
        unioned.other_target,
        unioned.message_vi,
        unioned.message_en,
        choices.org_code is not null as is_settled,
        choices.decision_number as settled_by
    from unioned
    inner join kinds on unioned.finding_kind = kinds.finding_kind
    {#- A choice says which row of an indicator counts; it settles what the rows of that indicator dispute. #}
    left join choices
        on
            unioned.org_code = choices.org_code
            and unioned.indicator_code = choices.indicator_code
            and unioned.finding_kind in (
                'different_targets_in_plan', 'different_targets_between_plans', 'later_asks_less_in_plan',
                'later_asks_less_between_plans', 'definition_differs'
            )

)

select * from final
