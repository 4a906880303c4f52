{#- Each part of each agency's score; the weight of a part with nothing to count is spread over the others. -#}
with weights as (

    select
        days.judged_on,
        days.is_current,
        weights.part,
        weights.part_order,
        weights.weight,
        weights.label_vi,
        weights.label_en
    from {{ ref('scorecard_weights') }} as weights
    inner join {{ ref('int_task_days') }} as days on {{ holds_on('weights', 'days.judged_on') }}
    where weights.weight > 0

),

counted as (

    select
        judged_on,
        agency_code,
        part,
        count(*) as items,
        count(points) as items_counted,
        count(submission_id) as items_received,
        sum(points) as points,
        bool_or(is_synthetic) as is_synthetic
    from {{ ref('agency_scorecard_items') }}
    group by judged_on, agency_code, part

),

shared as (

    select
        agencies.province_code,
        agencies.agency_code,
        weights.*,
        coalesce(counted.items, 0) as items,
        coalesce(counted.items_counted, 0) as items_counted,
        coalesce(counted.items_received, 0) as items_received,
        cast(counted.points as decimal(18, 6)) as points,
        cast(counted.points / nullif(counted.items_counted, 0) as decimal(18, 6)) as share,
        coalesce(counted.is_synthetic, false) as is_synthetic
    from {{ ref('stg_agencies') }} as agencies
    cross join weights
    left join counted
        on
            weights.judged_on = counted.judged_on
            and weights.part = counted.part
            and agencies.agency_code = counted.agency_code

),

weighted as (

    select
        *,
        sum(case when share is not null then weight end) over (
            partition by judged_on, agency_code
        ) as weight_counted
    from shared

),

final as (

    select
        judged_on,
        is_current,
        province_code,
        agency_code,
        part,
        part_order,
        label_vi as part_vi,
        label_en as part_en,
        items,
        items_counted,
        items_received,
        points,
        share,
        weight,
        case when share is not null then round(cast(100 * weight as double) / weight_counted, 6) end as weight_used,
        case when share is not null then round(cast(100 * weight * share as double) / weight_counted, 6) end
            as score_points,
        {{ part_words('vi') }} as part_words,
        {{ part_words('en') }} as part_words_en,
        is_synthetic
    from weighted

)

select * from final
