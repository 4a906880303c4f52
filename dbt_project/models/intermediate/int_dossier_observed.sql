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

final as (

    select
        reporting.org_code,
        reporting.valid_from,
        measures.indicator_code,
        measures.variant,
        reporting.period,
        bases.basis,
        coalesce(sum(parts.numerator), 0) as numerator,
        coalesce(sum(parts.denominator), 0) as denominator,
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
    left join parts
        on
            reporting.org_code = parts.org_code
            and reporting.valid_from = parts.valid_from
            and measures.indicator_code = parts.indicator_code
            and measures.variant = parts.variant
            and (
                {#- Counted over the window itself … #}
                (
                    parts.counted_by = 'window'
                    and parts.basis = bases.basis
                    and parts.period = reporting.period
                )
                {#- … or by month, the year so far being the sum of its months. #}
                or (
                    parts.counted_by = 'month'
                    and parts.year_number = reporting.year_number
                    and parts.period_end <= reporting.period_end
                    and (bases.basis = 'year_to_date' or parts.period = reporting.period)
                )
            )
    group by
        reporting.org_code,
        reporting.valid_from,
        measures.indicator_code,
        measures.variant,
        reporting.period,
        bases.basis,
        reporting.coverage_in_period,
        reporting.coverage_year_to_date

)

select * from final
