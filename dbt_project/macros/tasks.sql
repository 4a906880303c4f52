{#- Whether an agency of the registry stands for many: by its kind, or because its name is in the plural. -#}
{% macro is_agency_group(agencies) -%}
    (
        coalesce({{ agencies }}.kind, '') in ('department_group', 'commune_group', 'company_group', 'university_group')
        or instr({{ agencies }}.name_vi, 'Các ') = 1
        or instr({{ agencies }}.name_vi, 'Người dân') = 1
        or instr({{ agencies }}.name_vi, 'Đoàn viên, ') = 1
    )
{%- endmacro %}

{#- A text in small letters with a space in the place of each mark, so that its words can be told apart. -#}
{% macro bare_words(text) -%}
    {%- set marks = [',', '.', ';', ':', '(', ')', '“', '”', '/', '-'] -%}
    {%- for mark in marks %}replace({% endfor -%}
    lower(coalesce({{ text }}, ''))
    {%- for mark in marks %}, '{{ mark }}', ' '){% endfor %}
{%- endmacro %}
