{#- One sentence: how an agency stands and from which parts, or why it bears no score. -#}
{% macro score_reason(language) -%}
    {%- set number = number_vi if language == 'vi' else number_en -%}
    {%- set words = {
        'vi': {
            'company': "'Doanh nghiệp: kết quả được nêu, không chấm điểm.'",
            'group': "'Nhóm cơ quan: kết quả chung được nêu, không quy cho cơ quan nào nên không chấm điểm.'",
            'nothing': "'Chưa có mục nào được tính nên chưa chấm điểm.'",
            'silent': "'Cơ quan chưa có báo cáo hay tệp nào nên chưa chấm điểm.'",
            'few': ['Mới có ', ' mục được tính, cần ít nhất ', ' mục để chấm điểm.'],
            'stands': [' điểm, xếp thứ ', '/'], 'before': '; cuối tháng trước ', 'points': ' điểm',
        },
        'en': {
            'company': "'A company: its results are shown and not scored.'",
            'group': "'A group of agencies: its shared results are shown, belong to none of them and are not scored.'",
            'nothing': "'Nothing to count yet, so there is no score.'",
            'silent': "'The agency has sent no report or file yet, so there is no score.'",
            'few': ['Items counted so far: ', '; a score needs at least ', '.'],
            'stands': [' points, rank ', ' of '], 'before': '; at the end of the month before: ', 'points': ' points',
        },
    }[language] -%}
    case
        when not_scored_reason = 'company' then {{ words.company }}
        when not_scored_reason = 'group' then {{ words.group }}
        when not_scored_reason = 'nothing_to_count' then {{ words.nothing }}
        when not_scored_reason = 'nothing_sent' then {{ words.silent }}
        when not_scored_reason = 'too_few_items'
            then concat_ws(
                '',
                '{{ words.few[0] }}',
                items_counted,
                '{{ words.few[1] }}',
                cast(score_items as int),
                '{{ words.few[2] }}'
            )
        else concat_ws(
            '',
            {{ number('score') }},
            '{{ words.stands[0] }}',
            rank,
            '{{ words.stands[1] }}',
            rank_of,
            ': ',
            concat_ws(
                ', ',
                {% for part in ['indicators', 'tasks', 'discipline', 'quality'] %}
                {{ part }}_words_{{ language }}{{ ',' if not loop.last }}
                {% endfor %}
            ),
            case
                when previous_score is not null
                    then concat_ws(
                        '',
                        '{{ words.before }}',
                        {{ number('previous_score') }},
                        '{{ words.points }}'
                    )
            end,
            '.'
        )
    end
{%- endmacro %}

{#- What a part comes to in a few words: 'chỉ tiêu 50% (24 mục)'; nothing where nothing counts. -#}
{% macro part_words(language) -%}
    {%- set number = number_vi if language == 'vi' else number_en -%}
    case
        when share is not null
            then concat_ws(
                '',
                lower(label_{{ language }}),
                ' ',
                {{ number('round(cast(100 * share as double), 1)') }},
                '% (',
                items_counted,
                '{{ " mục)" if language == "vi" else " items)" }}'
            )
    end
{%- endmacro %}
