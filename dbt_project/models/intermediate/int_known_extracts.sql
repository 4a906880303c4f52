{#-
    Which state of which extract spoke for each unit and month of receipt, from when to when; nil reports
    included, since an extract speaks for its own unit even without a row of it.
-#}
with states as (

    select * from {{ ref('int_submission_states') }}
    where form = 'dossier'

),

covered as (

    select
        states.submission_id,
        states.state_number,
        scopes.unit_code,
        scopes.period as extract_period
    from {{ ref('int_dossier_scopes') }} as scopes
    inner join states
        on
            scopes.submission_id = states.submission_id
            and (scopes.state_number = states.state_number or (scopes.state_number is null and states.is_present))
    union
    select
        submission_id,
        state_number,
        org_code as unit_code,
        period as extract_period
    from states

),

extracts as (

    select
        states.*,
        covered.unit_code,
        covered.extract_period,
        {{ scope_key(['covered.unit_code', 'covered.extract_period']) }} as series_key
    from covered
    inner join states
        on covered.submission_id = states.submission_id and covered.state_number = states.state_number

),

{{ sweep('extracts', 'candidates.received_at desc, candidates.submission_id desc') }},

final as (

    select
        unit_code,
        extract_period,
        submission_id,
        state_number,
        is_present,
        in_force_from as known_from,
        in_force_to as known_to,
        cause as changed_by,
        next_cause as ended_by
    from swept

)

select * from final
