{#- The sentence of a task: the first that fits its state, then what else a reader must know. -#}
{% macro task_sentences() %}
    {{ return([
        ["state = 'not_yet_issued'",
            "Kế hoạch ban hành ngày {issued}, sau ngày đánh giá {judged}",
            "The plan was issued on {issued}, after the day of judgement, {judged}"],
        ["state = 'done_on_time' and due_on is null",
            "Hoàn thành ngày {completed}",
            "Done on {completed}"],
        ["state = 'done_on_time'",
            "Hoàn thành ngày {completed}, trong hạn {due}",
            "Done on {completed}, within the deadline of {due}"],
        ["state = 'done_late'",
            "Hoàn thành ngày {completed}, muộn {completed_late} (hạn {due})",
            "Done on {completed}, {completed_late} late (due {due})"],
        ["state = 'to_complete'",
            "Chờ hoàn thiện: minh chứng {newest_ref} bị thẩm định không hợp lệ ngày {newest_verdict}",
            "To complete: evidence {newest_ref} was judged invalid on {newest_verdict}"],
        ["state = 'pending_evidence'",
            "Đã báo cáo hoàn thành, minh chứng {newest_ref} nộp ngày {newest_filed} đang chờ thẩm định",
            "Reported done; evidence {newest_ref} filed on {newest_filed} awaits appraisal"],
        ["state = 'overdue'",
            "Quá hạn {late} (hạn {due})",
            "Overdue by {late} (due {due})"],
        ["due_on is not null and days_left = 0",
            "Đến hạn đúng ngày {due}",
            "Due on this very day, {due}"],
        ["due_on is not null",
            "Còn {left} đến hạn {due}",
            "{left} left until the deadline of {due}"],
        ["state = 'recurring'",
            "Nhiệm vụ thường xuyên, theo dõi qua báo cáo",
            "A standing task, judged by its reports"],
        ["deadline_text is null",
            "Kế hoạch không ghi hạn",
            "The plan gives no deadline"],
        ["true",
            "Chưa có hạn tính được thành ngày (kế hoạch ghi “{deadline_text}”)",
            "No deadline that is a day (the plan says “{deadline_text}”)"],
    ]) }}
{% endmacro %}

{% macro task_notes() %}
    {%- set open = "state not in ('not_yet_issued', 'done_on_time', 'done_late')" -%}
    {%- set unclaimed = open ~ " and state not in ('to_complete', 'pending_evidence')" -%}
    {{ return([
        ["state in ('to_complete', 'pending_evidence') and due_on is not null",
            "hạn {due}",
            "due {due}"],
        ["assignees_total > 1 and state <> 'not_yet_issued'",
            "{assignees} đơn vị đã hoàn thành",
            "{assignees} assignees are done"],
        [unclaimed ~ " and reported_state is null",
            "chưa có báo cáo",
            "nobody has reported"],
        [unclaimed ~ " and reported_state is not null and percent_complete is null",
            "báo cáo {period}: {reported}",
            "report for {period}: {reported}"],
        [unclaimed ~ " and reported_state is not null and percent_complete is not null",
            "báo cáo {period}: {reported} {percent}%",
            "report for {period}: {reported} {percent}%"],
        [unclaimed ~ " and reported_state = 'done' and assignees_total = 1 and not is_claimed",
            "báo cáo đó thuộc kỳ trước, kỳ này đánh giá lại",
            "that report is of an earlier cycle, this one is judged anew"],
        [unclaimed ~ " and is_claimed and assignees_total = 1 and evidence_verdict is null",
            "chưa nộp minh chứng",
            "no evidence was filed"],
        [unclaimed ~ " and is_claimed and assignees_total = 1 and evidence_verdict = 'not_appraised'",
            "minh chứng nộp sau hạn, chưa thẩm định",
            "evidence was filed after the deadline and is not appraised"],
        [unclaimed ~ " and not is_claimed and assignees_total = 1 and evidence_verdict = 'valid'",
            "đã có minh chứng hợp lệ nhưng chưa báo cáo hoàn thành",
            "evidence was judged valid, but no report says it is done"],
        [unclaimed ~ " and not is_claimed and assignees_total = 1 and evidence_verdict = 'invalid'",
            "minh chứng đã nộp bị thẩm định không hợp lệ",
            "the evidence filed was judged invalid"],
        ["contains(concat_ws('', ';', alert_rule, ';'), ';behind;')",
            "chậm: đạt {percent}% khi đã qua {elapsed}% thời gian",
            "behind: {percent}% with {elapsed}% of the time gone"],
        ["due_on <> due_as_issued_on and adjusted_by is not null",
            "hạn điều chỉnh từ {due_as_issued} theo {adjusted_by} ngày {adjusted}",
            "the deadline was moved from {due_as_issued} by {adjusted_by} of {adjusted}"],
        ["due_on is not null and due_as_issued_on is null and adjusted_by is not null",
            "hạn đặt theo {adjusted_by} ngày {adjusted}",
            "the deadline was set by {adjusted_by} of {adjusted}"],
        ["due_on is null and due_as_issued_on is not null and adjusted_by is not null",
            "không dùng hạn {due_as_issued} vì đã xác nhận là nhiệm vụ thường xuyên theo {adjusted_by}",
            "the deadline of {due_as_issued} is not used, as {adjusted_by} confirmed a standing task"],
        [open ~ " and is_standing_suspected and due_on is not null",
            "có thể là nhiệm vụ thường xuyên, chờ xác nhận",
            "possibly a standing task, to be confirmed"],
        ["continued_by_plan_id is not null",
            "chuyển tiếp sang nhiệm vụ {continued}",
            "carried over to task {continued}"],
    ]) }}
{% endmacro %}

{% macro task_reason(language) %}
    {%- set position = 1 if language == 'vi' else 2 -%}
    concat_ws('',
        concat_ws(
            '; ',
            case
                {%- for sentence in task_sentences() %}
                when {{ sentence[0] }} then {{ said(sentence[position], language) }}
                {%- endfor %}
            end
            {%- for note in task_notes() %},
            case when {{ note[0] }} then {{ said(note[position], language) }} end
            {%- endfor %}
        ),
        '.'
    )
{% endmacro %}

{#- '1 ngày', '12 days': a number of days in words. -#}
{% macro days_in_words(days, language) -%}
    case
        when {{ days }} is not null
            then concat_ws(
                '', cast({{ days }} as {{ dbt.type_string() }}),
                {% if language == 'vi' %}' ngày'{% else %}case when {{ days }} = 1 then ' day' else ' days' end{% endif %}
            )
    end
{%- endmacro %}
