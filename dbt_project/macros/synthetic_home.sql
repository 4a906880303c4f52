{#- Whether the submissions of this home are synthetic: one row, for rows that come from no submission. -#}
{% macro synthetic_home() -%}
    select coalesce(max(case when is_synthetic then 1 else 0 end), 0) = 1 as is_synthetic
    from {{ ref('stg_submissions') }}
{%- endmacro %}
