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
