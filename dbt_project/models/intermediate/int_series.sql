{#-
    Each series twice: 'as_was', every unit under the boundaries of its day; 'as_now', the units of today, their
    own figures and before those what their predecessors' figures give on today's boundaries.
-#}
with observations as (

    select
        views.boundaries,
        observations.org_code,
        observations.valid_from,
        observations.indicator_code,
        observations.variant,
        observations.period,
        observations.period_kind,
        observations.period_end,
        observations.basis,
        observations.numerator,
        observations.denominator,
        observations.actual,
        observations.maturity,
        observations.source_kind,
        observations.coverage_share,
        'own' as conversion,
        cast(null as bigint) as predecessor_count,
        cast(null as bigint) as predecessors_carried,
        observations.submission_id,
        observations.submission_count,
        {#- On today's boundaries only other procedures break a series. #}
        case when views.boundaries = 'as_was' or breaks.break_kind = 'procedures' then breaks.break_kind end
            as break_kind
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_places') }} as places
        on observations.org_code = places.org_code and observations.valid_from = places.valid_from
    inner join (
        select 'as_was' as boundaries
        union all
        select 'as_now' as boundaries
    ) as views
        on views.boundaries = 'as_was' or places.valid_to >= {{ as_of() }}
    left join {{ ref('int_series_breaks') }} as breaks
        on
            observations.org_code = breaks.org_code
            and observations.valid_from = breaks.valid_from
            and observations.indicator_code = breaks.indicator_code
            and observations.variant = breaks.variant
            and observations.period = breaks.period

),

final as (

    select * from observations

    union all

    select
        'as_now' as boundaries,
        restated.org_code,
        restated.valid_from,
        restated.indicator_code,
        restated.variant,
        restated.period,
        restated.period_kind,
        restated.period_end,
        restated.basis,
        restated.numerator,
        restated.denominator,
        restated.actual,
        restated.maturity,
        'restated' as source_kind,
        restated.coverage_share,
        restated.conversion,
        restated.predecessor_count,
        restated.predecessors_carried,
        restated.submission_id,
        restated.submission_count,
        cast(null as {{ dbt.type_string() }}) as break_kind
    from {{ ref('int_observations_restated') }} as restated
    inner join {{ ref('int_places') }} as places
        on restated.org_code = places.org_code and restated.valid_from = places.valid_from
    where places.valid_to >= {{ as_of() }}

)

select * from final
