{#-
    A forecast no further than its kind can go: shares from 0 to 100%, scores to 100 points, indices of at most one to 1,
    counts and rates from 0; growth and contributions freely.
-#}
{% macro within_bounds(value) -%}
    case
        when {{ value }} is null then null
        when kind = 'ratio' and is_percent then least(greatest({{ value }}, 0), 100)
        when unit = 'score' then least(greatest({{ value }}, 0), 100)
        when unit = 'index_0_1' then least(greatest({{ value }}, 0), 1)
        when kind in ('ratio', 'count') then greatest({{ value }}, 0)
        else {{ value }}
    end
{%- endmacro %}
