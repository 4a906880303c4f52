{#- Every F02 measure for each place and month that was reported: the month, and the year so far. -#}
with reporting as (

    select * from {{ ref('int_dossier_reporting') }}
    where is_reported

),

parts as (

    select * from {{ ref('int_dossier_place_parts') }}

),

measures as (

    select
        indicator_code,
        variant
    from {{ ref('stg_indicator_measures') }}
    where form = 'F02'

),

bases as (

    select 'in_period' as basis
    union all
    select 'year_to_date'

),

counted as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        basis,
        numerator,
        denominator
    from parts

    union all

    {#- Of what is counted by month the year so far is the sum of its months. #}
    select
        parts.org_code,
        parts.valid_from,
        parts.indicator_code,
        parts.variant,
        reporting.period,
        'year_to_date' as basis,
        sum(parts.numerator) as numerator,
        sum(parts.denominator) as denominator
    from parts
    inner join reporting
        on
            parts.org_code = reporting.org_code
            and parts.valid_from = reporting.valid_from
            and parts.year_number = reporting.year_number
            and parts.period_end <= reporting.period_end
    where parts.counted_by = 'month'
    group by parts.org_code, parts.valid_from, parts.indicator_code, parts.variant, reporting.period

),

final as (

    select
        reporting.org_code,
        reporting.valid_from,
        measures.indicator_code,
        measures.variant,
        reporting.period,
        bases.basis,
        coalesce(counted.numerator, 0) as numerator,
        coalesce(counted.denominator, 0) as denominator,
        case
            when bases.basis = 'in_period' then reporting.coverage_in_period
            else reporting.coverage_year_to_date
        end as coverage_share,
        cast(null as {{ dbt.type_string() }}) as maturity,
        cast(null as {{ dbt.type_string() }}) as submission_id,
        cast(null as bigint) as submission_count
    from reporting
    cross join measures
    cross join bases
    left join counted
        on
            reporting.org_code = counted.org_code
            and reporting.valid_from = counted.valid_from
            and measures.indicator_code = counted.indicator_code
            and measures.variant = counted.variant
            and reporting.period = counted.period
            and bases.basis = counted.basis

)

select * from final
