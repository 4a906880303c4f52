{#- The columns of a relation as a select list, so that two tables of one shape name them once. -#}
{% macro columns_of(relation) -%}
    {%- if execute -%}
    {{ adapter.get_columns_in_relation(relation) | map(attribute='name') | join(', ') }}
    {%- else -%}
    *
    {%- endif -%}
{%- endmacro %}
