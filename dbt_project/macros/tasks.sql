{#- Whether an agency of the registry stands for many: by its kind, or because its name is in the plural. -#}
{% macro is_agency_group(agencies) -%}
    (
        coalesce({{ agencies }}.kind, '') in ('department_group', 'commune_group', 'company_group', 'university_group')
        or instr({{ agencies }}.name_vi, 'Các ') = 1
        or instr({{ agencies }}.name_vi, 'Người dân') = 1
        or instr({{ agencies }}.name_vi, 'Đoàn viên, ') = 1
    )
{%- endmacro %}

{#- A text in small letters with a space in the place of each mark, so that its words can be told apart. -#}
{% macro bare_words(text) -%}
    {%- set marks = [',', '.', ';', ':', '(', ')', '“', '”', '/', '-'] -%}
    {%- for mark in marks %}replace({% endfor -%}
    lower(coalesce({{ text }}, ''))
    {%- for mark in marks %}, '{{ mark }}', ' '){% endfor %}
{%- endmacro %}

{#- Kinds of findings on one task: when, and what is said after the title and the plan row. -#}
{% macro task_finding_kinds() %}
    {% do return({
        'deadline_unreadable': {
            'when': "deadline_kind = 'unparseable' and due_on is null and problem_vi is not null",
            'vi': "deadline_vi, ': ', problem_vi, '. Đề nghị cơ quan ban hành đính chính thời hạn.'",
            'en': "deadline_en, ': ', problem_en, '. The issuer should correct the deadline.'",
        },
        'deadline_before_issue': {
            'when': 'due_on < issued_on and not is_date_assumed',
            'vi': "deadline_vi, ', là ngày đã qua khi kế hoạch được ban hành. Đề nghị điều chỉnh thời hạn.'",
            'en': "deadline_en, ', a day that had passed when the plan was issued. It should be adjusted.'",
        },
        'deadline_hardly_after_issue': {
            'when': "due_on >= issued_on and not is_date_assumed and (" ~ days_between('issued_on', 'due_on')
                ~ " <= deadline_after_issue_days or last_day(due_on) = last_day(issued_on))",
            'vi': "deadline_vi, ', chỉ ', cast(" ~ days_between('issued_on', 'due_on') ~ " as " ~ dbt.type_string()
                ~ "), ' ngày sau ngày ban hành kế hoạch. Đề nghị xem lại thời hạn có kịp không.'",
            'en': "deadline_en, ', only ', cast(" ~ days_between('issued_on', 'due_on') ~ " as " ~ dbt.type_string()
                ~ "), ' days after the plan was issued. It should be checked whether that is enough.'",
        },
        'deadline_beyond_plan_year': {
            'when': 'is_plan_of_year and year(due_on) > year(issued_on)',
            'vi': "deadline_vi, ', sau năm của kế hoạch. Đề nghị xác nhận thời hạn hoặc chuyển sang kế hoạch năm sau.'",
            'en': "deadline_en, ', beyond the year of the plan. It should be confirmed or left to a later plan.'",
        },
        'deadline_read_differently': {
            'when': 'due_as_read_on <> due_as_issued_on and due_on = due_as_issued_on',
            'vi': "deadline_vi, ', nhưng sổ kế hoạch tính hạn là ', " ~ date_vi('due_as_issued_on')
                ~ ", '. Đề nghị xem lại sổ kế hoạch.'",
            'en': "deadline_en, ', but the registry takes ', " ~ date_en('due_as_issued_on')
                ~ ", '. The registry should be checked.'",
        },
        'deadline_moved_after_passing': {
            'when': 'due_on > due_as_issued_on and due_adjusted_on > due_as_issued_on',
            'vi': "deadline_vi, ', quyết định ngày ', " ~ date_vi('due_adjusted_on') ~ ", ' khi hạn cũ đã qua.'",
            'en': "deadline_en, ', decided on ', " ~ date_en('due_adjusted_on') ~ ", ' after the old one had passed.'",
        },
        'standing_task_with_date': {
            'when': 'is_standing_suspected',
            'vi': "deadline_vi, ', nhưng có thể là nhiệm vụ thường xuyên. Đề nghị xác nhận bằng Biểu 11 (“Nhiệm vụ"
                ~ " thường xuyên”): nhịp lặp, hoặc “Không”.'",
            'en': "deadline_en, ', but may be standing work. Please confirm by form F11: its rhythm, or “Không”.'",
        },
        'task_without_lead': {
            'when': 'not has_lead',
            'vi': "' không nêu cơ quan chủ trì nên không ai bị nhắc việc. Đề nghị bổ sung.'",
            'en': "' names no lead, so nobody is reminded. It should name one.'",
        },
    }) %}
{% endmacro %}
