{#-
    Every submission of figures in each state it had: one lasting state since its receipt, unless a correction or
    withdrawal changed or ended it.
-#}
with submissions as (

    select * from {{ ref('stg_submissions') }}
    where
        form in (
            'indicator_report', 'dossier', 'procedure_catalogue', 'coverage', 'digital_economy', 'budget_settlement'
        )
        and status in ('landed', 'withdrawn')

),

states as (

    select * from {{ source('past', 'submission_states') }}

),

final as (

    select
        submissions.submission_id,
        submissions.form,
        submissions.org_code,
        submissions.period,
        submissions.received_at,
        coalesce(states.state_number, 0) as state_number,
        coalesce(states.known_from, submissions.received_at) as known_from,
        states.known_to,
        coalesce(states.changed_by, submissions.submission_id) as changed_by,
        states.ended_by,
        states.known_to is null as is_present
    from submissions
    left join states on submissions.submission_id = states.submission_id
    where states.known_to is null or states.known_to > states.known_from

)

select * from final
