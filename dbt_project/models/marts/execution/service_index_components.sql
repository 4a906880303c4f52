{#-
    Rate and points of each component of the service index (Decision 766/QĐ-TTg) for agencies, communes and provinces,
    by month, quarter and year. A threshold reached gives full points, less gives rate × points / threshold.
-#}
with units as (

    select * from {{ ref('int_service_index_units') }}

),

rules as (

    select * from {{ ref('int_service_index_rules') }}

),

provincial as (

    select * from {{ ref('int_service_index_points') }}

),

parts as (

    select * from {{ ref('int_service_index_parts') }}

),

thresholds as (

    select
        small_cell,
        coverage_share as needed_share
    from {{ ref('int_thresholds_in_force') }}

),

expected as (

    select
        units.*,
        rules.component_code,
        rules.group_code,
        rules.name_vi,
        rules.name_en,
        rules.is_computable,
        rules.form,
        rules.multiplied_by,
        rules.note_vi,
        rules.note_en,
        coalesce(rules.max_points, provincial.max_points) as max_points,
        coalesce(rules.threshold_pct, provincial.threshold_pct) as threshold_pct,
        provincial.when_not_computed,
        {#- A unit that reported and had no case has 0 of 0. #}
        coalesce(own.numerator, case when rules.form = 'F02' then 0 end) as numerator,
        coalesce(own.denominator, case when rules.form = 'F02' then 0 end) as denominator,
        factors.numerator as factor_numerator,
        factors.denominator as factor_denominator,
        thresholds.small_cell,
        thresholds.needed_share,
        home.is_synthetic
    from units
    cross join rules
    cross join thresholds
    cross join {{ ref('int_home') }} as home
    left join provincial
        on units.province_code = provincial.province_code and rules.component_code = provincial.component_code
    left join parts as own
        on
            units.org_code = own.org_code
            and units.valid_from = own.valid_from
            and units.period = own.period
            and rules.component_code = own.component_code
    left join parts as factors
        on
            units.org_code = factors.org_code
            and units.valid_from = factors.valid_from
            and units.period = factors.period
            and rules.multiplied_by = factors.component_code

),

explained as (

    select
        *,
        {#- Rounded beyond what anyone reads, so that a threshold reached exactly is reached. #}
        round(
            100.0 * cast(numerator as double) / cast(nullif(denominator, 0) as double)
            * case
                when multiplied_by is null then 1
                else cast(factor_numerator as double) / cast(nullif(factor_denominator, 0) as double)
            end,
            9
        ) as rate,
        case
            when not is_computable then 'not_on_forms'
            when form <> 'F02' and org_level = 'agency' then 'no_agency_in_catalogue'
            when form <> 'F02' and denominator is null then 'no_catalogue'
            when form <> 'F03' and org_level <> 'agency' and coverage_share = 0 then 'no_extract'
            when form <> 'F03' and org_level <> 'agency' and coverage_share < needed_share then 'few_extracts'
            when denominator = 0 then 'nothing_counted'
            when form = 'F02' and denominator < small_cell then 'small_cell'
            when max_points is null then 'no_max_points'
            when max_points > 0 and threshold_pct is null then 'no_threshold'
        end as cause
    from expected

),

judged as (

    select
        *,
        case
            when cause in ('not_on_forms', 'no_agency_in_catalogue') then 'not_computable'
            when cause in ('no_catalogue', 'no_extract', 'nothing_counted') then 'no_data'
            when cause in ('few_extracts', 'small_cell') then 'withheld'
            when cause in ('no_max_points', 'no_threshold') then 'no_points_in_source'
            else 'computed'
        end as state
    from explained

),

shown as (

    select
        *,
        state in ('computed', 'no_points_in_source') as is_shown,
        form = 'F02' and abs(numerator) > 0 and abs(numerator) < small_cell as is_small,
        form = 'F02' and factor_numerator > 0 and factor_numerator < small_cell as is_small_factor
    from judged

),

final as (

    select
        province_code,
        org_code,
        valid_from as org_valid_from,
        org_level,
        period,
        period_end,
        counted_until,
        component_code,
        group_code,
        name_vi as component_name_vi,
        name_en as component_name_en,
        form,
        case when is_shown and not is_small then numerator end as numerator,
        case when is_shown or cause = 'nothing_counted' then denominator end as denominator,
        case when is_shown and not is_small_factor then factor_numerator end as factor_numerator,
        case when is_shown then factor_denominator end as factor_denominator,
        case when is_shown then round(rate, 2) end as rate_pct,
        threshold_pct,
        max_points,
        case
            when state = 'computed' and (max_points = 0 or rate >= threshold_pct) then max_points
            when state = 'computed'
                then cast(
                    greatest(rate, 0) * cast(max_points as double) / cast(threshold_pct as double) as decimal(18, 6)
                )
        end as points,
        state,
        cause,
        {{ service_index_reason('vi') }} as reason_vi,
        {{ service_index_reason('en') }} as reason_en,
        case when is_computable then note_vi end as departure_vi,
        case when is_computable then note_en end as departure_en,
        when_not_computed,
        case when form <> 'F03' then round(coverage_share, 6) end as coverage_share,
        is_synthetic
    from shown

)

select * from final
