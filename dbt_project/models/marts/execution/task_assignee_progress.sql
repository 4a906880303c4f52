select
    plan_id,
    row_ref,
    assignee_code,
    assignee_kind,
    assignee_name_vi,
    via_group_code,
    reported_state,
    reported_period,
    percent_complete,
    evidence_refs,
    evidence_verdict,
    is_done,
    completed_on,
    state,
    colour,
    is_alert as alert,
    alert_rule,
    difficulty,
    submission_id
from {{ ref('int_task_assignee_states') }}
where is_current
