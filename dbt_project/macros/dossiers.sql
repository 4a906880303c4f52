{#- Dossiers counted per submission: what the models that count them have in common. -#}

{#-
    A model whose rows belong to one submission, or one unit and month of receipt, each. On DuckDB what was computed of
    them is kept, and only what is new is computed (macros/kept.sql); elsewhere it is a table.
-#}
{% macro kept_by(column) -%}
    {{ config(materialized='kept' if target.type == 'duckdb' else 'table', meta={'kept_by': column}) }}
{%- endmacro %}

{#- By what dossiers are counted. -#}
{% macro dossier_key() %}
    {% do return([
        'submission_id', 'state_number', 'receiving_org_code', 'receiving_valid_from', 'receiving_level',
        'receiving_province_code', 'settling_org_code', 'settling_valid_from', 'settling_level',
        'settling_province_code', 'received_month', 'completed_month',
    ]) %}
{% endmacro %}

{#- Month ends after that of receipt at which a rule about period_end may answer otherwise than a month before. -#}
{% macro turns_after_receipt() %}
    {% do return(['completed_until', 'after_completed', 'due_until', 'after_due']) %}
{% endmacro %}

{#- The column that holds one part of a measure. -#}
{% macro part_column(measure, part) -%}
    {{ measure.indicator_code }}__{{ measure.variant }}__{{ part }}
{%- endmacro %}

{#- The rows of a counted model that belong to the extracts in force, as they stand now. -#}
{% macro in_force_of(model) -%}
    select counted.*
    from {{ ref(model) }} as counted
    inner join {{ ref('int_dossier_extracts') }} as extracts
        on
            counted.submission_id = extracts.submission_id
            and counted.receiving_org_code = extracts.unit_code
            and counted.received_month = extracts.period
    where counted.state_number is null and extracts.version_number = extracts.latest_version_number
{%- endmacro %}

{#- The rows of a counted model in every state and version, with the span in which it was in force. -#}
{% macro spans_of(model) -%}
    select
        counted.*,
        extracts.known_from,
        extracts.known_to,
        extracts.changed_by,
        extracts.ended_by
    from {{ ref(model) }} as counted
    inner join {{ ref('int_known_extracts') }} as extracts
        on
            counted.submission_id = extracts.submission_id
            and (
                counted.state_number = extracts.state_number
                or (counted.state_number is null and extracts.is_present)
            )
            and counted.receiving_org_code = extracts.unit_code
            and counted.received_month = extracts.extract_period
{%- endmacro %}
