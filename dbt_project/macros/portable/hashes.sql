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

{#- A whole number that differs for nearly any two texts, to be computed and compared fast; never kept. -#}
{% macro quick_hash(text) -%}
    {{ return(adapter.dispatch('quick_hash', 'tiendo')(text)) }}
{%- endmacro %}

{% macro default__quick_hash(text) -%}
    hash({{ text }})
{%- endmacro %}

{% macro spark__quick_hash(text) -%}
    xxhash64({{ text }})
{%- endmacro %}
