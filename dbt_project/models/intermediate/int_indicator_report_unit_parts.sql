{#- Which row of which file gave each figure reported on F01, as the observations chose among them. -#}
with reports as (

    select * from {{ ref('int_indicator_report_versioned') }}
    where is_in_force

),

observed as (

    select * from {{ ref('int_indicator_report_observed') }}

),

final as (

    select
        observed.org_code,
        observed.valid_from,
        observed.indicator_code,
        observed.period,
        case when observed.is_estimate then 'full_year_estimate' else observed.basis end as basis,
        observed.numerator,
        observed.denominator,
        observed.actual,
        observed.maturity,
        observed.evidence_ref,
        observed.submission_id,
        reports.origin_sheet as sheet,
        reports.origin_row_number as row_number,
        reports.note
    from observed
    inner join reports
        on
            observed.org_code = reports.org_code
            and observed.indicator_code = reports.indicator_code
            and observed.period = reports.period
            and observed.submission_id = reports.origin_submission_id
            and coalesce(observed.is_estimate, false) = (coalesce(reports.basis, '') = 'full_year_estimate')
            and (observed.basis is null or observed.basis = reports.basis)
    qualify row_number() over (
        partition by
            observed.org_code, observed.valid_from, observed.indicator_code, observed.period, observed.basis
        order by reports.sheet asc, reports.row_number asc
    ) = 1

)

select * from final
