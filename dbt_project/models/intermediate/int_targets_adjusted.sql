{#-
    Target rows as adjusted (F11), with what was issued beside them.

    An adjustment changes a milestone only if it was decided by that day. A milestone moved back after it has
    passed stays with its verdict, and the new day stands beside it as a further milestone. Of several
    decisions on one thing the one received last speaks.
-#}
{% set kept = [
    'plan_id', 'row_ref', 'section_vi', 'name_vi', 'indicator_code', 'unit_raw', 'milestone_year', 'target_kind',
    'unit', 'per', 'lead_raw', 'responsible_raw', 'monitor_raw', 'source_doc_raw', 'note', 'embedded',
    'duplicate_of', 'assigned_level', 'line_number',
] %}
with targets as (

    select * from {{ ref('stg_plan_targets') }}

),

decided as (

    select * from {{ ref('stg_target_adjustments') }}
    where decided_on <= {{ as_of() }}

),

new_days as (

    select
        decided.line_number,
        decided.milestone_on,
        decided.decision_number,
        decided.decided_on,
        decided.decided_on > targets.milestone_on as is_late
    from decided
    inner join targets on decided.line_number = targets.line_number
    where decided.field = 'milestone_on'
    qualify row_number() over (
        partition by decided.line_number, decided.decided_on > targets.milestone_on
        order by decided.received_at desc, decided.submission_id desc, decided.row_number desc
    ) = 1

),

milestones as (

    select
        targets.line_number,
        coalesce(new_days.milestone_on, targets.milestone_on) as milestone_on,
        new_days.decision_number,
        new_days.decided_on
    from targets
    left join new_days on targets.line_number = new_days.line_number and not new_days.is_late

    union all

    select
        late.line_number,
        late.milestone_on,
        late.decision_number,
        late.decided_on
    from new_days as late
    inner join targets on late.line_number = targets.line_number
    left join new_days as in_time on late.line_number = in_time.line_number and not in_time.is_late
    where late.is_late and late.milestone_on > coalesce(in_time.milestone_on, targets.milestone_on)

),

new_targets as (

    select
        decided.*,
        milestones.milestone_on as judged_by
    from milestones
    inner join decided
        on milestones.line_number = decided.line_number and decided.decided_on <= milestones.milestone_on
    where decided.field = 'target_raw'
    qualify row_number() over (
        partition by milestones.line_number, milestones.milestone_on
        order by decided.received_at desc, decided.submission_id desc, decided.row_number desc
    ) = 1

),

final as (

    select
        {% for column in kept %}
        targets.{{ column }},
        {% endfor %}
        milestones.milestone_on,
        coalesce(adjusted.target_raw, targets.target_raw) as target_raw,
        case when adjusted.line_number is null then targets.target_low else adjusted.target_low end as target_low,
        case when adjusted.line_number is null then targets.target_high else adjusted.target_high end as target_high,
        coalesce(adjusted.comparator, targets.comparator) as comparator,
        coalesce(adjusted.is_strict, targets.strict) as strict,
        coalesce(adjusted.pace, targets.pace) as pace,
        targets.not_a_target and adjusted.line_number is null as not_a_target,
        targets.comparator as comparator_as_issued,
        targets.target_low as target_low_as_issued,
        targets.target_high as target_high_as_issued,
        targets.milestone_on as milestone_as_issued_on,
        greatest(milestones.decided_on, adjusted.decided_on) as adjusted_on,
        case
            when milestones.decision_number <> adjusted.decision_number
                then concat_ws('; ', milestones.decision_number, adjusted.decision_number)
            else coalesce(milestones.decision_number, adjusted.decision_number)
        end as adjusted_by
    from milestones
    inner join targets on milestones.line_number = targets.line_number
    left join new_targets as adjusted
        on milestones.line_number = adjusted.line_number and milestones.milestone_on = adjusted.judged_by

)

select * from final
