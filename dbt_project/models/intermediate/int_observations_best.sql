{#-
    What speaks for a place, indicator, definition and period: its own figure; for a province without any but an
    estimate, the sum over its communes.
-#}
with own as (

    select * from {{ ref('int_observations_own') }}

),

rolled_up as (

    select * from {{ ref('int_observations_rolled_up') }}

),

summed as (

    select
        rolled_up.org_code,
        rolled_up.valid_from,
        rolled_up.indicator_code,
        rolled_up.variant,
        rolled_up.period,
        periods.period_kind,
        periods.kind_order,
        periods.period_start,
        periods.period_end,
        rolled_up.basis,
        coalesce(rolled_up.data_cutoff, periods.period_end) as judged_on,
        rolled_up.data_cutoff,
        rolled_up.numerator,
        rolled_up.denominator,
        {{ kept_value('rolled_up.actual') }} as actual,
        in_period.actual as actual_in_period,
        cast(null as double) as provisional_actual,
        rolled_up.maturity,
        'rolled_up' as source_kind,
        rolled_up.coverage_share,
        cast(null as {{ dbt.type_string() }}) as evidence_ref,
        rolled_up.submission_id,
        rolled_up.submission_count
    from rolled_up
    inner join {{ ref('int_periods') }} as periods on rolled_up.period = periods.period
    left join rolled_up as in_period
        on
            rolled_up.org_code = in_period.org_code
            and rolled_up.valid_from = in_period.valid_from
            and rolled_up.indicator_code = in_period.indicator_code
            and rolled_up.variant = in_period.variant
            and rolled_up.period = in_period.period
            and in_period.basis = 'in_period'
    where coalesce(rolled_up.basis, '') <> 'in_period'

),

unioned as (

    select
        *,
        case when basis = 'full_year_estimate' then 3 else 1 end as preference
    from own

    union all

    select
        *,
        2 as preference
    from summed

),

final as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        period_kind,
        kind_order,
        period_start,
        period_end,
        basis,
        judged_on,
        data_cutoff,
        numerator,
        denominator,
        actual,
        actual_in_period,
        provisional_actual,
        maturity,
        source_kind,
        coverage_share,
        evidence_ref,
        submission_id,
        submission_count
    from unioned
    qualify row_number() over (
        partition by org_code, valid_from, indicator_code, variant, period
        order by preference
    ) = 1

)

select * from final
