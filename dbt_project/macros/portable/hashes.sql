{#- A whole number out of the first eight hexadecimal digits of a hash, so that sets of rows can be compared. -#}
{% macro number_of_hash(hash) -%}
    {{ return(adapter.dispatch('number_of_hash', 'tiendo')(hash)) }}
{%- endmacro %}

{% macro default__number_of_hash(hash) -%}
    cast(concat('0x', substr({{ hash }}, 1, 8)) as bigint)
{%- endmacro %}

{% macro spark__number_of_hash(hash) -%}
    cast(conv(substr({{ hash }}, 1, 8), 16, 10) as bigint)
{%- endmacro %}

{#- A hash of eight bytes, only to be compared within one statement: engines and versions hash otherwise. -#}
{% macro quick_hash(value) -%}
    {{ return(adapter.dispatch('quick_hash', 'tiendo')(value)) }}
{%- endmacro %}

{% macro default__quick_hash(value) -%}
    hash({{ value }})
{%- endmacro %}

{% macro spark__quick_hash(value) -%}
    xxhash64({{ value }})
{%- endmacro %}
