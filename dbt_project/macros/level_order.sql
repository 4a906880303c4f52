{#- Levels of the state from the commune up; a province's Party committee plans at the level of the province. -#}
{% macro level_order(level) -%}
    case {{ level }}
        when 'commune' then 1
        when 'province' then 2
        when 'party_committee' then 2
        when 'government' then 3
        when 'central' then 4
    end
{%- endmacro %}
