{#-
    Which units the service index speaks of in which month, quarter and year, and what share of its months each
    unit's dossiers came for.

    A period stands where anyone in the province sent dossiers for it; one that has not ended is counted to the end of
    its last month (counted_until). Communes and provinces as in int_dossier_reporting; agencies are those seen in
    dossiers, and since nobody lists those that must report, nothing is withheld for them.
-#}
with reporting as (

    select * from {{ ref('int_dossier_reporting') }}

),

province_months as (

    select * from reporting
    where org_level = 'province'

),

extracts as (

    select distinct
        unit_code,
        period
    from {{ ref('int_dossier_extracts') }}

),

agencies as (

    select
        units.unit_code,
        units.valid_from,
        units.province_code
    from {{ ref('int_units') }} as units
    where
        units.org_level = 'agency'
        and (
            units.unit_code in (select extracts.unit_code from extracts)
            or units.unit_code in (select parts.unit_code from {{ ref('int_dossier_unit_parts') }} as parts)
        )

),

unit_months as (

    select
        org_code,
        valid_from,
        org_level,
        province_code,
        period_end,
        coverage_in_period
    from reporting

    union all

    select
        agencies.unit_code as org_code,
        agencies.valid_from,
        'agency' as org_level,
        agencies.province_code,
        province_months.period_end,
        cast(case when extracts.unit_code is not null then 1 else 0 end as double) as coverage_in_period
    from agencies
    inner join province_months on agencies.province_code = province_months.org_code
    left join extracts
        on agencies.unit_code = extracts.unit_code and province_months.period = extracts.period

),

kinds as (

    select
        period,
        period_kind,
        period_start,
        period_end,
        case period_kind
            when 'month' then 'in_period'
            when 'quarter' then 'quarter_to_date'
            else 'year_to_date'
        end as basis
    from {{ ref('int_periods') }}
    where period_kind in ('month', 'quarter', 'year')

),

final as (

    select
        unit_months.org_code,
        unit_months.valid_from,
        unit_months.org_level,
        unit_months.province_code,
        kinds.period,
        kinds.period_start,
        kinds.period_end,
        kinds.basis,
        max(unit_months.period_end) as counted_until,
        {#- Decimals, since a sum of floats depends on its order. #}
        cast(sum(cast(unit_months.coverage_in_period as decimal(18, 12))) as double) / count(*) as coverage_share
    from unit_months
    inner join kinds on unit_months.period_end between kinds.period_start and kinds.period_end
    where
        exists (
            select 1
            from province_months
            where
                province_months.org_code = unit_months.province_code
                and province_months.is_reported
                and province_months.period_end between kinds.period_start and kinds.period_end
        )
    group by
        unit_months.org_code,
        unit_months.valid_from,
        unit_months.org_level,
        unit_months.province_code,
        kinds.period,
        kinds.period_start,
        kinds.period_end,
        kinds.basis

)

select * from final
