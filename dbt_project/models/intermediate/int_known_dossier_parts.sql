{#-
    Parts of every default F02 measure per unit and month in every version of its extracts, with the span in
    which the version was in force. A measure that asks what was open at period_end is counted month by month.
-#}
{% set measures = measures_of('F02') | selectattr('is_default') | list %}
{% set additive = by_unit_and_month(measures | rejectattr('looks_at_period_end')) %}
{% set at_period_end = by_unit_and_month(measures | selectattr('looks_at_period_end')) %}
{% set told = measures_told(additive, 'by_month_') + measures_told(at_period_end, 'by_window_') %}
{% set span = ['known_from', 'known_to', 'changed_by', 'ended_by'] %}
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
    from {{ ref('int_ended_periods') }}
    where
        period_kind = 'month'
        and period >= (select min(received_month) from cells)

),

{% for name, kind in additive.items() %}
by_month_{{ name }} as (

    select
        {{ unit_columns(kind) | join(',\n        ') }},
        {{ kind.month_basis }}_month as period,
        {{ summed_parts(kind) }},
        {{ span | join(',\n        ') }}
    from cells
    where {{ kind.month_basis }}_month is not null
    group by
        {{ unit_columns(kind) | join(',\n        ') }},
        {{ kind.month_basis }}_month,
        {{ span | join(',\n        ') }}

),

{% endfor %}
{% for name, kind in at_period_end.items() %}
month_ends_{{ name }} as (

    {{ month_ends_of(kind, span) }}

),

by_window_{{ name }} as (

    select
        {{ unit_columns(kind) | join(',\n        ') }},
        windows.period,
        {{ summed_parts(kind) }},
        {{ span | join(',\n        ') }}
    from month_ends_{{ name }} as month_ends
    inner join windows on {{ is_seen_in_window(kind) }}
    group by
        {{ unit_columns(kind) | join(',\n        ') }},
        windows.period,
        {{ span | join(',\n        ') }}

),

{% endfor %}
measured as (

    {% for measure, kind, sums in told %}
    select
        {{ told_of(measure, kind) }},
        period,
        {{ span | join(',\n        ') }}
    from {{ sums }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from measured
