{#- What each agency's score is made of, item by item, on the day of the release and at the end of the month before. -#}
with final as (

    select
        items.judged_on,
        items.judged_on = {{ as_of() }} as is_current,
        items.agency_code,
        items.part,
        items.item_key,
        items.plan_id,
        items.row_ref,
        items.indicator_code,
        items.org_code,
        items.obligation_code,
        items.period,
        items.title_vi,
        items.state,
        items.counted_as,
        points.points,
        points.points is not null as is_counted,
        points.reason_vi as points_reason,
        points.reason_en as points_reason_en,
        coalesce(submissions.is_synthetic, false) as is_synthetic,
        items.submission_id
    from {{ ref('int_scorecard_items') }} as items
    left join {{ ref('scorecard_points') }} as points
        on
            items.part = points.part
            and items.counted_as = points.counted_as
            and {{ holds_on('points', 'items.judged_on') }}
    left join {{ ref('stg_submissions') }} as submissions on items.submission_id = submissions.submission_id

)

select * from final
