{#-
    Every default F05 measure from when to when each of its vintages spoke, the final one before provisional
    ones; years without a figure of their own as the sum of four quarters, while all four are known.
-#}
{% set measures = measures_of('F05') | selectattr('is_default') | list %}
{% set year_key = ['org_code', 'valid_from', 'indicator_code', 'variant', 'period', 'period_end', 'basis'] %}
{% set told = year_key + [
    'maturity', 'numerator', 'denominator', 'known_from', 'known_to', 'changed_by', 'ended_by'
] %}
with rows_read as (

    {{ states_of_form('digital_economy', [
        'province_code', 'period', 'basis', 'maturity', 'grdp', 'digital_core', 'digital_spillover', 'row_number',
    ]) }}

),

vintages as (

    select
        *,
        {{ scope_key(['province_code', 'period', 'basis']) }} as series_key
    from rows_read

),

{{ sweep(
    'vintages',
    "case when candidates.maturity = 'final' then 0 else 1 end asc, candidates.submission_received_at desc, "
    ~ "candidates.submission_id desc, candidates.row_number asc"
) }},

placed as (

    select
        swept.*,
        periods.period_kind,
        periods.period_end,
        periods.year_number,
        places.valid_from
    from swept
    inner join {{ ref('int_ended_periods') }} as periods on swept.period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            swept.province_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to

),

measured as (

    {% for measure in measures %}
    select
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        province_code as org_code,
        valid_from,
        period,
        period_kind,
        period_end,
        year_number,
        basis,
        maturity,
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

    select * from measured
    where numerator is not null and denominator is not null

),

quarters as (

    select
        answered.org_code,
        answered.valid_from,
        answered.indicator_code,
        answered.variant,
        years.period,
        years.period_end,
        answered.basis,
        answered.numerator,
        answered.denominator,
        1 as quarters_known,
        case when answered.maturity = 'final' then 1 else 0 end as quarters_final,
        answered.known_from,
        answered.known_to,
        answered.changed_by,
        answered.ended_by
    from answered
    inner join {{ ref('int_periods') }} as years
        on answered.year_number = years.year_number and years.period_kind = 'year'
    where answered.period_kind = 'quarter' and answered.basis = 'in_period'

),

{% set sums = ['numerator', 'denominator', 'quarters_known', 'quarters_final'] %}
{{ deltas_of('quarters', year_key, sums) }},

{{ running_sums('deltas', year_key, sums) }},

four_quarters as (

    select
        *,
        case when quarters_final = 4 then 'final' else 'provisional' end as maturity
    from summed
    where quarters_known = 4

),

final as (

    select {{ told | join(', ') }}, 1 as preference
    from answered
    union all
    select {{ told | join(', ') }}, 2 as preference
    from four_quarters

)

select * from final
