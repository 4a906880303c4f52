{#- A period of reporting as people say it; weeks with their days. Works on cadence, period and period_end. -#}
{% macro reporting_period_words(language) -%}
    {%- set vi = language == 'vi' -%}
    {%- set day = date_vi if vi else date_en -%}
    case
        when cadence = 'weekly' then concat_ws('',
            '{{ "tuần " if vi else "week " }}', substr(period, 7, 2), '/', substr(period, 1, 4),
            ' (', {{ day(days_later('period_end', -6)) }}, '–', {{ day('period_end') }}, ')'
        )
        else {{ period_vi('period') if vi else period_en('period') }}
    end
{%- endmacro %}

{#- One sentence on one expected report: works on the columns of reporting_compliance, period_words and receiver. -#}
{% macro reporting_message(language) -%}
    {%- set vi = language == 'vi' -%}
    {%- set day = date_vi if vi else date_en -%}
    {%- set period = 'period_words_' ~ language -%}
    {%- set receiver = 'receiver_' ~ language -%}
    concat_ws('',
        case
            when state = 'no_obligation' and reporter_kind = 'group'
                then '{{ "Chưa biết nhóm này gồm những cơ quan nào (bảng agency_groups) nên không có nơi nào để nhắc báo cáo"
                    if vi else "The members of this group are not known (seed agency_groups), so nobody can be asked for a report" }}'
            when state = 'no_obligation' then concat_ws('',
                '{{ "Kế hoạch chỉ đòi báo cáo khi có yêu cầu; chưa có yêu cầu nào về "
                    if vi else "The plan asks for reports on request; none was requested for " }}', {{ period }}
            )
            when state = 'not_yet_due' then concat_ws('',
                '{{ "Báo cáo " if vi else "The report on " }}', {{ period }},
                '{{ " phải đến " if vi else " has to reach: " }}', {{ receiver }},
                '{{ " chậm nhất hết ngày " if vi else ", by the end of " }}', {{ day('due_on') }}
            )
            when state = 'missing' then concat_ws('',
                '{{ "Chưa có báo cáo " if vi else "No report on " }}', {{ period }},
                '{{ " gửi " if vi else " has reached: " }}', {{ receiver }},
                '{{ ", đã quá hạn " if vi else ", overdue by " }}', {{ days_in_words('days_late', language) }},
                '{{ " (hạn: hết ngày " if vi else " (due by the end of " }}', {{ day('due_on') }}, ')'
            )
            else concat_ws('',
                '{{ "Báo cáo " if vi else "The report on " }}', {{ period }},
                '{{ " đến ngày " if vi else " came on " }}', {{ day('received_on') }},
                case
                    when state = 'on_time' then '{{ ", đúng hạn" if vi else ", in time" }}'
                    else concat_ws('',
                        '{{ ", chậm " if vi else ", late by " }}', {{ days_in_words('days_late', language) }}
                    )
                end,
                '{{ " (hạn: hết ngày " if vi else " (due by the end of " }}', {{ day('due_on') }}, ')',
                case
                    when resubmissions > 0 then concat_ws('',
                        '{{ "; gửi lại " if vi else "; sent again: " }}', resubmissions,
                        '{{ " lần, sau hạn " if vi else ", after the cut-off: " }}', resubmissions_after_cut_off,
                        '{{ " lần" if vi else "" }}'
                    )
                end
            )
        end,
        '.'
    )
{%- endmacro %}
