{#-
    Parts of every default F02 measure per unit and month in every version of its extracts, with the span in
    which the version was in force. A measure that asks what was open at period_end is counted month by month.
-#}
{% set measures = measures_of('F02') | selectattr('is_default') | list %}
{% set additive = measures | rejectattr('looks_at_period_end') | list %}
{% set at_period_end = measures | selectattr('looks_at_period_end') | list %}
with cells as (

    {{ spans_of('int_dossier_cells') }}

),

month_ends as (

    {{ spans_of('int_dossier_month_ends') }}

),

windows as (

    select
        period,
        period_end,
        period_start as window_start
    from {{ ref('int_periods') }}
    where
        period_kind = 'month'
        and period_end <= {{ as_of() }}
        and period >= (select min(received_month) from cells)

),

measured as (

    {% for measure in additive %}
    {% set unit = 'receiving' if measure.org_basis == 'receiving' else 'settling' %}
    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        {{ unit }}_org_code as unit_code,
        {{ unit }}_valid_from as unit_valid_from,
        {{ unit }}_level as org_level,
        {{ unit }}_province_code as province_code,
        {{ measure.month_basis }}_month as period,
        {{ part_column(measure, 'numerator') }} as numerator,
        {{ part_column(measure, 'denominator') }} as denominator,
        known_from,
        known_to,
        changed_by,
        ended_by
    from cells
    where {{ measure.month_basis }}_month is not null
    {{ 'union all' if not loop.last or at_period_end }}
    {% endfor %}
    {% for measure in at_period_end %}
    {% set unit = 'receiving' if measure.org_basis == 'receiving' else 'settling' %}
    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        month_ends.{{ unit }}_org_code as unit_code,
        month_ends.{{ unit }}_valid_from as unit_valid_from,
        month_ends.{{ unit }}_level as org_level,
        month_ends.{{ unit }}_province_code as province_code,
        windows.period,
        sum(month_ends.{{ part_column(measure, 'numerator') }}) as numerator,
        sum(month_ends.{{ part_column(measure, 'denominator') }}) as denominator,
        month_ends.known_from,
        month_ends.known_to,
        month_ends.changed_by,
        month_ends.ended_by
    from month_ends
    inner join windows on {{ is_seen_in_window(measure) }}
    group by
        month_ends.{{ unit }}_org_code,
        month_ends.{{ unit }}_valid_from,
        month_ends.{{ unit }}_level,
        month_ends.{{ unit }}_province_code,
        windows.period,
        month_ends.known_from,
        month_ends.known_to,
        month_ends.changed_by,
        month_ends.ended_by
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from measured
