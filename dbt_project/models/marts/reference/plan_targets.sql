with targets as (

    select * from {{ ref('stg_plan_targets') }}

),

adjustments as (

    select * from {{ ref('stg_target_adjustments') }}
    where decided_on <= {{ as_of() }}
    qualify row_number() over (
        partition by line_number, field
        order by received_at desc, submission_id desc, row_number desc
    ) = 1

),

final as (

    select
        targets.plan_id,
        targets.row_ref,
        targets.milestone_on,
        cast(targets.milestone_year as bigint) as milestone_year,
        targets.section_vi,
        targets.name_vi,
        targets.indicator_code,
        targets.unit_raw,
        targets.target_raw,
        targets.target_kind,
        targets.comparator,
        cast(targets.target_low as decimal(18, 6)) as target_low,
        cast(targets.target_high as decimal(18, 6)) as target_high,
        new_targets.target_raw as adjusted_target_raw,
        cast(new_targets.target_low as decimal(18, 6)) as adjusted_target_low,
        cast(new_targets.target_high as decimal(18, 6)) as adjusted_target_high,
        new_days.milestone_on as adjusted_milestone_on,
        greatest(new_targets.decided_on, new_days.decided_on) as adjusted_on,
        case
            when new_days.decision_number <> new_targets.decision_number
                then concat_ws('; ', new_days.decision_number, new_targets.decision_number)
            else coalesce(new_days.decision_number, new_targets.decision_number)
        end as adjusted_by,
        targets.unit,
        targets.per,
        targets.pace,
        targets.strict as is_strict,
        targets.embedded as is_embedded,
        targets.duplicate_of,
        targets.not_a_target as is_not_a_target,
        targets.assigned_level,
        targets.lead_raw,
        targets.responsible_raw,
        targets.monitor_raw,
        targets.source_doc_raw,
        targets.note,
        cast(targets.line_number as bigint) as line_number
    from targets
    left join adjustments as new_targets
        on targets.line_number = new_targets.line_number and new_targets.field = 'target_raw'
    left join adjustments as new_days
        on targets.line_number = new_days.line_number and new_days.field = 'milestone_on'

)

select * from final
