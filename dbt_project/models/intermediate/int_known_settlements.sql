{#-
    Every default F10 measure from when to when it was known: a province's own settlement, amounts in million đồng.
-#}
{% set measures = measures_of('F10') | selectattr('is_default') | list %}
{% set figure_key = ['org_code', 'valid_from', 'indicator_code', 'variant', 'period', 'period_end'] %}
{% set told = figure_key + ['numerator', 'denominator', 'known_from', 'known_to', 'changed_by', 'ended_by'] %}
with rows_read as (

    {{ states_of_form('budget_settlement', ['form_number', 'line_key', 'settled']) }}

),

files as (

    {#- A settlement form replaces the one of its unit and year whole. #}
    select distinct
        submission_id,
        state_number,
        sender_code,
        sender_period,
        form_number,
        submission_received_at,
        known_from,
        known_to,
        changed_by,
        ended_by,
        {{ scope_key(['sender_code', 'sender_period', 'form_number']) }} as series_key
    from rows_read

),

{{ sweep('files', 'candidates.submission_received_at desc, candidates.submission_id desc') }},

lines as (

    select
        rows_read.form_number,
        rows_read.line_key,
        rows_read.settled,
        swept.sender_code as org_code,
        places.valid_from,
        periods.period,
        periods.period_end,
        swept.in_force_from as known_from,
        swept.in_force_to as known_to,
        swept.cause as changed_by,
        swept.next_cause as ended_by
    from swept
    inner join rows_read
        on
            swept.submission_id = rows_read.submission_id
            and swept.state_number = rows_read.state_number
            and swept.form_number = rows_read.form_number
    inner join {{ ref('int_ended_periods') }} as periods on swept.sender_period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            swept.sender_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to
    where
        periods.period_kind = 'year'
        and places.org_level = 'province'

),

parts as (

    {% for measure in measures %}
    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        org_code,
        valid_from,
        period,
        period_end,
        {{ part_of(measure.numerator_rule, measure.numerator_sum) }} as numerator,
        {{ part_of(measure.denominator_rule, measure.denominator_sum) }} as denominator,
        known_from,
        known_to,
        changed_by,
        ended_by
    from lines
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

own as (

    select
        {{ figure_key | join(', ') }},
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        known_from,
        known_to,
        changed_by,
        ended_by
    from parts
    group by {{ figure_key | join(', ') }}, known_from, known_to, changed_by, ended_by
    having count(numerator) > 0 and count(denominator) > 0

),

final as (

    select {{ told | join(', ') }}, 1 as preference
    from own

)

select * from final
