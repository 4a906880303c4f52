{#- The numbers, days and periods of each row as its sentence writes them, in both languages. -#}
{{ config(materialized='view') }}
{% set days = [
    'judged_on', 'milestone_on', 'baseline_on', 'path_start_on', 'adjusted_on', 'milestone_as_issued_on', 'forecast_on',
] %}
{% set amounts = {
    'actual': 'actual', 'expected': 'expected_now', 'baseline': 'baseline', 'required': 'required_rest',
    'forecast': 'forecast', 'issued': 'target_as_issued',
} %}
{% set percents = {
    'covered': 'coverage_share', 'coverage_needed': 'coverage_threshold', 'way_gone': 'schedule_ratio',
} %}
select
    *,
    {% for language in ['vi', 'en'] %}
    {% set number = number_vi if language == 'vi' else number_en %}
    {% set day = date_vi if language == 'vi' else date_en %}
    {% for column in days %}
    {{ day(column) }} as {{ column }}_{{ language }},
    {% endfor %}
    {% for name, column in amounts.items() %}
    case when {{ column }} is not null then concat_ws('', {{ number(column) }}, suffix_{{ language }}) end
        as {{ name }}_{{ language }},
    {% endfor %}
    {% for name, column in percents.items() %}
    {{ number('100 * ' ~ column) }} as {{ name }}_{{ language }},
    {% endfor %}
    {% for column in ['duplicate_of', 'target_text', 'variant', 'adjusted_by'] %}
    {{ column }} as {{ column }}_{{ language }},
    {% endfor %}
    {{ standing('actual', language) }} as standing_{{ language }},
    {{ standing('milestone_actual', language, past=true) }} as milestone_standing_{{ language }},
    {{ goal(language) }} as goal_{{ language }},
    {{ (period_vi if language == 'vi' else period_en)('period') }} as period_{{ language }},
    {{ awaited(language) }} as edition_{{ language }},
    {% endfor %}
    coalesce(publisher, 'Cơ quan có thẩm quyền') as publisher_vi
from {{ ref('int_progress_labelled') }}
