{#- What agencies reported on F01, in the indicator's own unit: the value given, else computed from its parts. -#}
with reports as (

    select
        reports.*,
        submissions.received_at
    from {{ ref('int_indicator_report_versioned') }} as reports
    inner join {{ ref('stg_submissions') }} as submissions on reports.submission_id = submissions.submission_id
    where reports.is_in_force

),

final as (

    select
        reports.org_code,
        places.valid_from,
        reports.indicator_code,
        reports.period,
        case
            when not indicators.is_accumulating then cast(null as {{ dbt.type_string() }})
            else reports.basis
        end as basis,
        reports.basis = 'full_year_estimate' as is_estimate,
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
        reports.origin_submission_id as submission_id
    from reports
    inner join {{ ref('int_indicators') }} as indicators on reports.indicator_code = indicators.indicator_code
    inner join {{ ref('int_periods') }} as periods on reports.period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            reports.org_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to
    where periods.period_end <= {{ as_of() }}
    qualify row_number() over (
        partition by
            reports.org_code,
            reports.indicator_code,
            reports.period,
            case when indicators.is_accumulating then reports.basis end
        order by
            case when reports.basis = 'full_year_estimate' then 1 else 0 end asc,
            reports.received_at desc,
            reports.submission_id desc,
            reports.sheet asc,
            reports.row_number asc
    ) = 1

)

select * from final
