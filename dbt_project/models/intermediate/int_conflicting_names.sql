{#-
    Two indicators targeted in one place that a reader may take for one: of the same name in the plans, or listed
    as similar. One finding for each pair of indicators, on the newest rows that show it.
-#}
with look_alikes as (

    select * from {{ ref('similar_indicators') }} as look_alikes
    where {{ holds_at_as_of('look_alikes') }}

),

plan_rows as (

    select *
    from {{ ref('int_finding_targets') }}
    where not is_contradictory
    qualify row_number() over (
        partition by org_code, valid_from, plan_id, row_ref
        order by milestone_on
    ) = 1

),

pairs as (

    select
        {{ conflict_sides('left_side', 'right_side') }},
        look_alikes.indicator_code is null as is_one_name,
        left_side.name_vi,
        left_side.indicator_name_vi,
        left_side.indicator_name_en,
        right_side.indicator_name_vi as other_name_vi,
        right_side.indicator_name_en as other_name_en,
        concat_ws('', left_side.row_vi, left_side.asks_vi) as says_vi,
        concat_ws('', left_side.row_en, left_side.asks_en) as says_en,
        concat_ws('', {{ other_row_vi('left_side', 'right_side') }}, right_side.asks_vi) as other_says_vi,
        concat_ws('', {{ other_row_en('left_side', 'right_side') }}, right_side.asks_en) as other_says_en,
        look_alikes.difference_vi,
        look_alikes.difference_en
    from plan_rows as left_side
    inner join plan_rows as right_side
        on
            left_side.org_code = right_side.org_code
            and left_side.valid_from = right_side.valid_from
            and left_side.indicator_code <> right_side.indicator_code
    left join look_alikes
        on
            left_side.indicator_code = look_alikes.indicator_code
            and right_side.indicator_code = look_alikes.other_indicator_code
    where
        (look_alikes.indicator_code is not null and left_side.target <> right_side.target)
        or (
            left_side.indicator_code < right_side.indicator_code
            and lower(left_side.name_vi) = lower(right_side.name_vi)
        )
    qualify row_number() over (
        partition by
            left_side.org_code, left_side.valid_from, left_side.indicator_code, right_side.indicator_code
        order by
            case when lower(left_side.name_vi) = lower(right_side.name_vi) then 0 else 1 end,
            left_side.row_order, right_side.row_order
    ) = 1

),

final as (

    select
        case when is_one_name then 'one_name_two_indicators' else 'similar_names' end as finding_kind,
        {{ conflict_columns() }},
        case
            when is_one_name
                then concat_ws(
                    '',
                    'Cùng tên “', name_vi, '” nhưng là hai chỉ tiêu “', indicator_name_vi, '” và “', other_name_vi,
                    '”: ', says_vi, ', còn ', other_says_vi, '. Đề nghị nêu rõ cách tính của từng mục.'
                )
            else concat_ws(
                '',
                'Dễ nhầm “', indicator_name_vi, '” với “', other_name_vi, '”: ', difference_vi, '. ', says_vi,
                ', còn ', other_says_vi, '. Khi báo cáo cần ghi rõ phạm vi, không so sánh trực tiếp.'
            )
        end as message_vi,
        case
            when is_one_name
                then concat_ws(
                    '',
                    'One name, “', name_vi, '”, for two indicators, “', indicator_name_en, '” and “', other_name_en,
                    '”: ', says_en, ', while ', other_says_en, '. State how each is counted.'
                )
            else concat_ws(
                '',
                'Easily confused: “', indicator_name_en, '” and “', other_name_en, '”; ', difference_en, '. Of them, ',
                says_en, ', while ', other_says_en, '. State the scope and do not compare them directly.'
            )
        end as message_en
    from pairs

)

select * from final
