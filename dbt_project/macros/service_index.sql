{#- Why a component of the service index has no rate or no points, one sentence for each cause. -#}
{% macro service_index_reason(language) -%}
    {%- set vi = language == 'vi' -%}
    {%- set number = number_vi if vi else number_en -%}
    {%- set said = {
        'not_on_forms': ('note_vi', 'note_en'),
        'no_agency_in_catalogue': (
            "'Biểu 03 không ghi thủ tục thuộc sở, ngành nào'",
            "'Form F03 does not tell which agency a procedure belongs to'",
        ),
        'no_catalogue': ("'Chưa có danh mục thủ tục (Biểu 03) của tỉnh cho kỳ này'", "'No catalogue (form F03) of the province holds for the period'"),
        'no_extract': ("'Chưa nhận trích xuất hồ sơ (Biểu 02) của kỳ này'", "'No dossier extract (form F02) came for the period'"),
        'few_extracts': (
            "'Trích xuất hồ sơ mới đủ ' , " ~ number_vi('100 * coverage_share') ~ ", '%, dưới ngưỡng ', " ~ number_vi('100 * needed_share') ~ ", '%'",
            "'Dossier extracts cover ', " ~ number_en('100 * coverage_share') ~ ", '%, below the ', " ~ number_en('100 * needed_share') ~ ", '% needed'",
        ),
        'nothing_counted': ("'Mẫu số bằng 0, không có tỷ lệ'", "'The denominator is 0, so there is no rate'"),
        'small_cell': ("'Mẫu số dưới ', " ~ number_vi('small_cell') ~ ", ', không công bố'", "'The denominator is below ', " ~ number_en('small_cell') ~ ", ' and is not shown'"),
        'no_max_points': (
            "'Nguồn không nêu điểm tối đa; tỉnh bổ sung ở service_index_points'",
            "'No source states the points; a province adds them to service_index_points'",
        ),
        'no_threshold': (
            "'Nguồn nêu tối đa ', " ~ number_vi('max_points') ~ ", ' điểm nhưng không nêu cách quy tỷ lệ ra điểm; tỉnh bổ sung ở service_index_points'",
            "'The source states at most ', " ~ number_en('max_points') ~ ", ' points but not how a rate becomes points; a province adds it to service_index_points'",
        ),
    } -%}
    case cause
        {%- for name, sentences in said.items() %}
        when '{{ name }}' then concat_ws('', {{ sentences[0] if vi else sentences[1] }})
        {%- endfor %}
    end
{%- endmacro %}

{#- Why the total is withheld: which components and groups wait for the province's seed, and which for data. -#}
{% macro service_index_total_reason(language) -%}
    {%- set vi = language == 'vi' -%}
    {%- set waiting = {
        'without_points': ('service_index_points thiếu điểm tối đa hoặc ngưỡng của ', 'service_index_points lacks points or threshold of '),
        'without_word': ('service_index_points chưa nêu cách xử lý khi không tính được ', 'service_index_points does not say what counts without a value of '),
        'without_data': ('chưa đủ dữ liệu của ', 'data are missing for '),
        'other_sum': ('điểm thành phần không cộng đúng điểm của nhóm ', 'points of components do not add up to those of group '),
    } -%}
    case
        when not is_complete
            then concat_ws(
                '',
                '{{ "Chưa công bố tổng điểm: " if vi else "The total is withheld: " }}',
                concat_ws(
                    '; '
                    {%- for column, words in waiting.items() %},
                    '{{ words[0] if vi else words[1] }}' || {{ column }}
                    {%- endfor %}
                )
            )
    end
{%- endmacro %}
