{#-
    Which rows exist: each target row × the periods of the indicator's own frequency from its path start to
    as_of, plus what was really observed in other periods; and observations that no target speaks to.
-#}
{{ config(materialized='view') }}
with target_rows as (

    select
        target_rows.*,
        indicators.frequency
    from {{ ref('int_target_rows') }} as target_rows
    inner join {{ ref('stg_indicators') }} as indicators on target_rows.indicator_code = indicators.indicator_code

),

observations as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        judged_on
    from {{ ref('int_observations') }}

),

periods as (

    select * from {{ ref('int_ended_periods') }}

),

expected as (

    select
        target_rows.org_code,
        target_rows.valid_from,
        target_rows.indicator_code,
        target_rows.variant,
        target_rows.plan_id,
        target_rows.row_ref,
        target_rows.issued_on,
        target_rows.is_inherited_target,
        periods.period
    from target_rows
    inner join periods
        on
            target_rows.frequency = periods.period_kind
            and periods.period_end > target_rows.first_path_start_on
            and periods.period_end >= target_rows.valid_from

),

observed as (

    select
        target_rows.org_code,
        target_rows.valid_from,
        target_rows.indicator_code,
        target_rows.variant,
        target_rows.plan_id,
        target_rows.row_ref,
        target_rows.issued_on,
        target_rows.is_inherited_target,
        observations.period
    from target_rows
    inner join observations
        on
            target_rows.org_code = observations.org_code
            and target_rows.valid_from = observations.valid_from
            and target_rows.indicator_code = observations.indicator_code
            and target_rows.variant = observations.variant
            and observations.judged_on > target_rows.first_path_start_on

),

with_target as (

    select * from expected
    union
    select * from observed

),

without_target as (

    select
        observations.org_code,
        observations.valid_from,
        observations.indicator_code,
        observations.variant,
        cast(null as {{ dbt.type_string() }}) as plan_id,
        cast(null as {{ dbt.type_string() }}) as row_ref,
        cast(null as date) as issued_on,
        false as is_inherited_target,
        observations.period
    from observations
    inner join {{ ref('int_judged_variants') }} as variants
        on
            observations.indicator_code = variants.indicator_code
            and observations.variant = variants.variant
            and variants.is_default
    left join with_target
        on
            observations.org_code = with_target.org_code
            and observations.valid_from = with_target.valid_from
            and observations.indicator_code = with_target.indicator_code
            and observations.period = with_target.period
    where with_target.org_code is null

),

final as (

    select * from with_target
    union all
    select * from without_target

)

select * from final
