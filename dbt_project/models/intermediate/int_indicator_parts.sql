{#-
    What each unit contributed to each figure, form by form, in one shape. Where communes report coverage, what
    their province says itself contributes nothing.
-#}
{{ config(materialized='view') }}
with coverage as (

    select * from {{ ref('int_coverage_unit_parts') }}
    where numerator is not null and denominator is not null

),

communes_told as (

    select distinct
        province_code,
        indicator_code,
        variant,
        period
    from coverage
    where org_level = 'commune'

),

coverage_counted as (

    select coverage.*
    from coverage
    left join communes_told
        on
            coverage.org_code = communes_told.province_code
            and coverage.indicator_code = communes_told.indicator_code
            and coverage.variant = communes_told.variant
            and coverage.period = communes_told.period
    where coverage.org_level = 'commune' or communes_told.province_code is null

),

final as (

    {% set nothing = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
    {% set sources = {
        'indicator_report': {
            'from': ref('int_indicator_report_unit_parts'), 'variant': "'reported'", 'sender': nothing, 'value': 'actual',
        },
        'dossier': {
            'from': ref('int_dossier_counted_parts'), 'org_code': 'unit_code', 'valid_from': 'unit_valid_from',
            'maturity': nothing, 'evidence_ref': nothing, 'sheet': nothing, 'row_number': 'cast(null as bigint)',
            'row_count': 'row_count', 'sender': nothing, 'note': nothing,
        },
        'procedure_catalogue': {
            'from': ref('int_procedure_observed'), 'evidence_ref': nothing, 'sheet': nothing,
            'row_number': 'cast(null as bigint)', 'row_count': 'cast(null as bigint)', 'sender': nothing,
            'note': nothing,
        },
        'coverage': {
            'from': 'coverage_counted', 'basis': nothing, 'maturity': nothing, 'evidence_ref': nothing,
        },
        'digital_economy': {'from': ref('int_digital_economy_unit_parts'), 'evidence_ref': nothing},
        'budget_settlement': {
            'from': ref('int_budget_settlement_unit_parts'), 'maturity': nothing, 'evidence_ref': nothing,
            'numerator': 'numerator * 0.001', 'denominator': 'denominator * 0.001', 'sender': nothing,
        },
    } %}
    {% for form, source in sources.items() %}
    select
        '{{ form }}' as form,
        {{ source.get('org_code', 'org_code') }} as org_code,
        {{ source.get('valid_from', 'valid_from') }} as valid_from,
        indicator_code,
        {{ source.get('variant', 'variant') }} as variant,
        period,
        {{ source.get('basis', 'basis') }} as basis,
        {{ kept_number(source.get('numerator', 'numerator')) }} as numerator,
        {{ kept_number(source.get('denominator', 'denominator')) }} as denominator,
        {{ source.get('value', 'cast(null as double)') }} as value,
        {{ source.get('maturity', 'maturity') }} as maturity,
        {{ source.get('evidence_ref', 'evidence_ref') }} as evidence_ref,
        submission_id,
        {{ source.get('sheet', 'sheet') }} as sheet,
        {{ source.get('row_number', 'row_number') }} as row_number,
        {{ source.get('row_count', 'cast(1 as bigint)') }} as row_count,
        {{ source.get('sender', 'sender') }} as sender,
        {{ source.get('note', 'note') }} as note
    from {{ source['from'] }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
