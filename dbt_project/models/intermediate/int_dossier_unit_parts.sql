{#-
    Numerators and denominators of every F02 measure, per unit, month and extract in force.

    Measures that look at each dossier alone are counted by month; those whose rule asks what was open at
    period_end are not additive, and are counted anew over each window: the month, the quarter and the year so far.
-#}
{% set measures = measures_of('F02') %}
{% set additive = by_unit_and_month(measures | rejectattr('looks_at_period_end')) %}
{% set at_period_end = by_unit_and_month(measures | selectattr('looks_at_period_end')) %}
with cells as (

    select * from {{ ref('int_dossier_in_force') }}

),

month_ends as (

    {{ in_force_of('int_dossier_month_ends') }}

),

months as (

    select * from {{ ref('int_ended_periods') }}
    where
        period_kind = 'month'
        and period >= (select min(received_month) from cells)

),

windows as (

    select period, period_end, period_start as window_start, 'in_period' as basis
    from months
    union all
    select
        period,
        period_end,
        cast(date_trunc('year', period_end) as date) as window_start,
        'year_to_date' as basis
    from months
    union all
    {#- A quarter is told when it ends, and so far. #}
    select
        period,
        period_end,
        cast(date_trunc('quarter', period_end) as date) as window_start,
        'quarter_to_date' as basis
    from months
    where mod(month(period_end), 3) = 0 or period_end = (select max(told.period_end) from months as told)

),

nothing as (

    select
        cast(null as {{ dbt.type_string() }}) as indicator_code,
        cast(null as {{ dbt.type_string() }}) as variant,
        cast(null as {{ dbt.type_string() }}) as unit_code,
        cast(null as date) as unit_valid_from,
        cast(null as {{ dbt.type_string() }}) as org_level,
        cast(null as {{ dbt.type_string() }}) as province_code,
        cast(null as decimal(38, 6)) as numerator,
        cast(null as decimal(38, 6)) as denominator,
        cast(null as {{ dbt.type_string() }}) as counted_by,
        cast(null as {{ dbt.type_string() }}) as period,
        cast(null as {{ dbt.type_string() }}) as basis,
        cast(null as {{ dbt.type_string() }}) as submission_id,
        cast(null as bigint) as row_count
    from months
    where 1 = 0

),

{% for name, kind in additive.items() %}
by_month_{{ name }} as (

    select
        {{ unit_columns(kind) | join(',\n        ') }},
        {{ kind.month_basis }}_month as period,
        {{ summed_parts(kind) }},
        submission_id,
        cast(sum(dossiers) as bigint) as row_count
    from cells
    where {{ kind.month_basis }}_month is not null
    group by
        {{ unit_columns(kind) | join(',\n        ') }},
        {{ kind.month_basis }}_month,
        submission_id

),

{% endfor %}
{% for name, kind in at_period_end.items() %}
month_ends_{{ name }} as (

    {{ month_ends_of(kind, ['submission_id']) }}

),

by_window_{{ name }} as (

    select
        {{ unit_columns(kind) | join(',\n        ') }},
        windows.period,
        windows.basis,
        {{ summed_parts(kind) }},
        submission_id,
        cast(sum(dossiers) as bigint) as row_count
    from month_ends_{{ name }} as month_ends
    inner join windows on {{ is_seen_in_window(kind) }}
    group by
        {{ unit_columns(kind) | join(',\n        ') }},
        windows.period,
        windows.basis,
        submission_id

),

{% endfor %}
final as (

    {% for measure, kind, sums in measures_told(additive, 'by_month_') %}
    select
        {{ told_of(measure, kind) }},
        'month' as counted_by,
        period,
        'in_period' as basis,
        submission_id,
        row_count
    from {{ sums }}
    union all
    {% endfor %}
    {% for measure, kind, sums in measures_told(at_period_end, 'by_window_') %}
    select
        {{ told_of(measure, kind) }},
        'window' as counted_by,
        period,
        basis,
        submission_id,
        row_count
    from {{ sums }}
    union all
    {% endfor %}
    select * from nothing

)

select * from final
