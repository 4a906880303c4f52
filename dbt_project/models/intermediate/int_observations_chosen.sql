{#-
    One observation per place, indicator, period and basis: computed before reported, so that a figure we
    can recompute is never replaced by one we cannot.
-#}
with computed as (

    select
        org_code,
        valid_from,
        indicator_code,
        period,
        basis,
        false as is_estimate,
        cast(null as date) as data_cutoff,
        numerator,
        denominator,
        actual,
        maturity,
        'computed' as source_kind,
        coverage_share,
        cast(null as {{ dbt.type_string() }}) as evidence_ref,
        submission_id,
        submission_count
    from {{ ref('int_computed_observed') }}
    where is_default

),

reported as (

    select
        org_code,
        valid_from,
        indicator_code,
        period,
        basis,
        coalesce(is_estimate, false) as is_estimate,
        data_cutoff,
        numerator,
        denominator,
        actual,
        maturity,
        source_kind,
        cast(null as double) as coverage_share,
        evidence_ref,
        submission_id,
        cast(1 as bigint) as submission_count
    from {{ ref('int_indicator_report_observed') }}

),

unioned as (

    select * from computed
    union all
    select * from reported

),

final as (

    select
        unioned.*,
        periods.period_kind,
        periods.kind_order,
        periods.period_start,
        periods.period_end,
        periods.year_number
    from unioned
    inner join {{ ref('int_periods') }} as periods on unioned.period = periods.period
    qualify row_number() over (
        partition by unioned.org_code, unioned.valid_from, unioned.indicator_code, unioned.period, unioned.basis
        order by case when unioned.source_kind = 'computed' then 0 else 1 end
    ) = 1

)

select * from final
