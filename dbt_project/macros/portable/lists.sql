{#- The different texts of a group in their own order, with a separator between them; empty ones are left out. -#}
{% macro listed(text, separator=';') -%}
    {{ return(adapter.dispatch('listed', 'tiendo')(text, separator)) }}
{%- endmacro %}

{% macro default__listed(text, separator) -%}
    string_agg(distinct {{ text }}, '{{ separator }}' order by {{ text }})
{%- endmacro %}

{% macro spark__listed(text, separator) -%}
    nullif(array_join(array_sort(collect_set({{ text }})), '{{ separator }}'), '')
{%- endmacro %}
