{#-
    Targets in force that can be held against each other: no repeats, no blanks, no words; with the words that
    name each in a finding. Newer plans come first in row_order.
-#}
with plans as (

    select
        plan_id,
        number,
        date_is_assumed
    from {{ ref('stg_plans') }}

),

targets as (

    select * from {{ ref('int_targets_in_force') }}
    where duplicate_of is null and not not_a_target and target is not null

),

described as (

    select
        targets.province_code,
        targets.org_code,
        targets.valid_from,
        targets.org_level,
        targets.indicator_code,
        indicators.name_vi as indicator_name_vi,
        indicators.name_en as indicator_name_en,
        indicators.direction,
        indicators.kind,
        indicators.applies_to_level,
        targets.plan_id,
        targets.row_ref,
        targets.issued_on,
        plans.date_is_assumed as is_date_assumed,
        targets.embedded as is_embedded,
        targets.name_vi,
        targets.target_raw,
        targets.unit,
        targets.unit_raw,
        targets.indicator_unit,
        targets.per,
        targets.pace,
        targets.comparator,
        targets.strict as is_strict,
        targets.is_contradictory,
        targets.milestone_on,
        year(targets.milestone_on) as milestone_year,
        targets.target,
        targets.target_low,
        targets.target_high,
        lag(targets.milestone_on) over one_row as previous_milestone_on,
        year(lead(targets.milestone_on) over one_row) as next_milestone_year,
        dense_rank() over (
            partition by targets.org_code, targets.valid_from, targets.indicator_code
            order by targets.issued_on desc, targets.plan_id asc, targets.row_ref asc
        ) as row_order,
        {{ plan_row_vi('plans.number', 'targets.issued_on', 'plans.date_is_assumed', 'targets.row_ref') }} as row_vi,
        {{ plan_row_en('plans.number', 'targets.issued_on', 'plans.date_is_assumed', 'targets.row_ref') }} as row_en,
        {{ target_words('targets', 'indicators', 'vi') }} as target_vi,
        {{ target_words('targets', 'indicators', 'en') }} as target_en
    from targets
    inner join plans on targets.plan_id = plans.plan_id
    inner join {{ ref('int_indicators') }} as indicators on targets.indicator_code = indicators.indicator_code
    window one_row as (
        partition by targets.org_code, targets.valid_from, targets.plan_id, targets.row_ref
        order by targets.milestone_on
    )

),

final as (

    select
        *,
        concat_ws('', ' đặt ', target_vi, ' (mốc ', {{ date_vi('milestone_on') }}, ')') as asks_vi,
        concat_ws('', ' asks for ', target_en, ' by ', {{ date_en('milestone_on') }}) as asks_en
    from described

)

select * from final
