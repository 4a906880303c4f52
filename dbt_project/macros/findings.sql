{#- What findings on plans have in common: the columns of the two sides, and the words that name a plan row. -#}

{#- The sides of a finding: the row it is about, and the one it is compared with (none where other is empty). -#}
{% macro conflict_sides(side, other=none) -%}
    {{ side }}.province_code,
    {{ side }}.org_code,
    {{ side }}.valid_from,
    {{ side }}.indicator_code,
    {{ side }}.plan_id,
    {{ side }}.row_ref,
    {{ side }}.milestone_on,
    {{ side }}.target,
    {% if other -%}
    {{ other }}.plan_id as other_plan_id,
    {{ other }}.row_ref as other_row_ref,
    {{ other }}.indicator_code as other_indicator_code,
    {{ other }}.milestone_on as other_milestone_on,
    {{ other }}.target as other_target
    {%- else -%}
    cast(null as {{ dbt.type_string() }}) as other_plan_id,
    cast(null as {{ dbt.type_string() }}) as other_row_ref,
    cast(null as {{ dbt.type_string() }}) as other_indicator_code,
    cast(null as date) as other_milestone_on,
    cast(null as decimal(18, 6)) as other_target
    {%- endif %}
{%- endmacro %}

{#- Whether one target asks for less than another. -#}
{% macro asks_less(target, other, direction) -%}
    case
        when {{ direction }} = 'lower' then {{ target }} > {{ other }}
        when {{ direction }} = 'higher' then {{ target }} < {{ other }}
        else false
    end
{%- endmacro %}

{#- 'Kế hoạch 02-KH/BCĐ ngày 06/11/2025 (mục 58)'; an ellipsis where the scan left no number. -#}
{% macro plan_row_vi(number, issued_on, is_assumed, row_ref) -%}
    concat_ws('',
        'Kế hoạch ', case when substr({{ number }}, 1, 1) in ('/', '-') then '…' else '' end, {{ number }},
        case when {{ is_assumed }} then ' (tạm lấy ngày ' else ' ngày ' end, {{ date_vi(issued_on) }},
        case when {{ is_assumed }} then '; mục ' else ' (mục ' end, replace({{ row_ref }}, 'row-', ''), ')'
    )
{%- endmacro %}

{% macro plan_row_en(number, issued_on, is_assumed, row_ref) -%}
    concat_ws('',
        'plan ', case when substr({{ number }}, 1, 1) in ('/', '-') then '…' else '' end, {{ number }},
        case when {{ is_assumed }} then ' (dated ' else ' of ' end, {{ date_en(issued_on) }},
        case when {{ is_assumed }} then ' by assumption; row ' else ' (row ' end,
        replace({{ row_ref }}, 'row-', ''), ')'
    )
{%- endmacro %}

{#- The row a finding compares with, named by its plan only where that is another one. -#}
{% macro other_row_vi(side, other) -%}
    case
        when {{ side }}.plan_id = {{ other }}.plan_id
            then concat_ws('', 'mục ', replace({{ other }}.row_ref, 'row-', ''), ' của cùng kế hoạch')
        else {{ other }}.row_vi
    end
{%- endmacro %}

{% macro other_row_en(side, other) -%}
    case
        when {{ side }}.plan_id = {{ other }}.plan_id
            then concat_ws('', 'row ', replace({{ other }}.row_ref, 'row-', ''), ' of the same plan')
        else {{ other }}.row_en
    end
{%- endmacro %}

{#- '≥ 80%', '15–20', 'hạng ≤ 10': a target as short as a plan writes it. Works on the columns of a target. -#}
{% macro target_words(targets, indicators, language) -%}
    {%- set shown = number_vi if language == 'vi' else number_en -%}
    concat_ws('',
        case
            when {{ indicators }}.unit = 'rank' then '{{ "hạng " if language == "vi" else "rank " }}' else ''
        end,
        case
            when {{ targets }}.comparator = 'range' then concat_ws('', {{ shown(targets ~ '.target_low') }}, '–')
            when {{ targets }}.strict and {{ targets }}.comparator = 'at_most' then '< '
            when {{ targets }}.comparator = 'at_most' then '≤ '
            when {{ targets }}.strict then '> '
            when {{ targets }}.comparator = 'at_least' then '≥ '
            else ''
        end,
        case
            when {{ targets }}.comparator = 'range' then {{ shown(targets ~ '.target_high') }}
            else {{ shown(targets ~ '.target') }}
        end,
        {{ indicators }}.suffix_{{ language }}
    )
{%- endmacro %}

{#- The columns conflict_sides yields, where they are handed on. -#}
{% macro conflict_columns() -%}
    province_code,
    org_code,
    valid_from,
    indicator_code,
    plan_id,
    row_ref,
    milestone_on,
    target,
    other_plan_id,
    other_row_ref,
    other_indicator_code,
    other_milestone_on,
    other_target
{%- endmacro %}

{#- What findings on one figure have in common, apart from the figure it is compared with and the messages. -#}
{% macro value_sides(figures) -%}
    {{ figures }}.submission_id,
    {{ figures }}.org_code,
    {{ figures }}.valid_from,
    {{ figures }}.indicator_code,
    {{ figures }}.variant,
    {{ figures }}.period,
    {{ figures }}.basis,
    {{ figures }}.actual as value
{%- endmacro %}
