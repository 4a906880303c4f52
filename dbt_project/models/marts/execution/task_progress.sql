{% set days = {
    'judged': 'judged_on', 'issued': 'issued_on', 'due': 'due_on', 'due_as_issued': 'due_as_issued_on',
    'adjusted': 'adjusted_on', 'completed': 'completed_on', 'newest_filed': 'newest_filed_on',
    'newest_verdict': 'newest_verdict_on',
} %}
{% set reported = {
    'vi': {'not_started': 'chưa thực hiện', 'in_progress': 'đang thực hiện', 'done': 'hoàn thành'},
    'en': {'not_started': 'not started', 'in_progress': 'in progress', 'done': 'done'},
} %}
with states as (

    select
        states.*,
        tasks.group_vi,
        tasks.title_vi,
        tasks.deadline_raw as deadline_text,
        clarity.clarity_missing
    from {{ ref('int_task_states') }} as states
    inner join {{ ref('stg_plan_tasks') }} as tasks
        on states.plan_id = tasks.plan_id and states.row_ref = tasks.row_ref
    left join {{ ref('task_clarity') }} as clarity
        on states.plan_id = clarity.plan_id and states.row_ref = clarity.row_ref
    where states.is_current

),

leads as (

    select
        plan_id,
        row_ref,
        {{ listed('agency_code') }} as lead_agency_codes
    from {{ ref('stg_task_agencies') }}
    where role = 'lead'
    group by plan_id, row_ref

),

worded as (

    select
        *,
        {% for language in ['vi', 'en'] %}
        {% set day = date_vi if language == 'vi' else date_en %}
        {% set number = number_vi if language == 'vi' else number_en %}
        {% for name, column in days.items() %}
        {{ day(column) }} as {{ name }}_{{ language }},
        {% endfor %}
        {{ days_in_words('days_left', language) }} as left_{{ language }},
        {{ days_in_words('-days_left', language) }} as late_{{ language }},
        {{ days_in_words(days_between('due_on', 'completed_on'), language) }} as completed_late_{{ language }},
        {{ (period_vi if language == 'vi' else period_en)('reported_period') }} as period_{{ language }},
        case reported_state
            {% for code, words in reported[language].items() %}
            when '{{ code }}' then '{{ words }}'
            {% endfor %}
        end as reported_{{ language }},
        {{ number('percent_complete') }} as percent_{{ language }},
        {{ number('round(100 * elapsed_share, 1)') }} as elapsed_{{ language }},
        concat_ws('/', assignees_done, assignees_total) as assignees_{{ language }},
        concat_ws(' ', continued_by_plan_id, continued_by_row_ref) as continued_{{ language }},
        newest_ref as newest_ref_{{ language }},
        deadline_text as deadline_text_{{ language }},
        adjusted_by as adjusted_by_{{ language }},
        {% endfor %}
        is_alert as alert
    from states

),

reasoned as (

    select
        *,
        {{ task_reason('vi') }} as state_reason,
        {{ task_reason('en') }} as state_reason_en
    from worded

),

final as (

    select
        reasoned.province_code,
        reasoned.org_code,
        reasoned.plan_id,
        reasoned.row_ref,
        reasoned.group_vi,
        reasoned.title_vi,
        leads.lead_agency_codes,
        reasoned.deadline_text,
        reasoned.due_on,
        reasoned.due_as_issued_on,
        reasoned.adjusted_on,
        reasoned.adjusted_by,
        reasoned.deadline_kind,
        reasoned.start_on,
        reasoned.recurrence,
        reasoned.is_standing_suspected,
        reasoned.reported_state,
        reasoned.reported_period,
        reasoned.percent_complete,
        reasoned.elapsed_share,
        reasoned.state,
        reasoned.colour,
        reasoned.alert,
        reasoned.alert_rule,
        reasoned.evidence_count,
        reasoned.evidence_verdict,
        reasoned.is_done,
        reasoned.completed_on,
        reasoned.assignees_done,
        reasoned.assignees_total,
        reasoned.clarity_missing,
        reasoned.difficulty,
        reasoned.continued_by_plan_id,
        reasoned.continued_by_row_ref,
        reasoned.state_reason,
        reasoned.state_reason_en,
        home.is_synthetic,
        reasoned.submission_id
    from reasoned
    left join leads on reasoned.plan_id = leads.plan_id and reasoned.row_ref = leads.row_ref
    cross join {{ ref('int_home') }} as home

)

select * from final
