{#- A forecast no further than its kind can go: shares from 0 to 100%, counts and rates from 0; indices freely. -#}
{% macro within_bounds(value) -%}
    case
        when {{ value }} is null then null
        when kind = 'ratio' and is_percent then least(greatest({{ value }}, 0), 100)
        when kind in ('ratio', 'count') then greatest({{ value }}, 0)
        else {{ value }}
    end
{%- endmacro %}
