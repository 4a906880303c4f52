{#-
    Whether a value meets the row's target; null where nothing can be met (text, or a comparator that
    contradicts the direction). A bare value means 'reach': met at or beyond it. A range is met from its
    nearer bound on. Strict rows are met only beyond the bound.
-#}
{% macro meets_target(value) -%}
    case
        when {{ value }} is null or target is null or is_contradictory then null
        when comparator = 'boolean' then {{ value }} = cast(target as double)
        when direction = 'reach' and comparator = 'equal' then {{ value }} = cast(target as double)
        when direction = 'reach' and comparator = 'range'
            then {{ value }} between cast(target_low as double) and cast(target_high as double)
        when direction = 'lower' and is_strict then {{ value }} < cast(target as double)
        when direction = 'lower' then {{ value }} <= cast(target as double)
        when comparator = 'at_most' and is_strict then {{ value }} < cast(target as double)
        when comparator = 'at_most' then {{ value }} <= cast(target as double)
        when is_strict then {{ value }} > cast(target as double)
        else {{ value }} >= cast(target as double)
    end
{%- endmacro %}

{#- Of the bounds of a target the one that must be reached, given the indicator's direction. -#}
{% macro bound_to_reach(comparator, low, high) -%}
    case
        when {{ comparator }} = 'text' then null
        when {{ comparator }} = 'at_most' then {{ high }}
        when indicators.direction = 'lower' then coalesce({{ high }}, {{ low }})
        else coalesce({{ low }}, {{ high }})
    end
{%- endmacro %}
