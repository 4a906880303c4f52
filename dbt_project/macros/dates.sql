{% macro as_of() -%}
    cast('{{ var("as_of") }}' as date)
{%- endmacro %}

{#- Whether a row of a dated seed holds on a day. -#}
{% macro holds_on(seed, day) -%}
    {{ day }} between cast({{ seed }}.valid_from as date)
    and coalesce(cast({{ seed }}.valid_to as date), date '9999-12-31')
{%- endmacro %}

{% macro holds_at_as_of(seed) -%}
    {{ holds_on(seed, as_of()) }}
{%- endmacro %}

{% macro previous_year_end(day) -%}
    make_date(cast(year({{ day }}) - 1 as int), 12, 31)
{%- endmacro %}

{% macro year_end(day) -%}
    make_date(cast(year({{ day }}) as int), 12, 31)
{%- endmacro %}

{% macro month_of(moment) -%}
    substr(cast(cast({{ moment }} as date) as {{ dbt.type_string() }}), 1, 7)
{%- endmacro %}

{#- The value a share of the way from one number to another, as the tables keep numbers. -#}
{% macro on_the_line(start, finish, share) -%}
    cast(
        cast({{ start }} as double) + (cast({{ finish }} as double) - cast({{ start }} as double)) * {{ share }}
        as decimal(18, 6)
    )
{%- endmacro %}

{#- The last day of a month in the year of a day; month 0 is December of the year before. -#}
{% macro month_end_in_year(day, month_number) -%}
    case
        when {{ month_number }} = 0 then {{ previous_year_end(day) }}
        else last_day(make_date(cast(year({{ day }}) as int), greatest({{ month_number }}, 1), 1))
    end
{%- endmacro %}

{#- The Monday of a day's week: 1 January 2001 was one. -#}
{% macro week_start_on(day) -%}
    {{ days_later(day, "-mod(" ~ days_between("date '2001-01-01'", day) ~ ", 7)") }}
{%- endmacro %}

{#- The ISO week a Monday begins, '2026-W01': a week belongs to the year of its Thursday. -#}
{% macro iso_week(monday) -%}
    concat_ws(
        '-W',
        year({{ days_later(monday, 3) }}),
        lpad(cast(weekofyear({{ monday }}) as {{ dbt.type_string() }}), 2, '0')
    )
{%- endmacro %}
