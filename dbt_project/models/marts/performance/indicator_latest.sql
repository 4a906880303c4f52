{#- The newest period of each place, indicator and target row that has a figure; failing that the newest. -#}
with progress as (

    select * from {{ ref('indicator_progress') }}

),

indicators as (

    select
        indicator_code,
        frequency
    from {{ ref('stg_indicators') }}

),

ranked as (

    select
        progress.*,
        row_number() over (
            partition by
                progress.org_code, progress.org_valid_from, progress.indicator_code, progress.plan_id, progress.row_ref
            order by
                case when progress.actual is null then 1 else 0 end asc,
                progress.period_end desc,
                case when progress.period_kind = indicators.frequency then 0 else 1 end asc,
                progress.period asc
        ) as newest_first
    from progress
    inner join indicators on progress.indicator_code = indicators.indicator_code

),

final as (

    select {{ columns_of(ref('indicator_progress')) }}
    from ranked
    where newest_first = 1

)

select * from final
