{#-
    Figures from before a reform of boundaries, on the boundaries of today.

    Counts of merged units add up and ratios are taken of their summed parts; a ratio known only as a value stays
    behind, as does what is no sum at all, and nothing of a unit that was split is guessed: such rows have no
    actual and say why. coverage_share is the share of the predecessors that is known, by number. Estimates of a
    whole year are left out.
-#}
with observed as (

    select
        observations.*,
        predecessors.org_code as new_org_code,
        predecessors.valid_from as new_valid_from,
        predecessors.predecessor_count,
        predecessors.conversion as conversion_of_unit,
        indicators.unit_factor,
        indicators.kind,
        case
            when predecessors.conversion = 'split' then false
            when predecessors.conversion in ('unchanged', 'renamed') then true
            when indicators.is_accumulating and observations.basis <> 'year_to_date' then false
            when indicators.kind = 'ratio'
                then observations.numerator is not null and observations.denominator is not null
            else indicators.over_places = 'sum' and observations.actual is not null
        end as is_carried
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_predecessors') }} as predecessors
        on
            observations.org_code = predecessors.old_org_code
            and observations.valid_from = predecessors.old_valid_from
    inner join {{ ref('int_indicators') }} as indicators
        on observations.indicator_code = indicators.indicator_code
    where coalesce(observations.basis, '') <> 'full_year_estimate'

),

added_up as (

    select
        new_org_code as org_code,
        new_valid_from as valid_from,
        indicator_code,
        variant,
        period,
        period_kind,
        period_end,
        kind,
        unit_factor,
        conversion_of_unit,
        max(predecessor_count) as predecessor_count,
        {{ count_where('is_carried') }} as predecessors_carried,
        max(case when is_carried then basis end) as basis,
        {{ kept_number('sum(case when is_carried then numerator end)') }} as numerator,
        {{ kept_number('sum(case when is_carried then denominator end)') }} as denominator,
        {#- One unit alone keeps its value to the digit; a sum is taken of decimals. #}
        max(case when is_carried then actual end) as only_actual,
        cast(sum(case when is_carried then cast(actual as decimal(18, 6)) end) as double) as summed_actual,
        case
            when max(case when is_carried then maturity end) = 'provisional' then 'provisional'
            when count(case when is_carried then maturity end) = {{ count_where('is_carried') }} then 'final'
        end as maturity,
        cast(sum(case when is_carried then cast(coalesce(coverage_share, 1) as decimal(18, 6)) else 0 end) as double)
        / max(predecessor_count) as coverage_share,
        case when sum(submission_count) = 1 then max(submission_id) end as submission_id,
        cast(sum(submission_count) as bigint) as submission_count
    from observed
    group by
        new_org_code, new_valid_from, indicator_code, variant, period, period_kind, period_end, kind, unit_factor,
        conversion_of_unit

),

final as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        period_kind,
        period_end,
        basis,
        numerator,
        denominator,
        case
            when conversion_of_unit in ('unchanged', 'renamed') then only_actual
            when kind = 'ratio'
                then unit_factor * cast(numerator as double) / nullif(cast(denominator as double), 0)
            else summed_actual
        end as actual,
        maturity,
        coverage_share,
        case
            when conversion_of_unit <> 'added_up' or predecessors_carried > 0 then conversion_of_unit
            when kind = 'ratio' then 'value_only'
            else 'not_additive'
        end as conversion,
        predecessor_count,
        predecessors_carried,
        submission_id,
        submission_count
    from added_up

)

select * from final
