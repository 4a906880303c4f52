{#-
    Where an indicator is watched by the quarter and reported by the month, the quarter without a figure of its
    own takes the last month known in it, and is judged on that month's last day; so for other periods. An estimate
    of the whole year is no figure of the quarter, and a reported quarter does not displace computed months. A
    period belongs to the unit that bore the code on its last day.
-#}
with best as (

    select * from {{ ref('int_observations_best') }}

),

final as (

    select
        best.org_code,
        best.valid_from,
        best.indicator_code,
        best.variant,
        coarser.period,
        coarser.period_kind,
        coarser.kind_order,
        coarser.period_start,
        coarser.period_end,
        best.basis,
        least(best.judged_on, coarser.period_end) as judged_on,
        case when best.judged_on < coarser.period_end then best.judged_on end as data_cutoff,
        best.numerator,
        best.denominator,
        best.actual,
        cast(null as double) as actual_in_period,
        best.provisional_actual,
        best.maturity,
        best.source_kind,
        best.coverage_share,
        best.evidence_ref,
        best.submission_id,
        best.submission_count
    from best
    inner join {{ ref('int_indicators') }} as indicators on best.indicator_code = indicators.indicator_code
    inner join {{ ref('int_ended_periods') }} as coarser
        on
            indicators.frequency = coarser.period_kind
            and best.kind_order < coarser.kind_order
            and best.period_end between coarser.period_start and coarser.period_end
    inner join {{ ref('int_places') }} as places
        on
            best.org_code = places.org_code
            and best.valid_from = places.valid_from
            and coarser.period_end <= places.valid_to
    left join best as own
        on
            best.org_code = own.org_code
            and best.valid_from = own.valid_from
            and best.indicator_code = own.indicator_code
            and best.variant = own.variant
            and coarser.period = own.period
            and coalesce(own.basis, '') <> 'full_year_estimate'
            and (own.source_kind = 'computed' or best.source_kind <> 'computed')
    where
        own.org_code is null
        and indicators.over_time <> 'none'
        and coalesce(best.basis, '') <> 'full_year_estimate'
        and (not indicators.is_accumulating or best.basis = 'year_to_date')
    qualify row_number() over (
        partition by best.org_code, best.valid_from, best.indicator_code, best.variant, coarser.period
        order by
            case when best.source_kind = 'rolled_up' then 1 else 0 end asc,
            best.period_end desc,
            best.kind_order desc
    ) = 1

)

select * from final
