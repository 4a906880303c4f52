{#- What a reported figure and ours say, how far apart they are and what to do: works on reported_vs_computed. -#}
{% macro difference_message(language) %}
    {%- set vi = language == 'vi' -%}
    {%- set shown = number_vi if vi else number_en -%}
    {%- set suffix = 'suffix_vi' if vi else 'suffix_en' -%}
    concat_ws('',
        '{{ "Đơn vị báo cáo " if vi else "Reported " }}', {{ shown('reported') }}, {{ suffix }},
        case when computed_from = 'computed'
            then '{{ "; tính từ các biểu chi tiết được " if vi else "; computed from the detailed forms " }}'
            else '{{ "; cộng từ báo cáo của các xã được " if vi else "; added up from the reports of the communes " }}'
        end,
        {{ shown('computed') }}, {{ suffix }},
        case when computed_period <> period
            then concat_ws('', '{{ " (kỳ " if vi else " (period " }}', computed_period, ')')
        end,
        '{{ ", chênh " if vi else ", a difference of " }}',
        case when difference > 0 then '+' end, {{ shown('difference') }},
        case when is_percent then '{{ " điểm phần trăm" if vi else " percentage points" }}' end,
        case
            when computed_on < period_end
                then '{{ ". Chưa kết luận vì chưa tính được đến hết kỳ." if vi
                    else ". No conclusion, since the end of the period could not be computed yet." }}'
            when not is_supported then concat_ws('',
                '{{ ". Chưa kết luận vì mới có " if vi else ". No conclusion, since only " }}',
                {{ shown('100 * coverage_share') }},
                '{{ "% số đơn vị hoặc số kỳ báo cáo." if vi else "% of the units or periods are reported." }}'
            )
            when is_above_threshold then concat_ws('',
                '{{ ", vượt mức cho phép " if vi else ", above the " }}', {{ shown('allowed') }},
                case when is_percent then '{{ " điểm" if vi else " points" }}' end,
                '{{ ". Đối chiếu tử số, mẫu số và cách tính; gửi đính chính Biểu 01 hoặc bổ sung số liệu chi tiết." if vi
                    else " allowed. Compare numerator, denominator and definition; send a correction of form 01 or complete the detailed data." }}'
            )
            else '{{ ", trong mức cho phép." if vi else ", within what is allowed." }}'
        end
    )
{% endmacro %}
