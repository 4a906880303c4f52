{#- The first state of the closed list that applies; works on the columns of a timeline and of the reports. -#}
{% macro task_state() -%}
    case
        when judged_on < issued_on then 'not_yet_issued'
        when is_proven and coalesce(proven_on <= due_on, true) then 'done_on_time'
        when is_proven then 'done_late'
        when is_refused then 'to_complete'
        when is_pending_in_time then 'pending_evidence'
        when judged_on > due_on then 'overdue'
        when days_left <= due_soon_days then 'due_soon'
        when is_recurring then 'recurring'
        when due_on is null then 'no_deadline'
        when reported_state is null then 'not_reported'
        else 'in_term'
    end
{%- endmacro %}

{#- The red alerts that fire, in their order, or nothing; products instead of shares, so that 50% is exactly 50%. -#}
{% macro task_alert_rule() -%}
    nullif(
        concat_ws(
            ';',
            case when state = 'overdue' then 'overdue' end,
            case
                when
                    state not in ('not_yet_issued', 'done_on_time', 'done_late')
                    and days_gone > behind_after_days
                    and days_elapsed > behind_after_share * days_allowed
                    and percent_complete * days_allowed < 100 * behind_share * days_elapsed
                    then 'behind'
            end,
            case when state = 'to_complete' then 'evidence_insufficient' end
        ),
        ''
    )
{%- endmacro %}

{#- The last steps of both models of states: state, alerts and colour of what is known of each row. -#}
{% macro task_verdict(known) -%}
judged as (

    select
        *,
        {{ task_state() }} as state
    from {{ known }}

),

alerted as (

    select
        *,
        {{ task_alert_rule() }} as alert_rule
    from judged

),

final as (

    select
        alerted.*,
        alerted.state in ('done_on_time', 'done_late') as is_done,
        case when alerted.state in ('done_on_time', 'done_late') then alerted.proven_on end as completed_on,
        alerted.alert_rule is not null as is_alert,
        case when alerted.alert_rule is null then states.colour else 'red' end as colour
    from alerted
    left join {{ ref('task_states') }} as states on alerted.state = states.state

)

select * from final
{%- endmacro %}
