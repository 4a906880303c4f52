{#-
    For each figure, that of the same period one year before, on today's boundaries and on the same basis.

    Nothing where last year's was withheld, estimated or not convertible; where other procedures came to the unit
    since the window it counts began; or where it was added up from the months since the unit began in mid-year.
-#}
with forms as (

    select
        indicator_code,
        variant,
        form
    from {{ ref('stg_indicator_measures') }}

),

last_year as (

    select
        series.*,
        concat_ws('', cast(periods.year_number + 1 as {{ dbt.type_string() }}), substr(series.period, 5))
            as period_after,
        case
            when series.basis = 'year_to_date' then make_date(cast(periods.year_number as int), 1, 1)
            else periods.period_start
        end as counted_from,
        coalesce(forms.form, '') = 'F02' or (series.source_kind <> 'computed' and series.coverage_share is not null)
            as is_counted_here
    from {{ ref('int_series') }} as series
    inner join {{ ref('int_periods') }} as periods on series.period = periods.period
    inner join {{ ref('int_threshold_sets') }} as thresholds
        on series.period_end between thresholds.valid_from and thresholds.valid_to
    left join forms on series.indicator_code = forms.indicator_code and series.variant = forms.variant
    where
        series.boundaries = 'as_now'
        and series.actual is not null
        and coalesce(series.basis, '') <> 'full_year_estimate'
        and coalesce(series.coverage_share, 1) >= thresholds.coverage_share

),

procedure_breaks as (

    select distinct
        org_code,
        valid_from,
        indicator_code,
        variant,
        broken_on
    from {{ ref('int_series_breaks') }}
    where break_kind = 'procedures'

),

final as (

    select
        observations.org_code,
        observations.valid_from,
        observations.indicator_code,
        observations.variant,
        observations.period,
        observations.basis,
        last_year.period as period_last_year,
        last_year.actual as actual_last_year,
        case when last_year.conversion = 'own' then 'as_was' else 'as_now' end as last_year_boundaries
    from {{ ref('int_observations') }} as observations
    inner join last_year
        on
            observations.org_code = last_year.org_code
            and observations.valid_from = last_year.valid_from
            and observations.indicator_code = last_year.indicator_code
            and observations.variant = last_year.variant
            and observations.period = last_year.period_after
            and coalesce(observations.basis, '') = coalesce(last_year.basis, '')
    left join procedure_breaks
        on
            last_year.org_code = procedure_breaks.org_code
            and last_year.valid_from = procedure_breaks.valid_from
            and last_year.indicator_code = procedure_breaks.indicator_code
            and last_year.variant = procedure_breaks.variant
            and last_year.counted_from < procedure_breaks.broken_on
    where
        procedure_breaks.org_code is null
        and (
            last_year.conversion <> 'own'
            or last_year.valid_from <= last_year.counted_from
            or not last_year.is_counted_here
        )

)

select * from final
