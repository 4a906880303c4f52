{#- What each submission says of each scope of its form, and what became of those rows: the one list of forms. -#}
{% set forms = [
    'indicator_report', 'procedure_catalogue', 'coverage', 'digital_economy', 'task_report', 'evidence',
    'submitted_plan_targets', 'submitted_plan_tasks', 'budget_settlement', 'plan_adjustment', 'correction',
    'withdrawal', 'evidence_document',
] %}
with counted as (

    {% for form in forms %}
    {{ dispositions_of('int_' ~ form ~ '_versioned', form) }}
    union all
    {% endfor %}
    {#- Of millions of dossiers only those are compared that several extracts speak for. #}
    select
        'dossier' as form,
        *
    from {{ ref('int_dossier_dispositions') }}
    union all
    select
        'dossier' as form,
        extracts.scope_key,
        extracts.submission_id,
        extracts.version_number,
        true as is_in_force,
        scopes.rows_landed,
        scopes.content_sum,
        scopes.rows_landed as rows_loaded,
        cast(0 as bigint) as rows_unchanged,
        cast(0 as bigint) as rows_superseded
    from {{ ref('int_dossier_scopes') }} as scopes
    inner join {{ ref('int_dossier_extracts') }} as extracts
        on
            scopes.submission_id = extracts.submission_id
            and scopes.unit_code = extracts.unit_code
            and scopes.period = extracts.period
    where scopes.state_number is null and extracts.latest_version_number = 1

)

select * from counted
