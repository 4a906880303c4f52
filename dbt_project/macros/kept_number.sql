{#-
    A number as the tables keep it, twelve digits before the point and six after; nothing where it is larger, which no
    honest figure is, and which would otherwise stop every release until the file is withdrawn.
-#}
{% macro kept_number(number) -%}
    case when abs({{ number }}) < 999999999999 then cast({{ number }} as decimal(18, 6)) end
{%- endmacro %}

{% macro kept_value(number) -%}
    case when abs({{ number }}) < 999999999999 then {{ number }} end
{%- endmacro %}
