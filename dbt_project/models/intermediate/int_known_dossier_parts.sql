{#-
    Parts of every default F02 measure per unit and month in every version of its extracts, with the span in
    which the version was in force. A measure that asks what was open at period_end is counted month by month.
-#}
{% set measures = measures_of('F02') | selectattr('is_default') | list %}
{% set additive = measures | rejectattr('looks_at_period_end') | list %}
{% set at_period_end = measures | selectattr('looks_at_period_end') | list %}
with rows_read as (

    {{ states_of_form('dossier', [
        'receiving_org_code', 'competent_org_code', 'received_at', 'due_at', 'completed_at', 'channel',
        'service_level', 'supplement_requests', 'input_digitised', 'result_digitised', 'paper_result_due',
        'e_result', 'fee_amount', 'paid_online', 'data_reused', 'synced_national', 'rating', 'state',
        'received_month',
    ]) }}

),

dossiers as (

    select
        rows_read.*,
        extracts.known_from as in_force_from,
        extracts.known_to as in_force_to,
        extracts.changed_by as cause,
        extracts.ended_by as next_cause,
        receiving.valid_from as receiving_valid_from,
        receiving.org_level as receiving_level,
        receiving.province_code as receiving_province_code,
        settling.unit_code as settling_org_code,
        settling.valid_from as settling_valid_from,
        settling.org_level as settling_level,
        settling.province_code as settling_province_code,
        case
            when cast(rows_read.completed_at as date) <= {{ as_of() }} then {{ month_of('rows_read.completed_at') }}
        end as completed_month
    from rows_read
    inner join {{ ref('int_known_extracts') }} as extracts
        on
            rows_read.submission_id = extracts.submission_id
            and rows_read.state_number = extracts.state_number
            and rows_read.receiving_org_code = extracts.unit_code
            and rows_read.received_month = extracts.extract_period
    inner join {{ ref('int_units') }} as receiving
        on
            rows_read.receiving_org_code = receiving.unit_code
            and cast(rows_read.received_at as date) between receiving.valid_from and receiving.valid_to
    inner join {{ ref('int_units') }} as settling
        on
            coalesce(rows_read.competent_org_code, rows_read.receiving_org_code) = settling.unit_code
            and cast(rows_read.received_at as date) between settling.valid_from and settling.valid_to
    where cast(rows_read.received_at as date) <= {{ as_of() }}

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
        and period_end >= (select min(cast(received_at as date)) from dossiers)

),

cells as (

    select
        {% for measure in additive %}
        sum({{ dossier_part(measure, 'numerator') }}) as numerator_{{ loop.index }},
        sum({{ dossier_part(measure, 'denominator') }}) as denominator_{{ loop.index }},
        {% endfor %}
        receiving_org_code,
        receiving_valid_from,
        receiving_level,
        receiving_province_code,
        settling_org_code,
        settling_valid_from,
        settling_level,
        settling_province_code,
        received_month,
        completed_month,
        in_force_from,
        in_force_to,
        cause,
        next_cause
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
        completed_month,
        in_force_from,
        in_force_to,
        cause,
        next_cause

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
        numerator_{{ loop.index }} as numerator,
        denominator_{{ loop.index }} as denominator,
        in_force_from as known_from,
        in_force_to as known_to,
        cause as changed_by,
        next_cause as ended_by
    from cells
    where {{ measure.month_basis }}_month is not null
    {{ 'union all' if not loop.last or at_period_end }}
    {% endfor %}
    {% for measure in at_period_end %}
    {% set unit = 'receiving' if measure.org_basis == 'receiving' else 'settling' %}
    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        dossiers.{{ unit }}_org_code as unit_code,
        dossiers.{{ unit }}_valid_from as unit_valid_from,
        dossiers.{{ unit }}_level as org_level,
        dossiers.{{ unit }}_province_code as province_code,
        windows.period,
        sum({{ dossier_part(measure, 'numerator') }}) as numerator,
        sum({{ dossier_part(measure, 'denominator') }}) as denominator,
        dossiers.in_force_from as known_from,
        dossiers.in_force_to as known_to,
        dossiers.cause as changed_by,
        dossiers.next_cause as ended_by
    from dossiers
    inner join windows on {{ is_seen_in_window(measure) }}
    group by
        dossiers.{{ unit }}_org_code,
        dossiers.{{ unit }}_valid_from,
        dossiers.{{ unit }}_level,
        dossiers.{{ unit }}_province_code,
        windows.period,
        dossiers.in_force_from,
        dossiers.in_force_to,
        dossiers.cause,
        dossiers.next_cause
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from measured
