{#-
    The first figure of each kind of period after a series broke: since the boundaries of the unit changed, or since
    other procedures came to it (seed series_breaks), which breaks a series though the unit stayed as it was.
-#}
with breaks_of_units as (

    select distinct
        org_code,
        valid_from,
        cast(null as {{ dbt.type_string() }}) as form,
        valid_from as broken_on,
        'boundaries' as break_kind
    from {{ ref('int_predecessors') }}
    where conversion in ('split', 'added_up')

    union all

    select
        places.org_code,
        places.valid_from,
        breaks.form,
        cast(breaks.broken_on as date) as broken_on,
        'procedures' as break_kind
    from {{ ref('series_breaks') }} as breaks
    inner join {{ ref('int_places') }} as places
        on
            breaks.org_level = places.org_level
            and cast(breaks.broken_on as date) between places.valid_from and places.valid_to

),

forms as (

    select distinct
        indicator_code,
        form
    from {{ ref('stg_indicator_measures') }}

),

final as (

    select
        observations.org_code,
        observations.valid_from,
        observations.indicator_code,
        observations.variant,
        observations.period,
        breaks.broken_on,
        breaks.break_kind
    from {{ ref('int_observations') }} as observations
    left join forms on observations.indicator_code = forms.indicator_code
    inner join breaks_of_units as breaks
        on
            observations.org_code = breaks.org_code
            and observations.valid_from = breaks.valid_from
            and observations.period_end >= breaks.broken_on
            and (breaks.form is null or breaks.form = forms.form)
    qualify row_number() over (
        partition by
            observations.org_code, observations.valid_from, observations.indicator_code, observations.variant,
            observations.period_kind
        order by observations.period_end, breaks.break_kind desc
    ) = 1

)

select * from final
