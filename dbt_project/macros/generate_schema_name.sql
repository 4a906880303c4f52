{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- Schemas are named by layer alone, so that a reader finds marts.indicator_progress under that name. -#}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
