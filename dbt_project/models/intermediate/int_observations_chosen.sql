{#-
    One observation per place, indicator, definition, period and basis, all of a period from one kind of source:
    computed before reported, so that a figure we can recompute is never replaced by one we cannot; and an estimate
    of the year only where nothing else is known.
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
        {{ kept_value('computed.actual') }} as actual,
        computed.provisional_actual,
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
        reported.is_estimate,
        reported.data_cutoff,
        reported.numerator,
        reported.denominator,
        {{ kept_value('reported.actual') }} as actual,
        reported.provisional_actual,
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

ranked as (

    select
        *,
        case
            when is_estimate or basis = 'full_year_estimate' then 3
            when source_kind = 'computed' then 1
            else 2
        end as preference
    from unioned

),

preferred as (

    select
        *,
        min(preference) over (
            partition by org_code, valid_from, indicator_code, variant, period
        ) as best_preference,
        row_number() over (
            partition by org_code, valid_from, indicator_code, variant, period, basis
            order by preference, source_kind
        ) as rank_in_basis
    from ranked

),

final as (

    select
        preferred.*,
        periods.period_kind,
        periods.kind_order,
        periods.period_start,
        periods.period_end,
        periods.year_number
    from preferred
    inner join {{ ref('int_periods') }} as periods on preferred.period = periods.period
    where preferred.rank_in_basis = 1 and preferred.preference = preferred.best_preference

)

select * from final
