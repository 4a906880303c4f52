{#- Numbers and dates as Vietnamese and English readers write them, for status reasons. -#}

{#- Two decimals; four below one, since an index of 0.8241 would read 0.82. -#}
{% macro number_en(number) -%}
    regexp_replace(
        cast(
            cast(
                case when abs({{ number }}) < 1 then round({{ number }}, 4) else round({{ number }}, 2) end
                as decimal(18, 4)
            ) as {{ dbt.type_string() }}
        ),
        '[.]?0+$', ''
    )
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
