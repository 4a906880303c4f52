{#- What is possible and yet worth a look, in files and in figures; none of it stops a release. -#}
with kinds as (

    select * from {{ ref('finding_kinds') }} as kinds
    where {{ holds_at_as_of('kinds') }} and kinds.table_name = 'suspicious_values'

),

figures as (

    {% for model in [
        'int_suspicious_jumps', 'int_suspicious_repeats', 'int_suspicious_targets', 'int_suspicious_ranges',
    ] %}
    {% if not loop.first %}union all{% endif %}
    select * from {{ ref(model) }}
    {% endfor %}

),

files as (

    {% for model in ['int_suspicious_submissions', 'int_suspicious_evidence', 'int_suspicious_tasks'] %}
    {% if not loop.first %}union all{% endif %}
    select
        finding_kind,
        submission_id,
        other_submission_id,
        subject,
        org_code,
        period,
        rows_affected,
        message_vi,
        message_en
    from {{ ref(model) }}
    {% endfor %}

),

unioned as (

    select
        finding_kind,
        submission_id,
        other_submission_id,
        subject,
        org_code,
        cast(null as date) as org_valid_from,
        cast(null as {{ dbt.type_string() }}) as indicator_code,
        cast(null as {{ dbt.type_string() }}) as variant,
        period,
        cast(null as {{ dbt.type_string() }}) as basis,
        cast(null as double) as value,
        cast(null as double) as compared_value,
        rows_affected,
        message_vi,
        message_en
    from files

    union all

    select
        finding_kind,
        submission_id,
        '' as other_submission_id,
        compared_with as subject,
        org_code,
        valid_from as org_valid_from,
        indicator_code,
        variant,
        period,
        basis,
        value,
        compared_value,
        cast(null as bigint) as rows_affected,
        message_vi,
        message_en
    from figures

),

final as (

    select
        unioned.finding_kind,
        kinds.label_vi as finding_label_vi,
        kinds.label_en as finding_label_en,
        kinds.severity,
        unioned.submission_id,
        unioned.other_submission_id,
        unioned.subject,
        submissions.form,
        units.province_code,
        unioned.org_code,
        unioned.org_valid_from,
        unioned.indicator_code,
        unioned.variant,
        unioned.period,
        unioned.basis,
        unioned.value,
        unioned.compared_value,
        unioned.rows_affected,
        unioned.message_vi,
        unioned.message_en
    from unioned
    inner join kinds on unioned.finding_kind = kinds.finding_kind
    left join {{ ref('stg_submissions') }} as submissions on unioned.submission_id = submissions.submission_id
    {#- A file is of the unit that bears the code now, a figure of the one that bore it then. #}
    left join {{ ref('int_units') }} as units
        on
            unioned.org_code = units.unit_code
            and coalesce(unioned.org_valid_from, {{ as_of() }}) between units.valid_from and units.valid_to

)

select * from final
