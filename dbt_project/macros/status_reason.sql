{#-
    One sentence that says why a progress row has its status, with the numbers used, fit for a report.

    Parts are joined by concat_ws, which leaves out empty ones on every engine, while concat does not.

    language: 'vi' or 'en'. Works on the columns of int_progress_judged.
-#}
{% macro status_reason(language) %}
    {%- set vi = language == 'vi' -%}
    {%- set shown = number_vi if vi else number_en -%}
    {%- set day = date_vi if vi else date_en -%}
    {%- set suffix = 'suffix_vi' if vi else 'suffix_en' -%}
    {%- set actual = "case when actual is not null then concat_ws('', " ~ shown('actual') ~ ", " ~ suffix ~ ") end" -%}
    {%- set target = "coalesce(case when target is not null and pace <> 'by_date' then concat_ws('', " ~ shown('target') ~ ", " ~ suffix ~ ") end, target_text, '')" -%}
    {%- set until = day('milestone_on') -%}
    {%- set on = day('judged_on') -%}
    case
        when status = 'no_target' and plan_id is null then concat_ws('',
            '{{ "Không có mục tiêu đang hiệu lực; số liệu kỳ " if vi else "No target in force; figure for " }}',
            period, ': ', coalesce({{ actual }}, '{{ "không có trường hợp nào" if vi else "no case" }}'),
            case
                when coverage_share < coverage_threshold then concat_ws('',
                    '{{ " (mới có " if vi else " (only " }}', {{ shown('100 * coverage_share') }},
                    '{{ "% số đơn vị hoặc số kỳ báo cáo)" if vi else "% of the units or periods are reported)" }}'
                )
            end,
            '.'
        )
        when status = 'no_target' then concat_ws('',
            '{{ "Kế hoạch chưa đặt mục tiêu cho năm này; mốc đầu tiên là " if vi
                else "The plan sets no target for this year; its first milestone is " }}',
            {{ until }}, '.'
        )
        when status = 'not_scored' and duplicate_of is not null then concat_ws('',
            '{{ "Dòng này lặp lại dòng " if vi else "This row repeats row " }}', duplicate_of,
            '{{ " của cùng kế hoạch nên không chấm lần nữa." if vi
                else " of the same plan and is not scored again." }}'
        )
        when status = 'not_scored' and not_a_target then concat_ws('',
            '{{ "Chờ giao số: văn bản ghi “" if vi else "Figure still to be set: the document says “" }}',
            coalesce(target_text, ''), '”.'
        )
        when status = 'not_scored' and pace = 'none' then concat_ws('',
            '{{ "Mục tiêu bằng chữ nên không chấm điểm: “" if vi else "A target in words is not scored: “" }}',
            coalesce(target_text, ''), '”.'
        )
        when status = 'not_scored' and basis = 'full_year_estimate' then concat_ws('',
            '{{ "Số ước cả năm " if vi else "A full-year estimate of " }}', {{ actual }},
            '{{ " không dùng để kết luận; mục tiêu " if vi else " decides nothing; target " }}', {{ target }}, '.'
        )
        when status = 'not_scored' then concat_ws('',
            '{{ "Số trong năm là tạm tính, chỉ kết luận theo năm: đến " if vi
                else "Figures within the year are provisional, the verdict is yearly: by " }}',
            {{ on }}, '{{ " đạt " if vi else " it stands at " }}', {{ actual }},
            '{{ ", mục tiêu " if vi else ", target " }}', {{ target }}, '.'
        )
        when status = 'awaiting_publication' then concat_ws('',
            '{{ "Cơ quan có thẩm quyền chưa công bố số liệu kỳ " if vi
                else "The authority has not yet published a figure for " }}', period, '.'
        )
        when status = 'no_data' then concat_ws('',
            '{{ "Chưa nhận được số liệu kỳ " if vi else "No figure received for " }}', period,
            '{{ "; mục tiêu " if vi else "; target " }}', {{ target }},
            '{{ " đến " if vi else " by " }}', {{ until }}, '.'
        )
        when status = 'withheld' then concat_ws('',
            '{{ "Mới có " if vi else "Only " }}', {{ shown('100 * coverage_share') }},
            '{{ "% số đơn vị hoặc số kỳ báo cáo, dưới ngưỡng " if vi
                else "% of the units or periods are reported, below the threshold of " }}',
            {{ shown('100 * coverage_threshold') }},
            '{{ "%, nên chưa kết luận." if vi else "%, so no verdict is given." }}'
        )
        when status in ('achieved', 'missed') and is_verdict_past then concat_ws('',
            '{{ "Mốc " if vi else "At the milestone of " }}', {{ until }},
            '{{ " đạt " if vi else " it reached " }}', {{ shown('milestone_actual') }}, {{ suffix }},
            '{{ " so với mục tiêu " if vi else " against a target of " }}', {{ target }}, '.'
        )
        when status = 'achieved' and milestone_on < judged_on and not milestone_met then concat_ws('',
            '{{ "Đạt muộn: đến " if vi else "Reached late: by " }}', {{ on }},
            '{{ " là " if vi else " it stands at " }}', {{ actual }},
            '{{ ", mục tiêu " if vi else ", target " }}', {{ target }},
            '{{ "; tại mốc " if vi else "; at the milestone of " }}', {{ until }},
            '{{ " mới là " if vi else " it was " }}', {{ shown('milestone_actual') }}, {{ suffix }}, '.'
        )
        when status = 'achieved' then concat_ws('',
            '{{ "Đạt " if vi else "Reached " }}', {{ actual }},
            '{{ " tính đến " if vi else " by " }}', {{ on }},
            '{{ ", hoàn thành mục tiêu " if vi else ", which meets the target of " }}', {{ target }},
            '{{ " của mốc " if vi else " set for " }}', {{ until }}, '.'
        )
        when status = 'missed' then concat_ws('',
            '{{ "Tính đến " if vi else "By " }}', {{ on }},
            '{{ " chỉ đạt " if vi else " it reached only " }}', {{ actual }},
            '{{ ", không đạt mục tiêu " if vi else ", short of the target of " }}', {{ target }},
            '{{ " của mốc " if vi else " set for " }}', {{ until }}, '.'
        )
        when status = 'in_term' then concat_ws('',
            '{{ "Còn trong hạn đến " if vi else "In term until " }}', {{ until }},
            '{{ "; hiện là " if vi else "; it now stands at " }}', {{ actual }},
            '{{ ", mục tiêu " if vi else ", target " }}', {{ target }}, '.'
        )
        when status = 'not_assessable' and is_contradictory then concat_ws('',
            '{{ "Mục tiêu “" if vi else "The target “" }}', coalesce(target_text, ''),
            '{{ "” trái với chiều của chỉ tiêu nên không đánh giá được; hiện là " if vi
                else "” contradicts the direction of the indicator; it now stands at " }}', {{ actual }}, '.'
        )
        when status = 'not_assessable' and actual is null then concat_ws('',
            '{{ "Đã có báo cáo kỳ " if vi else "Reports for " }}', period,
            '{{ " nhưng không có trường hợp nào để tính (mẫu số bằng 0); mục tiêu " if vi
                else " came in but hold no case to count (the denominator is zero); target " }}', {{ target }}, '.'
        )
        when status = 'not_assessable' and pace = 'level' and baseline is null then concat_ws('',
            '{{ "Chưa có số liệu xuất phát nên chưa biết có kịp tiến độ; hiện là " if vi
                else "There is no baseline to judge the path from; it now stands at " }}', {{ actual }},
            '{{ ", mục tiêu " if vi else ", target " }}', {{ target }},
            '{{ " đến " if vi else " by " }}', {{ until }}, '.'
        )
        when status = 'not_assessable' and is_verdict_past then concat_ws('',
            '{{ "Không có số liệu tại mốc " if vi else "There is no figure at the milestone of " }}',
            {{ until }}, '{{ " để kết luận." if vi else " to decide by." }}'
        )
        when status = 'not_assessable' and coalesce(basis, '') <> 'year_to_date' and is_accumulating then concat_ws('',
            '{{ "Chỉ có số trong kỳ " if vi else "Only the period itself is known, " }}', {{ actual }},
            '{{ ", không có tử số và mẫu số để cộng từ đầu năm; mục tiêu " if vi
                else ", without parts to add up since 1 January; target " }}', {{ target }}, '.'
        )
        when status = 'not_assessable' then concat_ws('',
            '{{ "Không tính được tiến độ từ số liệu hiện có: " if vi
                else "No schedule can be computed from what is known: " }}', {{ actual }},
            '{{ ", mục tiêu " if vi else ", target " }}', {{ target }}, '.'
        )
        when status = 'early' then concat_ws('',
            '{{ "Lộ trình mới bắt đầu từ " if vi else "The path only began on " }}', {{ day('path_start_on') }},
            '{{ "; hiện là " if vi else "; it stands at " }}', {{ actual }},
            '{{ ", mục tiêu " if vi else ", target " }}', {{ target }},
            '{{ " đến " if vi else " by " }}', {{ until }}, '.'
        )
        when status = 'deteriorating' then concat_ws('',
            '{{ "Kém hơn mức xuất phát " if vi else "Worse than the baseline of " }}',
            {{ shown('baseline') }}, {{ suffix }}, ' (', {{ day('baseline_on') }}, ')',
            '{{ ": đến " if vi else ": by " }}', {{ on }}, '{{ " còn " if vi else " it stands at " }}', {{ actual }},
            '{{ ", mục tiêu " if vi else ", target " }}', {{ target }},
            '{{ " đến " if vi else " by " }}', {{ until }}, '.'
        )
        when is_held_from_start then concat_ws('',
            '{{ "Đã từng đạt mục tiêu " if vi else "It had already met the target of " }}', {{ target }},
            '{{ " (" if vi else " (" }}', {{ shown('baseline') }}, {{ suffix }},
            '{{ " ngày " if vi else " on " }}', {{ day('baseline_on') }},
            '{{ ") nhưng nay còn " if vi else ") but now stands at " }}', {{ actual }}, '.'
        )
        when pace = 'level' then concat_ws('',
            '{{ "Đạt " if vi else "Reached " }}', {{ actual }},
            '{{ ", cần " if vi else ", where " }}', {{ shown('expected_now') }}, {{ suffix }},
            '{{ " vào " if vi else " was due on " }}', {{ on }},
            '{{ " để kịp mục tiêu " if vi else " to reach the target of " }}', {{ target }},
            '{{ " ngày " if vi else " on " }}', {{ until }},
            '{{ " (xuất phát " if vi else " (from " }}', {{ shown('baseline') }}, {{ suffix }},
            '{{ " ngày " if vi else " on " }}', {{ day('baseline_on') }},
            '{{ "); đi được " if vi else "); covered " }}', {{ shown('100 * schedule_ratio') }},
            '{{ "% chặng phải đi." if vi else "% of the distance due." }}'
        )
        when pace = 'cumulative' then concat_ws('',
            '{{ "Từ đầu năm đạt " if vi else "So far this year " }}', {{ actual }},
            '{{ ", cần " if vi else ", where " }}', {{ shown('expected_now') }}, {{ suffix }},
            '{{ " vào " if vi else " were due on " }}', {{ on }},
            '{{ " để kịp " if vi else " to reach " }}', {{ target }},
            '{{ " cả năm (đạt " if vi else " in the year (" }}', {{ shown('100 * schedule_ratio') }},
            '{{ "% tiến độ)." if vi else "% of schedule)." }}'
        )
        else concat_ws('',
            '{{ "Từ đầu năm đạt " if vi else "Since 1 January " }}', {{ actual }},
            '{{ " so với mục tiêu " if vi else " against a target of " }}', {{ target }},
            '{{ " của mốc " if vi else " set for " }}', {{ until }},
            case
                when required_rest is null then '.'
                when is_out_of_reach then
                    '{{ "; không còn đạt được trong năm nay." if vi else "; out of reach this year." }}'
                when status = 'on_track' then '.'
                else concat_ws('',
                    '{{ "; phần còn lại của năm phải đạt bình quân " if vi
                        else "; the rest of the year must average " }}',
                    {{ shown('required_rest') }}, {{ suffix }}, '.'
                )
            end
        )
    end
{% endmacro %}
