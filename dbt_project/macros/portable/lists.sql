{#- The texts of a group in their own order, with a separator between them; empty ones are left out. -#}
{% macro sorted_list(text, separator='; ') -%}
    {{ return(adapter.dispatch('sorted_list', 'tiendo')(text, separator)) }}
{%- endmacro %}

{% macro default__sorted_list(text, separator) -%}
    string_agg({{ text }}, '{{ separator }}' order by {{ text }})
{%- endmacro %}

{% macro spark__sorted_list(text, separator) -%}
    nullif(array_join(sort_array(collect_list({{ text }})), '{{ separator }}'), '')
{%- endmacro %}
