{#-
    One observation per place, indicator, definition, period and basis: computed before reported, so that a figure we
    can recompute is never replaced by one we cannot.
-#}
with variants as (

    select * from {{ ref('int_judged_variants') }}

),

computed as (

    select
        computed.org_code,
        computed.valid_from,
        computed.indicator_code,
        computed.variant,
        computed.period,
        computed.basis,
        false as is_estimate,
        cast(null as date) as data_cutoff,
        computed.numerator,
        computed.denominator,
        computed.actual,
        computed.maturity,
        'computed' as source_kind,
        computed.coverage_share,
        cast(null as {{ dbt.type_string() }}) as evidence_ref,
        computed.submission_id,
        computed.submission_count
    from {{ ref('int_computed_observed') }} as computed
    inner join variants
        on computed.indicator_code = variants.indicator_code and computed.variant = variants.variant

),

reported as (

    {#- Whoever reports a figure does not say by which definition, so it stands for each that is judged by. #}
    select
        reported.org_code,
        reported.valid_from,
        reported.indicator_code,
        variants.variant,
        reported.period,
        reported.basis,
        coalesce(reported.is_estimate, false) as is_estimate,
        reported.data_cutoff,
        reported.numerator,
        reported.denominator,
        reported.actual,
        reported.maturity,
        reported.source_kind,
        cast(null as double) as coverage_share,
        reported.evidence_ref,
        reported.submission_id,
        cast(1 as bigint) as submission_count
    from {{ ref('int_indicator_report_observed') }} as reported
    inner join variants on reported.indicator_code = variants.indicator_code

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
        partition by
            unioned.org_code, unioned.valid_from, unioned.indicator_code, unioned.variant, unioned.period,
            unioned.basis
        order by case when unioned.source_kind = 'computed' then 0 else 1 end
    ) = 1

)

select * from final
