{#-
    What agencies reported on F01, in the indicator's own unit: the value given, else computed from its parts.
    Beside a final figure stands the last provisional one known of the same key.
-#}
with figures as (

    select
        reports.org_code,
        places.valid_from,
        reports.indicator_code,
        reports.period,
        case when indicators.is_accumulating then reports.basis end as basis,
        coalesce(reports.basis = 'full_year_estimate', false) as is_estimate,
        coalesce(reports.maturity = 'provisional', false) as is_provisional,
        reports.data_cutoff,
        reports.numerator,
        reports.denominator,
        coalesce(
            cast(reports.value as double),
            indicators.unit_factor * cast(reports.numerator as double)
            / nullif(cast(reports.denominator as double), 0)
        ) as actual,
        reports.maturity,
        case when indicators.primary_source = 'published' then 'published' else 'reported' end as source_kind,
        reports.evidence_ref,
        reports.origin_submission_id as submission_id,
        reports.is_in_force,
        submissions.received_at,
        reports.submission_id as version_submission_id,
        reports.sheet,
        reports.row_number
    from {{ ref('int_indicator_report_versioned') }} as reports
    inner join {{ ref('stg_submissions') }} as submissions on reports.submission_id = submissions.submission_id
    inner join {{ ref('int_indicators') }} as indicators on reports.indicator_code = indicators.indicator_code
    inner join {{ ref('int_ended_periods') }} as periods on reports.period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            reports.org_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to

),

in_force as (

    select * from figures
    where is_in_force
    qualify row_number() over (
        partition by org_code, indicator_code, period, basis
        order by is_estimate, is_provisional, received_at desc, version_submission_id desc, sheet, row_number
    ) = 1

),

provisional as (

    select * from figures
    where is_provisional and not is_estimate
    qualify row_number() over (
        partition by org_code, indicator_code, period, basis
        order by received_at desc, version_submission_id desc, sheet, row_number
    ) = 1

),

final as (

    select
        in_force.org_code,
        in_force.valid_from,
        in_force.indicator_code,
        in_force.period,
        in_force.basis,
        in_force.is_estimate,
        in_force.data_cutoff,
        in_force.numerator,
        in_force.denominator,
        in_force.actual,
        provisional.actual as provisional_actual,
        in_force.maturity,
        in_force.source_kind,
        in_force.evidence_ref,
        in_force.submission_id
    from in_force
    left join provisional
        on
            in_force.org_code = provisional.org_code
            and in_force.indicator_code = provisional.indicator_code
            and in_force.period = provisional.period
            and coalesce(in_force.basis, '') = coalesce(provisional.basis, '')
            and in_force.maturity = 'final'
            and not in_force.is_estimate

)

select * from final
