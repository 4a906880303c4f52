{#-
    Every default F03 measure from when to when it was known: of the catalogues known at a moment the newest one
    that does not lie after a month counts for it.
-#}
{% set measures = measures_of('F03') | selectattr('is_default') | list %}
with rows_read as (

    {{ states_of_form('procedure_catalogue', [
        'procedure_code', 'authority_level', 'locally_regulated', 'online_eligible', 'fully_online_eligible',
        'service_level', 'business_related', 'boundary_free', 'valid_from', 'valid_to',
    ]) }}

),

catalogues as (

    {#- A file without a row is a catalogue too: it ends the one before it. #}
    select
        submissions.*,
        periods.period_end as catalogue_end,
        places.valid_to as place_valid_to
    from {{ ref('int_submission_states') }} as submissions
    inner join {{ ref('int_periods') }} as periods on submissions.period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            submissions.org_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to
    where submissions.form = 'procedure_catalogue'

),

versions as (

    select
        *,
        {{ scope_key(['org_code', 'period']) }} as series_key
    from catalogues

),

{{ sweep('versions', 'candidates.received_at desc, candidates.submission_id desc') }},

counted as (

    select
        {% for measure in measures %}
        sum({{ part_of(measure.numerator_rule, measure.numerator_sum) }}) as numerator_{{ loop.index }},
        sum({{ part_of(measure.denominator_rule, measure.denominator_sum) }}) as denominator_{{ loop.index }},
        {% endfor %}
        swept.org_code,
        places.valid_from,
        months.period,
        months.period_end,
        swept.catalogue_end,
        swept.period as catalogue_period,
        swept.in_force_from as known_from,
        swept.in_force_to as known_to,
        swept.cause as changed_by,
        swept.next_cause as ended_by
    from swept
    inner join {{ ref('int_ended_periods') }} as months
        on
            months.period_kind = 'month'
            and months.period_end >= swept.catalogue_end
            and months.period_end <= swept.place_valid_to
    inner join {{ ref('int_places') }} as places
        on
            swept.org_code = places.org_code
            and months.period_end between places.valid_from and places.valid_to
    inner join rows_read as procedures
        on
            swept.submission_id = procedures.submission_id
            and swept.state_number = procedures.state_number
            and procedures.valid_from <= months.period_end
            and (procedures.valid_to is null or procedures.valid_to > months.period_end)
    group by
        swept.org_code,
        places.valid_from,
        months.period,
        months.period_end,
        swept.catalogue_end,
        swept.period,
        swept.in_force_from,
        swept.in_force_to,
        swept.cause,
        swept.next_cause

),

final as (

    {% for measure in measures %}
    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        org_code,
        valid_from,
        period,
        period_end,
        catalogue_end,
        catalogue_period,
        coalesce(numerator_{{ loop.index }}, 0) as numerator,
        coalesce(denominator_{{ loop.index }}, 0) as denominator,
        known_from,
        known_to,
        changed_by,
        ended_by
    from counted
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select * from final
