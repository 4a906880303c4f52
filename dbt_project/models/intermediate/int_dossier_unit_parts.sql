{#-
    Numerators and denominators of every F02 measure, per unit and month.

    Measures that look at each dossier alone are counted by month; those whose rule asks what was open at
    period_end are not additive, and are counted anew over each window: the month, and the year so far.
-#}
{% set measures = measures_of('F02') %}
{% set additive = [] %}
{% set at_period_end = [] %}
{% for measure in measures %}
    {% if 'period_end' in measure.numerator_rule ~ measure.denominator_rule ~ (measure.numerator_sum or '') %}
        {% do at_period_end.append(measure) %}
    {% else %}
        {% do additive.append(measure) %}
    {% endif %}
{% endfor %}
with dossiers as (

    select * from {{ ref('int_dossier_in_force') }}

),

months as (

    select * from {{ ref('int_periods') }}
    where
        period_kind = 'month'
        and period_end <= {{ as_of() }}
        and period_end >= (select min(cast(received_at as date)) from dossiers)

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

),

cells as (

    select
        receiving_org_code,
        receiving_valid_from,
        receiving_level,
        receiving_province_code,
        settling_org_code,
        settling_valid_from,
        settling_level,
        settling_province_code,
        received_month,
        completed_month
        {%- for measure in additive %},
        sum({{ dossier_part(measure, 'numerator') }}) as numerator_{{ loop.index }},
        sum({{ dossier_part(measure, 'denominator') }}) as denominator_{{ loop.index }}
        {%- endfor %}
    from dossiers
    group by
        receiving_org_code,
        receiving_valid_from,
        receiving_level,
        receiving_province_code,
        settling_org_code,
        settling_valid_from,
        settling_level,
        settling_province_code,
        received_month,
        completed_month

),

{% for measure in additive %}
{% set unit = 'receiving' if measure.org_basis == 'receiving' else 'settling' %}
additive_{{ loop.index }} as (

    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        'month' as counted_by,
        {{ unit }}_org_code as unit_code,
        {{ unit }}_valid_from as unit_valid_from,
        {{ unit }}_level as org_level,
        {{ unit }}_province_code as province_code,
        {{ measure.month_basis }}_month as period,
        'in_period' as basis,
        sum(numerator_{{ loop.index }}) as numerator,
        sum(denominator_{{ loop.index }}) as denominator
    from cells
    where {{ measure.month_basis }}_month is not null
    group by
        {{ unit }}_org_code,
        {{ unit }}_valid_from,
        {{ unit }}_level,
        {{ unit }}_province_code,
        {{ measure.month_basis }}_month

),

{% endfor %}
{% for measure in at_period_end %}
{% set unit = 'receiving' if measure.org_basis == 'receiving' else 'settling' %}
at_period_end_{{ loop.index }} as (

    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        'window' as counted_by,
        {{ unit }}_org_code as unit_code,
        {{ unit }}_valid_from as unit_valid_from,
        {{ unit }}_level as org_level,
        {{ unit }}_province_code as province_code,
        windows.period,
        windows.basis,
        sum({{ dossier_part(measure, 'numerator') }}) as numerator,
        sum({{ dossier_part(measure, 'denominator') }}) as denominator
    from dossiers
    inner join windows
        on
            {%- if measure.month_basis == 'received' %}
            cast(dossiers.received_at as date) between windows.window_start and windows.period_end
            {%- else %}
            cast(dossiers.received_at as date) <= windows.period_end
            and (dossiers.completed_at is null or cast(dossiers.completed_at as date) >= windows.window_start)
            {%- endif %}
    group by
        {{ unit }}_org_code,
        {{ unit }}_valid_from,
        {{ unit }}_level,
        {{ unit }}_province_code,
        windows.period,
        windows.basis

),

{% endfor %}
final as (

    {% for measure in additive %}
    select * from additive_{{ loop.index }}
    {{ 'union all' if not loop.last or at_period_end }}
    {%- endfor %}
    {% for measure in at_period_end %}
    select * from at_period_end_{{ loop.index }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    {% if not measures %}
    select
        cast(null as {{ dbt.type_string() }}) as indicator_code,
        cast(null as {{ dbt.type_string() }}) as variant,
        cast(null as {{ dbt.type_string() }}) as counted_by,
        cast(null as {{ dbt.type_string() }}) as unit_code,
        cast(null as date) as unit_valid_from,
        cast(null as {{ dbt.type_string() }}) as org_level,
        cast(null as {{ dbt.type_string() }}) as province_code,
        cast(null as {{ dbt.type_string() }}) as period,
        cast(null as {{ dbt.type_string() }}) as basis,
        cast(null as decimal(38, 6)) as numerator,
        cast(null as decimal(38, 6)) as denominator
    where false
    {% endif %}

)

select * from final
