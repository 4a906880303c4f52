{#-
    Every default F04 measure from when to when it was known: a commune's figure, the sum of a province's communes
    as it stood at the end of each day, and a province's own row.
-#}
{% set measures = measures_of('F04') | selectattr('is_default') | list %}
{% set figure_key = ['org_code', 'valid_from', 'indicator_code', 'variant', 'period', 'period_end'] %}
with rows_read as (

    {{ states_of_form('coverage', [
        'org_code', 'period', 'operator', 'population', 'population_5g', 'area_km2', 'area_5g_km2', 'villages',
        'villages_no_signal', 'villages_no_signal_start',
    ]) }}

),

scopes as (

    select
        *,
        {{ scope_key(['org_code', 'period']) }} as series_key
    from rows_read
    where operator = 'all_operators'

),

{{ sweep('scopes', 'candidates.submission_received_at desc, candidates.submission_id desc') }},

placed as (

    select
        swept.*,
        periods.period_end,
        places.valid_from,
        places.org_level,
        places.province_code
    from swept
    inner join {{ ref('int_ended_periods') }} as periods on swept.period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            swept.org_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to

),

parts as (

    {% for measure in measures %}
    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        org_code,
        valid_from,
        org_level,
        province_code,
        period,
        period_end,
        {{ part_of(measure.numerator_rule, measure.numerator_sum) }} as numerator,
        {{ part_of(measure.denominator_rule, measure.denominator_sum) }} as denominator,
        in_force_from as known_from,
        in_force_to as known_to,
        cause as changed_by,
        next_cause as ended_by
    from placed
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

answered as (

    select * from parts
    where numerator is not null and denominator is not null

),

commune_parts as (

    select
        provinces.org_code,
        provinces.valid_from,
        answered.indicator_code,
        answered.variant,
        answered.period,
        answered.period_end,
        answered.numerator,
        answered.denominator,
        1 as parts,
        answered.known_from,
        answered.known_to,
        answered.changed_by,
        answered.ended_by
    from answered
    inner join {{ ref('int_places') }} as provinces
        on
            answered.province_code = provinces.org_code
            and answered.period_end between provinces.valid_from and provinces.valid_to
    where answered.org_level = 'commune'

),

{{ deltas_of('commune_parts', figure_key, ['numerator', 'denominator', 'parts']) }},

{{ running_sums('deltas', figure_key, ['numerator', 'denominator', 'parts']) }},

{% set told = figure_key + [
    'numerator', 'denominator', 'known_from', 'known_to', 'changed_by', 'ended_by'
] %}
final as (

    select {{ told | join(', ') }}, 1 as preference
    from summed
    where parts > 0
    union all
    select {{ told | join(', ') }}, case when org_level = 'commune' then 1 else 2 end as preference
    from answered

)

select * from final
