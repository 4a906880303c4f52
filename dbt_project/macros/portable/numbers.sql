{#- A whole number of at least zero with a comma between groups of three digits. -#}
{% macro grouped_digits(number) -%}
    {{ return(adapter.dispatch('grouped_digits', 'tiendo')(number)) }}
{%- endmacro %}

{% macro default__grouped_digits(number) -%}
    format('{:,}', {{ number }})
{%- endmacro %}

{% macro spark__grouped_digits(number) -%}
    format_number({{ number }}, 0)
{%- endmacro %}
