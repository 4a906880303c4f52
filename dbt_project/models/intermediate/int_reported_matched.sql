{#-
    What an agency reported and we can count ourselves: from forms, else from its communes' reports where enough
    of them came. Compared are figures of one span only: both to date (levels, years to date, whole years), or both
    of the same period alone. A conclusion needs the same day; what was counted up to an earlier day of the
    reported period stands beside it for information.
-#}
with reported as (

    select
        reported.*,
        periods.period_start,
        periods.period_end,
        coalesce(reported.basis, '') <> 'in_period' or periods.period_kind = 'year' as is_to_date
    from {{ ref('int_indicator_report_observed') }} as reported
    inner join {{ ref('int_periods') }} as periods on reported.period = periods.period
    where not reported.is_estimate and reported.actual is not null

),

counted as (

    select
        computed.org_code,
        computed.valid_from,
        computed.indicator_code,
        computed.variant,
        computed.period,
        computed.basis,
        computed.actual,
        computed.coverage_share,
        'computed' as computed_from
    from {{ ref('int_computed_observed') }} as computed
    inner join {{ ref('int_judged_variants') }} as variants
        on computed.indicator_code = variants.indicator_code and computed.variant = variants.variant

    union all

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        basis,
        actual,
        coverage_share,
        'rolled_up' as computed_from
    from {{ ref('int_observations_rolled_up') }}

),

comparable as (

    select
        counted.*,
        periods.period_end,
        periods.kind_order,
        coalesce(counted.basis, '') <> 'in_period' or periods.period_kind = 'year' as is_to_date,
        coalesce(counted.coverage_share, 1) >= thresholds.coverage_share as is_supported,
        thresholds.reported_difference_points,
        thresholds.reported_difference_share
    from counted
    inner join {{ ref('int_periods') }} as periods on counted.period = periods.period
    inner join {{ ref('int_threshold_sets') }} as thresholds
        on periods.period_end between thresholds.valid_from and thresholds.valid_to
    where counted.actual is not null and coalesce(counted.basis, '') <> 'full_year_estimate'

),

final as (

    select
        reported.org_code,
        reported.valid_from,
        reported.indicator_code,
        comparable.variant,
        reported.period,
        reported.period_end,
        reported.basis,
        reported.data_cutoff,
        reported.actual as reported,
        comparable.actual as computed,
        comparable.computed_from,
        comparable.period as computed_period,
        comparable.coverage_share,
        comparable.period_end as computed_on,
        comparable.is_supported and reported.period_end = comparable.period_end as is_supported,
        comparable.reported_difference_points,
        comparable.reported_difference_share,
        reported.submission_id
    from reported
    inner join comparable
        on
            reported.org_code = comparable.org_code
            and reported.valid_from = comparable.valid_from
            and reported.indicator_code = comparable.indicator_code
            and comparable.period_end between reported.period_start and reported.period_end
            and (
                (reported.is_to_date and comparable.is_to_date)
                or (reported.period = comparable.period and reported.basis = comparable.basis)
            )
    where comparable.is_supported or comparable.computed_from = 'computed'
    qualify row_number() over (
        partition by
            reported.org_code, reported.valid_from, reported.indicator_code, comparable.variant, reported.period,
            reported.basis
        order by
            comparable.computed_from,
            comparable.period_end desc,
            case when reported.period = comparable.period then 0 else 1 end,
            case when reported.basis = comparable.basis then 0 else 1 end,
            comparable.kind_order,
            comparable.basis
    ) = 1

)

select * from final
