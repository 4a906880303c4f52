{#- What a figure of a series has behind it, or why there is none: works on the columns of int_series. -#}
{% macro series_note(language) %}
    {%- set vi = language == 'vi' -%}
    case
        when series.break_kind = 'boundaries'
            then '{{ "Số đầu tiên sau khi thay đổi địa giới; không nối với số của đơn vị cũ." if vi
                else "First figure since the boundaries changed; it does not continue those of the units before." }}'
        when series.break_kind = 'procedures'
            then '{{ "Số đầu tiên sau khi xã nhận thủ tục của cấp huyện; không so với trước đó." if vi
                else "First figure since the commune took over procedures of the district; not comparable with earlier ones." }}'
        when series.conversion = 'unchanged'
            then '{{ "Đơn vị không đổi địa giới; giữ nguyên số." if vi
                else "The unit kept its boundaries; the figure stands." }}'
        when series.conversion = 'renamed'
            then '{{ "Đơn vị chỉ đổi tên; giữ nguyên số." if vi else "The unit was only renamed; the figure stands." }}'
        when series.conversion = 'added_up' then concat_ws('',
            '{{ "Cộng từ " if vi else "Added up from " }}', series.predecessors_carried,
            '{{ " trong " if vi else " of " }}', series.predecessor_count,
            '{{ " đơn vị trước sắp xếp." if vi else " units before the reform." }}'
        )
        when series.conversion = 'value_only'
            then '{{ "Không quy đổi được: các đơn vị cũ chỉ có tỷ lệ, không có tử số và mẫu số." if vi
                else "Not convertible: of the former units only the ratio is known, not its parts." }}'
        when series.conversion = 'split'
            then '{{ "Không quy đổi được: một đơn vị cũ đã bị chia tách." if vi
                else "Not convertible: one of the former units was split." }}'
        when series.conversion = 'not_additive'
            then '{{ "Không quy đổi được: chỉ tiêu này không cộng được." if vi
                else "Not convertible: this indicator does not add up." }}'
    end
{% endmacro %}
