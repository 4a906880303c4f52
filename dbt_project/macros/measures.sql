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

{#- One dossier's part in a measure: nothing where its state is excluded. -#}
{% macro dossier_part(measure, part) -%}
    {%- set excluded = (measure.excluded_states or '').split('|') | select | list -%}
    {%- set rule = measure[part ~ '_rule'] -%}
    cast(
        case
            when ({{ rule }})
            {%- if excluded %} and state not in ('{{ excluded | join("', '") }}'){% endif %}
                then {{ measure[part ~ '_sum'] or 1 }}
            else 0
        end as decimal(18, 6)
    )
{%- endmacro %}

{% macro count_where(condition) -%}
    cast(sum(case when {{ condition }} then 1 else 0 end) as bigint)
{%- endmacro %}

{#- Which dossiers a measure that looks at period_end sees in a window: those received in it, or those
    completed in it together with all that were open when it ended. -#}
{% macro is_seen_in_window(measure) -%}
    {% if measure.month_basis == 'received' -%}
    cast(dossiers.received_at as date) between windows.window_start and windows.period_end
    {%- else -%}
    cast(dossiers.received_at as date) <= windows.period_end
    and (dossiers.completed_at is null or cast(dossiers.completed_at as date) >= windows.window_start)
    {%- endif %}
{%- endmacro %}
