{#-
    Which communes reported their dossiers for which month, and what share of a place that is.

    A nil report is a report; late is not zero. Communes weigh by population where that of every commune is
    known, else alike. Agencies report too but are not counted, since nobody lists the agencies that must.
    The share of a year so far is the mean of its months.
-#}
with months as (

    select * from {{ ref('int_ended_periods') }}
    where period_kind = 'month'

),

places as (

    select * from {{ ref('int_places') }}

),

reports as (

    select distinct
        units.province_code,
        units.org_level,
        extracts.unit_code,
        units.valid_from,
        months.period,
        months.period_end
    from {{ ref('int_dossier_extracts') }} as extracts
    inner join months on extracts.period = months.period
    inner join {{ ref('int_units') }} as units
        on extracts.unit_code = units.unit_code and months.period_end between units.valid_from and units.valid_to

),

provinces_reporting as (

    select distinct
        province_code,
        period
    from reports

),

expected as (

    select
        places.org_code,
        places.valid_from,
        places.province_code,
        months.period,
        months.period_end,
        months.year_number
    from places
    inner join months on months.period_end between places.valid_from and places.valid_to
    where
        places.org_level = 'commune'
        and places.province_code in (select reports.province_code from reports)
        and months.year_number >= (select min(year(reports.period_end)) from reports)

),

communes as (

    select
        expected.org_code,
        expected.valid_from,
        'commune' as org_level,
        expected.province_code,
        expected.period,
        expected.period_end,
        expected.year_number,
        coalesce(populations.weight, 1) as weight,
        1 as units_expected,
        case when reports.unit_code is not null then 1 else 0 end as units_reported,
        cast(case when reports.unit_code is not null then 1 else 0 end as double) as coverage_in_period,
        reports.unit_code is not null as is_reported
    from expected
    left join {{ ref('int_commune_populations') }} as populations
        on
            expected.org_code = populations.org_code
            and expected.valid_from = populations.valid_from
            and expected.period = populations.period
    left join reports
        on
            expected.org_code = reports.unit_code
            and expected.valid_from = reports.valid_from
            and expected.period = reports.period

),

provinces as (

    select
        places.org_code,
        places.valid_from,
        'province' as org_level,
        communes.province_code,
        communes.period,
        communes.period_end,
        communes.year_number,
        sum(communes.weight) as weight,
        count(*) as units_expected,
        sum(communes.units_reported) as units_reported,
        cast(sum(communes.weight * communes.units_reported) as double) / sum(communes.weight) as coverage_in_period,
        max(case when provinces_reporting.period is not null then 1 else 0 end) = 1 as is_reported
    from communes
    inner join places
        on
            communes.province_code = places.org_code
            and communes.period_end between places.valid_from and places.valid_to
    left join provinces_reporting
        on communes.province_code = provinces_reporting.province_code and communes.period = provinces_reporting.period
    group by
        places.org_code,
        places.valid_from,
        communes.province_code,
        communes.period,
        communes.period_end,
        communes.year_number

),

unioned as (

    select * from communes
    union all
    select * from provinces

),

final as (

    select
        *,
        {#- Decimals, since a sum of floats depends on its order. #}
        cast(sum(cast(coverage_in_period as decimal(18, 12))) over so_far as double)
        / count(*) over so_far as coverage_year_to_date
    from unioned
    window so_far as (
        partition by org_code, valid_from, year_number
        order by period_end
        rows between unbounded preceding and current row
    )

)

select * from final
