{#-
    Targets of one indicator and place that cannot both be meant: other values for one year, or less asked for
    later than before.

    A smaller target for an earlier day of the same year is a step on the way, not a conflict. Two rows that
    disagree on a year are told by year and not once more as falling over time; of two rows that only fall over
    time the first fall is told.
-#}
with targets as (

    select * from {{ ref('int_finding_targets') }}
    where not is_contradictory

),

pairs as (

    {#- left_side is the later milestone; on one day, the newer plan. #}
    select
        {{ conflict_sides('left_side', 'right_side') }},
        left_side.indicator_name_vi,
        left_side.indicator_name_en,
        left_side.direction,
        left_side.plan_id = right_side.plan_id as is_one_plan,
        left_side.milestone_year = right_side.milestone_year as is_one_year,
        {{ asks_less('left_side.target', 'right_side.target', 'left_side.direction') }} as is_less,
        case
            when left_side.row_order = right_side.row_order
                then left_side.previous_milestone_on = right_side.milestone_on
            else coalesce(right_side.next_milestone_year, 9999) > left_side.milestone_year
        end as is_nearest,
        least(left_side.row_order, right_side.row_order) as first_row,
        greatest(left_side.row_order, right_side.row_order) as second_row,
        concat_ws('', left_side.row_vi, left_side.asks_vi) as says_vi,
        concat_ws('', left_side.row_en, left_side.asks_en) as says_en,
        concat_ws('', {{ other_row_vi('left_side', 'right_side') }}, right_side.asks_vi) as other_says_vi,
        concat_ws('', {{ other_row_en('left_side', 'right_side') }}, right_side.asks_en) as other_says_en
    from targets as left_side
    inner join targets as right_side
        on
            left_side.org_code = right_side.org_code
            and left_side.valid_from = right_side.valid_from
            and left_side.indicator_code = right_side.indicator_code
            and left_side.target <> right_side.target
            and (
                left_side.milestone_on > right_side.milestone_on
                or (left_side.milestone_on = right_side.milestone_on and left_side.row_order < right_side.row_order)
            )

),

same_year as (

    select
        case when is_one_plan then 'different_targets_in_plan' else 'different_targets_between_plans' end
            as finding_kind,
        pairs.*
    from pairs
    where first_row <> second_row and is_one_year and (milestone_on = other_milestone_on or is_less)

),

falling as (

    select
        case
            when pairs.first_row = pairs.second_row then 'later_asks_less_in_row'
            when pairs.is_one_plan then 'later_asks_less_in_plan'
            else 'later_asks_less_between_plans'
        end as finding_kind,
        pairs.*
    from pairs
    left join same_year
        on
            pairs.org_code = same_year.org_code
            and pairs.valid_from = same_year.valid_from
            and pairs.indicator_code = same_year.indicator_code
            and pairs.first_row = same_year.first_row
            and pairs.second_row = same_year.second_row
    where
        pairs.is_less
        and pairs.is_nearest
        and (pairs.first_row = pairs.second_row or not pairs.is_one_year)
        and same_year.org_code is null
    qualify row_number() over (
        partition by
            pairs.org_code, pairs.valid_from, pairs.indicator_code, pairs.first_row, pairs.second_row
        order by pairs.milestone_on, pairs.other_milestone_on desc
    ) = 1

),

unioned as (

    select * from same_year
    union all
    select * from falling

),

final as (

    select
        finding_kind,
        {{ conflict_columns() }},
        concat_ws(
            '',
            '“', indicator_name_vi, '”: ', says_vi,
            case
                when finding_kind like 'different%' then ', trong khi '
                when direction = 'lower' then ', nới lỏng hơn mốc trước: '
                else ', thấp hơn mốc trước: '
            end,
            other_says_vi, '. Đề nghị thống nhất mục tiêu áp dụng và ghi lựa chọn kèm số văn bản.'
        ) as message_vi,
        concat_ws(
            '',
            '“', indicator_name_en, '”: ', says_en,
            case when finding_kind like 'different%' then ', while ' else ', less than an earlier milestone: ' end,
            other_says_en, '. Agree on the target that applies and record the choice with its document.'
        ) as message_en
    from unioned

)

select * from final
