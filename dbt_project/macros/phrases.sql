{#- How a sentence says what a value is: a share reached, a rank among so many, a deliverable there or not. -#}
{% macro standing(value, language, past=false) -%}
    {%- set vi = language == 'vi' -%}
    {%- set number = number_vi if vi else number_en -%}
    case
        when {{ value }} is null then null
        when kind = 'boolean' and {{ value }} = 1 then '{{ "đã hoàn thành" if vi else "it was completed" if past else "it is completed" }}'
        when kind = 'boolean' then '{{ "chưa hoàn thành" if vi else "it was not completed" if past else "it is not completed" }}'
        when kind = 'rank' then concat_ws(
            '', '{{ "xếp hạng " if vi else "it ranked " if past else "it ranks " }}', {{ number(value) }},
            case
                when rank_base is not null
                    then concat_ws('', '{{ "/" if vi else " of " }}', cast(rank_base as {{ dbt.type_string() }}))
            end
        )
        else concat_ws(
            '',
            case
                when direction = 'lower' then '{{ "ở mức " if vi else "it was at " if past else "it is at " }}'
                else '{{ "đạt " if vi else "it stood at " if past else "it stands at " }}'
            end,
            {{ number(value) }}, suffix_{{ language }}
        )
    end
{%- endmacro %}

{#- The target with its comparator in words; as printed where it is no number. -#}
{% macro goal(language) -%}
    {%- set vi = language == 'vi' -%}
    {%- set number = number_vi if vi else number_en -%}
    case
        when target is null then concat_ws('', '“', coalesce(target_text, ''), '”')
        when kind = 'boolean' then '{{ "hoàn thành" if vi else "completion" }}'
        when kind = 'rank' then concat_ws('', '{{ "hạng " if vi else "rank " }}', {{ number('target') }}, '{{ " trở lên" if vi else " or better" }}')
        when comparator = 'range' and target_low is not null and target_high is not null
            then concat_ws('', {{ number('target_low') }}, '–', {{ number('target_high') }}, suffix_{{ language }})
        else concat_ws(
            '',
            case
                when is_strict and comparator = 'at_least' then '{{ "trên " if vi else "more than " }}'
                when is_strict and comparator = 'at_most' then '{{ "dưới " if vi else "less than " }}'
                when comparator = 'at_least' then '{{ "tối thiểu " if vi else "at least " }}'
                when comparator = 'at_most' then '{{ "không quá " if vi else "at most " }}'
            end,
            {{ number('target') }}, suffix_{{ language }}
        )
    end
{%- endmacro %}

{#- A template such as 'đến {judged_on} đạt {actual}' as SQL, its names being columns in the language given. -#}
{% macro said(template, language) -%}
    concat_ws(''
    {%- for piece in template.split('{') -%}
        {%- if loop.first -%}
            {%- if piece %}, '{{ piece }}'{% endif -%}
        {%- else -%}
            {%- set name, rest = piece.split('}') -%}
            , {{ name }}_{{ language }}{% if rest %}, '{{ rest }}'{% endif -%}
        {%- endif -%}
    {%- endfor -%}
    )
{%- endmacro %}

{#- The edition of an index, or what else is awaited for the period. -#}
{% macro awaited(language) -%}
    {%- if language == 'vi' -%}
    coalesce(named_edition, concat_ws('', 'số liệu ', {{ period_vi('period') }}))
    {%- else -%}
    coalesce(named_edition, concat_ws('', 'the figure for ', {{ period_en('period') }}))
    {%- endif -%}
{%- endmacro %}
