{#- Numbers and dates as Vietnamese and English readers write them, for status reasons. -#}

{% macro number_en(number) -%}
    regexp_replace(cast(cast(round({{ number }}, 2) as decimal(18, 2)) as {{ dbt.type_string() }}), '[.]?0+$', '')
{%- endmacro %}

{% macro number_vi(number) -%}
    replace({{ number_en(number) }}, '.', ',')
{%- endmacro %}

{% macro date_vi(day) -%}
    concat(
        substr(cast({{ day }} as {{ dbt.type_string() }}), 9, 2), '/',
        substr(cast({{ day }} as {{ dbt.type_string() }}), 6, 2), '/',
        substr(cast({{ day }} as {{ dbt.type_string() }}), 1, 4)
    )
{%- endmacro %}

{% macro date_en(day) -%}
    cast({{ day }} as {{ dbt.type_string() }})
{%- endmacro %}
