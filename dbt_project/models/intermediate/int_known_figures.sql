{#-
    All figures with the spans in which each spoke: what is computed from forms before what was reported, as in
    int_observations_chosen. Only series that have both kinds, or several reports, need to be looked at moment by
    moment; the others come as they are.
-#}
{{ config(materialized='view') }}
{% set told = [
    'org_code', 'valid_from', 'indicator_code', 'variant', 'period', 'period_end', 'basis', 'series_key',
    'is_estimate', 'numerator', 'denominator', 'figure', 'maturity', 'source_kind', 'known_from', 'known_to',
    'changed_by', 'ended_by',
] %}
with defaults as (

    select
        indicator_code,
        variant
    from {{ ref('stg_indicator_measures') }}
    where is_default

),

computed as (

    {% set no_text = 'cast(null as ' ~ dbt.type_string() ~ ')' %}
    {% for model, basis, maturity, factor in [
        ('dossiers', "'in_period'", no_text, '1'),
        ('procedures', no_text, no_text, '1'),
        ('coverage', no_text, no_text, '1'),
        ('digital_economy', 'basis', 'maturity', '1'),
        ('settlements', "'in_period'", "'final'", '0.001'),
    ] %}
    {% set is_catalogue = model == 'procedures' %}
    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        period_end,
        {{ basis }} as basis,
        {{ maturity }} as maturity,
        {{ '1' if is_catalogue else 'preference' }} as preference,
        {{ 'catalogue_end' if is_catalogue else 'cast(null as date)' }} as catalogue_end,
        {{ 'catalogue_period' if is_catalogue else no_text }} as catalogue_period,
        numerator as exact_numerator,
        denominator as exact_denominator,
        {{ kept_number('numerator * ' ~ factor) }} as numerator,
        {{ kept_number('denominator * ' ~ factor) }} as denominator,
        known_from,
        known_to,
        changed_by,
        ended_by
    from {{ ref('int_known_' ~ model) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

unioned as (

    select
        computed.org_code,
        computed.valid_from,
        computed.indicator_code,
        computed.variant,
        computed.period,
        computed.period_end,
        computed.basis,
        false as is_estimate,
        computed.numerator,
        computed.denominator,
        indicators.unit_factor * cast(computed.exact_numerator as double)
        / nullif(cast(computed.exact_denominator as double), 0) as figure,
        computed.maturity,
        'computed' as source_kind,
        computed.preference,
        computed.catalogue_end,
        computed.catalogue_period,
        cast(null as timestamp) as submission_received_at,
        cast(null as {{ dbt.type_string() }}) as submission_id,
        cast(null as {{ dbt.type_string() }}) as sheet,
        cast(null as bigint) as row_number,
        computed.known_from,
        computed.known_to,
        computed.changed_by,
        computed.ended_by
    from computed
    inner join {{ ref('int_indicators') }} as indicators on computed.indicator_code = indicators.indicator_code
    union all
    select
        reported.org_code,
        reported.valid_from,
        reported.indicator_code,
        coalesce(defaults.variant, 'reported') as variant,
        reported.period,
        reported.period_end,
        reported.basis,
        reported.is_estimate,
        reported.numerator,
        reported.denominator,
        reported.figure,
        reported.maturity,
        reported.source_kind,
        case when reported.is_estimate then 4 else 3 end as preference,
        cast(null as date) as catalogue_end,
        cast(null as {{ dbt.type_string() }}) as catalogue_period,
        reported.submission_received_at,
        reported.submission_id,
        reported.sheet,
        reported.row_number,
        reported.known_from,
        reported.known_to,
        reported.changed_by,
        reported.ended_by
    from {{ ref('int_known_reported') }} as reported
    left join defaults on reported.indicator_code = defaults.indicator_code

),

candidates as (

    select
        *,
        {{ scope_key(['org_code', 'valid_from', 'indicator_code', 'variant', 'period', 'basis']) }} as series_key
    from unioned

),

contested_series as (

    {#- Dossiers alone have one preference throughout a series and spans that do not overlap. #}
    select series_key
    from candidates
    group by series_key
    having
        max(preference) > 1
        or max(catalogue_period) is not null

),

contested as (

    select candidates.*
    from candidates
    inner join contested_series on candidates.series_key = contested_series.series_key

),

{{ sweep(
    'contested',
    "candidates.preference asc, candidates.catalogue_end desc, candidates.catalogue_period asc, "
    ~ "candidates.submission_received_at desc, candidates.submission_id desc, candidates.sheet asc, "
    ~ "candidates.row_number asc"
) }},

alone as (

    select candidates.*
    from candidates
    left join contested_series on candidates.series_key = contested_series.series_key
    where contested_series.series_key is null

),

final as (

    select
        {% for column in told[:-4] %}
        {{ column }},
        {% endfor %}
        in_force_from as known_from,
        in_force_to as known_to,
        cause as changed_by,
        next_cause as ended_by
    from swept
    union all
    select {{ told | join(', ') }}
    from alone

)

select * from final
