{#-
    What a place itself is known by, per indicator, definition and period: year to date where the indicator accumulates;
    a full-year estimate only where nothing better is known.
-#}
with chosen as (

    select * from {{ ref('int_observations_chosen') }}

),

candidates as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        1 as preference,
        'year_to_date' as basis,
        data_cutoff,
        numerator,
        denominator,
        {{ kept_value('actual') }} as actual,
        provisional_actual,
        maturity,
        source_kind,
        coverage_share,
        evidence_ref,
        submission_id,
        submission_count
    from {{ ref('int_observations_accumulated') }}

    union all

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        case when basis = 'full_year_estimate' or is_estimate then 3 else 2 end as preference,
        case when is_estimate then 'full_year_estimate' else basis end as basis,
        data_cutoff,
        numerator,
        denominator,
        actual,
        provisional_actual,
        maturity,
        source_kind,
        coverage_share,
        evidence_ref,
        submission_id,
        submission_count
    from chosen

),

final as (

    select
        candidates.org_code,
        candidates.valid_from,
        candidates.indicator_code,
        candidates.variant,
        candidates.period,
        periods.period_kind,
        periods.kind_order,
        periods.period_start,
        periods.period_end,
        candidates.basis,
        coalesce(candidates.data_cutoff, periods.period_end) as judged_on,
        candidates.data_cutoff,
        candidates.numerator,
        candidates.denominator,
        candidates.actual,
        in_period.actual as actual_in_period,
        candidates.provisional_actual,
        candidates.maturity,
        candidates.source_kind,
        candidates.coverage_share,
        candidates.evidence_ref,
        candidates.submission_id,
        candidates.submission_count
    from candidates
    inner join {{ ref('int_periods') }} as periods on candidates.period = periods.period
    left join chosen as in_period
        on
            candidates.org_code = in_period.org_code
            and candidates.valid_from = in_period.valid_from
            and candidates.indicator_code = in_period.indicator_code
            and candidates.variant = in_period.variant
            and candidates.period = in_period.period
            and in_period.basis = 'in_period'
    qualify row_number() over (
        partition by
            candidates.org_code, candidates.valid_from, candidates.indicator_code, candidates.variant,
            candidates.period
        order by candidates.preference, candidates.basis
    ) = 1

)

select * from final
