{#- What DuckDB and Spark spell differently about dates. -#}

{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between', 'tiendo')(earlier, later)) }}
{%- endmacro %}

{% macro default__days_between(earlier, later) -%}
    date_diff('day', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro spark__days_between(earlier, later) -%}
    datediff({{ later }}, {{ earlier }})
{%- endmacro %}

{% macro day_before(day) -%}
    {{ return(adapter.dispatch('day_before', 'tiendo')(day)) }}
{%- endmacro %}

{% macro default__day_before(day) -%}
    cast({{ day }} - interval 1 day as date)
{%- endmacro %}

{% macro spark__day_before(day) -%}
    date_sub({{ day }}, 1)
{%- endmacro %}

{% macro number_series(first, last) -%}
    {{ return(adapter.dispatch('number_series', 'tiendo')(first, last)) }}
{%- endmacro %}

{% macro default__number_series(first, last) -%}
    unnest(range({{ first }}, {{ last }} + 1))
{%- endmacro %}

{% macro spark__number_series(first, last) -%}
    explode(sequence({{ first }}, {{ last }}))
{%- endmacro %}

{#- The day in Việt Nam of a moment that is kept in UTC. -#}
{% macro local_day(moment) -%}
    {{ return(adapter.dispatch('local_day', 'tiendo')(moment)) }}
{%- endmacro %}

{% macro default__local_day(moment) -%}
    cast({{ moment }} + interval 7 hours as date)
{%- endmacro %}

{% macro spark__local_day(moment) -%}
    cast(from_utc_timestamp({{ moment }}, 'Asia/Ho_Chi_Minh') as date)
{%- endmacro %}

{#- The last second of a day in Việt Nam, as a moment in UTC. -#}
{% macro last_second_of_local_day(day) -%}
    {{ return(adapter.dispatch('last_second_of_local_day', 'tiendo')(day)) }}
{%- endmacro %}

{% macro default__last_second_of_local_day(day) -%}
    cast({{ day }} as timestamp) + interval 61199 seconds
{%- endmacro %}

{% macro spark__last_second_of_local_day(day) -%}
    to_utc_timestamp(to_timestamp(cast({{ day }} as string) || ' 23:59:59'), 'Asia/Ho_Chi_Minh')
{%- endmacro %}

{#- A day so many days later; earlier where the number is below zero. -#}
{% macro days_later(day, days) -%}
    {{ return(adapter.dispatch('days_later', 'tiendo')(day, days)) }}
{%- endmacro %}

{% macro default__days_later(day, days) -%}
    ({{ day }} + cast({{ days }} as int))
{%- endmacro %}

{% macro spark__days_later(day, days) -%}
    date_add({{ day }}, cast({{ days }} as int))
{%- endmacro %}
