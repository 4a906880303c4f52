{#- What each submission says of each scope of its form, and what became of those rows: the one list of forms. -#}
{% set forms = [
    'indicator_report', 'dossier', 'procedure_catalogue', 'coverage', 'digital_economy', 'task_report', 'evidence',
    'submitted_plan_targets', 'submitted_plan_tasks', 'budget_settlement', 'plan_adjustment', 'correction',
    'withdrawal', 'evidence_document',
] %}
with dispositions as (

    {% for form in forms %}
    select
        '{{ form }}' as form,
        scope_key,
        submission_id,
        version_number,
        is_in_force,
        row_hash,
        disposition
    from {{ ref('int_' ~ form ~ '_versioned') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        form,
        scope_key,
        submission_id,
        version_number,
        is_in_force,
        count(*) as rows_landed,
        cast(sum({{ number_of_hash('row_hash') }}) as decimal(38, 0)) as content_sum,
        {{ count_where("disposition = 'loaded'") }} as rows_loaded,
        {{ count_where("disposition = 'unchanged'") }} as rows_unchanged,
        {{ count_where("disposition = 'superseded'") }} as rows_superseded
    from dispositions
    group by form, scope_key, submission_id, version_number, is_in_force

)

select * from final
