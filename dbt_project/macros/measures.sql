{#-
    The measures of one form, as the registry defines them (indicator_measures.csv), in its order. For a form
    without any, one that no row meets and no indicator bears, so that its models yield nothing.

    Read while the model is compiled, by name and not through source(), so that unit tests of a measure run
    on the registry's own rules.
-#}
{% macro measures_of(form_number) %}
    {% set query %}
        select
            indicator_code, variant, is_default, numerator_rule, denominator_rule,
            numerator_sum, denominator_sum, month_basis, excluded_states, org_basis
        from raw.indicator_measures
        where form = '{{ form_number }}'
        order by line_number
    {% endset %}
    {% set none_of_form = {
        'indicator_code': '', 'variant': '', 'is_default': true, 'numerator_rule': 'false', 'denominator_rule': 'false',
        'month_basis': 'received', 'org_basis': 'receiving',
    } %}
    {% set measures = [] %}
    {% if execute %}
        {% for row in run_query(query).rows or [none_of_form] %}
            {% set measure = dict(row) %}
            {% set rules = measure.numerator_rule ~ measure.denominator_rule ~ (measure.numerator_sum or '') %}
            {% do measure.update({'looks_at_period_end': 'period_end' in rules}) %}
            {% do measures.append(measure) %}
        {% endfor %}
    {% endif %}
    {{ return(measures) }}
{% endmacro %}

{#- What a row adds to a numerator or denominator: 1, or the summed expression, where the rule holds. -#}
{% macro part_of(rule, summed) -%}
    {{ kept_number('case when ' ~ rule ~ ' then ' ~ (summed or 1) ~ ' end') }}
{%- endmacro %}

{#- What dossiers add to a part of a measure, nothing where their state is excluded; sign: a number before each. -#}
{% macro dossiers_part(measure, part, sign=none) -%}
    {%- set excluded = (measure.excluded_states or '').split('|') | select | list -%}
    {%- set rule = measure[part ~ '_rule'] -%}
    {%- set summed = measure[part ~ '_sum'] -%}
    cast(
        sum(
            {% if sign %}{{ sign }} * {% endif -%}
            case
                when ({{ rule }})
                {%- if excluded %} and state not in ('{{ excluded | join("', '") }}'){% endif %}
                    then {{ 'cast(' ~ summed ~ ' as decimal(18, 6))' if summed else 1 }}
                else 0
            end
        ) as decimal(38, 6)
    )
{%- endmacro %}

{% macro count_where(condition) -%}
    cast(sum(case when {{ condition }} then 1 else 0 end) as bigint)
{%- endmacro %}

{#- Which dossiers a measure that looks at period_end sees in a window: those received in it, or those
    completed in it together with all that were open when it ended. -#}
{% macro is_seen_in_window(measure) -%}
    month_ends.counted_on <= windows.period_end
    {% if measure.month_basis == 'received' -%}
    and month_ends.received_until >= windows.window_start
    {%- else -%}
    and (
        month_ends.completed_month is null
        or month_ends.completed_month >= {{ month_of('windows.window_start') }}
    )
    {%- endif %}
{%- endmacro %}

{#- Measures told apart by the unit and the month they count dossiers for, so that each kind is added up in one go. -#}
{% macro by_unit_and_month(measures) %}
    {% set kinds = {} %}
    {% for measure in measures %}
        {% set unit = 'receiving' if measure.org_basis == 'receiving' else 'settling' %}
        {% set kind = {'unit': unit, 'month_basis': measure.month_basis, 'measures': []} %}
        {% do kinds.setdefault(unit ~ '_' ~ measure.month_basis, kind)['measures'].append(measure) %}
    {% endfor %}
    {% do return(kinds) %}
{% endmacro %}

{#- Each measure with its kind and where the sums of that stand. -#}
{% macro measures_told(kinds, prefix) %}
    {% set told = [] %}
    {% for name, kind in kinds.items() %}
        {% for measure in kind.measures %}
            {% do told.append((measure, kind, prefix ~ name)) %}
        {% endfor %}
    {% endfor %}
    {% do return(told) %}
{% endmacro %}

{#- The columns that tell the unit measures of a kind count for. -#}
{% macro unit_columns(kind) %}
    {% set columns = [] %}
    {% for column in ['org_code', 'valid_from', 'level', 'province_code'] %}
        {% do columns.append(kind.unit ~ '_' ~ column) %}
    {% endfor %}
    {% do return(columns) %}
{% endmacro %}

{#- The sums of all parts of measures of a kind. -#}
{% macro summed_parts(kind) -%}
    {%- for measure in kind.measures %}
    sum({{ part_column(measure, 'numerator') }}) as {{ part_column(measure, 'numerator') }},
    sum({{ part_column(measure, 'denominator') }}) as {{ part_column(measure, 'denominator') }}
    {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The month ends of a kind without what its measures do not tell apart: windows meet three to nine times fewer. -#}
{% macro month_ends_of(kind, others) -%}
    {%- set seen_by = 'received_until' if kind.month_basis == 'received' else 'completed_month' -%}
    {%- set columns = unit_columns(kind) + [seen_by, 'counted_on'] + others -%}
    select
        {{ columns | join(',\n        ') }},
        {{ summed_parts(kind) }},
        sum(dossiers) as dossiers
    from month_ends
    group by
        {{ columns | join(',\n        ') }}
{%- endmacro %}

{#- What one measure says out of the sums of its kind: the columns before those that each model adds. -#}
{% macro told_of(measure, kind) -%}
    '{{ measure.indicator_code }}' as indicator_code,
    '{{ measure.variant }}' as variant,
    {{ kind.unit }}_org_code as unit_code,
    {{ kind.unit }}_valid_from as unit_valid_from,
    {{ kind.unit }}_level as org_level,
    {{ kind.unit }}_province_code as province_code,
    {{ part_column(measure, 'numerator') }} as numerator,
    {{ part_column(measure, 'denominator') }} as denominator
{%- endmacro %}
