{#- The different values of a column as one ';'-separated text, in their own order; empty values are left out. -#}
{% macro listed(column) -%}
    {{ return(adapter.dispatch('listed', 'tiendo')(column)) }}
{%- endmacro %}

{% macro default__listed(column) -%}
    string_agg(distinct {{ column }}, ';' order by {{ column }})
{%- endmacro %}

{% macro spark__listed(column) -%}
    nullif(array_join(array_sort(collect_set({{ column }})), ';'), '')
{%- endmacro %}
