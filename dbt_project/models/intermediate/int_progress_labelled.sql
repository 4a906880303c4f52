{#- Each judged row with what its sentence and its readers need besides: names, edition, evidence, forecast. -#}
{{ config(materialized='view') }}
with judged as (

    select * from {{ ref('int_progress_judged') }}

),

final as (

    select
        judged.*,
        indicators.name_vi as indicator_name_vi,
        indicators.name_en as indicator_name_en,
        indicators.theme,
        indicators.evidence_required,
        indicators.publisher_vi as publisher,
        indicators.suffix_vi,
        indicators.suffix_en,
        places.org_name_vi,
        places.org_level,
        places.province_code,
        not variants.is_default as is_assigned_variant,
        plans.date_is_assumed as is_plan_date_assumed,
        coalesce(judged.path_start_on, {{ previous_year_end('judged.judged_on') }}) < places.valid_from
            as is_series_break,
        case
            when indicators.kind = 'rank' and places.org_level = 'province'
                then coalesce(editions.rank_base, bases.provinces)
        end as rank_base,
        case
            when indicators.primary_source = 'published' then coalesce(editions.edition, judged.period)
        end as edition,
        editions.edition as named_edition,
        case when indicators.evidence_required then coalesce(verified.is_verified, false) end as is_verified,
        last_year.actual_last_year,
        last_year.last_year_boundaries,
        forecasts.forecast_on,
        forecasts.forecast,
        forecasts.forecast_low,
        forecasts.forecast_high
    from judged
    inner join {{ ref('int_indicators') }} as indicators on judged.indicator_code = indicators.indicator_code
    inner join {{ ref('int_places') }} as places
        on judged.org_code = places.org_code and judged.valid_from = places.valid_from
    inner join {{ ref('int_judged_variants') }} as variants
        on judged.indicator_code = variants.indicator_code and judged.variant = variants.variant
    left join {{ ref('stg_plans') }} as plans on judged.plan_id = plans.plan_id
    left join {{ ref('int_rank_bases') }} as bases on judged.period = bases.period
    left join {{ ref('index_editions') }} as editions
        on judged.indicator_code = editions.indicator_code and judged.period = editions.period
    left join {{ ref('int_progress_verified') }} as verified
        on
            judged.org_code = verified.org_code
            and judged.valid_from = verified.valid_from
            and judged.indicator_code = verified.indicator_code
            and judged.period = verified.period
            and coalesce(judged.plan_id, '') = coalesce(verified.plan_id, '')
            and coalesce(judged.row_ref, '') = coalesce(verified.row_ref, '')
    left join {{ ref('int_same_period_last_year') }} as last_year
        on
            judged.org_code = last_year.org_code
            and judged.valid_from = last_year.valid_from
            and judged.indicator_code = last_year.indicator_code
            and judged.variant = last_year.variant
            and judged.period = last_year.period
    left join {{ ref('int_progress_forecasts') }} as forecasts
        on
            judged.org_code = forecasts.org_code
            and judged.valid_from = forecasts.valid_from
            and judged.indicator_code = forecasts.indicator_code
            and judged.plan_id = forecasts.plan_id
            and judged.row_ref = forecasts.row_ref
            and judged.period = forecasts.period

)

select * from final
