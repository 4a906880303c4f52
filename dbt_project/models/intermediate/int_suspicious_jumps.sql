{#-
    Figures that changed more than the place's own history explains: by more than jump_factor times the largest of
    the twelve changes before, of which jump_changes must be known, and by more than a fixed least.

    The largest change is exact on every engine and rises with the noise of the series; an error that is put right
    again is told once, since its correction is no larger. Small counts and denominators are left out.
-#}
with figures as (

    select * from {{ ref('int_suspicious_figures') }}
    where coalesce(basis, 'in_period') = 'in_period'

),

with_previous as (

    select
        *,
        lag(actual) over series as previous_actual,
        lag(period) over series as previous_period,
        abs(actual - lag(actual) over series) as change
    from figures
    window series as (
        partition by org_code, valid_from, indicator_code, variant, period_kind
        order by period_end
    )

),

with_history as (

    select
        *,
        max(change) over history as largest_change,
        count(change) over history as changes_known
    from with_previous
    window history as (
        partition by org_code, valid_from, indicator_code, variant, period_kind
        order by period_end
        rows between 12 preceding and 1 preceding
    )

),

jumps as (

    select * from with_history
    where
        changes_known >= jump_changes
        and change > cast(jump_factor as double) * largest_change
        and change >= case
            when is_percent then cast(jump_points as double)
            else cast(jump_share as double) * abs(previous_actual)
        end
        and case
            when denominator is not null then denominator >= finding_size
            when kind = 'count' then greatest(abs(actual), abs(previous_actual)) >= cast(finding_size as double)
            else true
        end

),

final as (

    select
        'jump' as finding_kind,
        {{ value_sides('jumps') }},
        previous_period as compared_with,
        previous_actual as compared_value,
        concat_ws(
            '',
            '“', indicator_name_vi, '” kỳ ', period, ' là ', {{ number_vi('actual') }}, suffix_vi,
            ', kỳ ', previous_period, ' là ', {{ number_vi('previous_actual') }}, suffix_vi,
            '; trong ', changes_known, ' lần thay đổi trước đó mức lớn nhất chỉ là ',
            {{ number_vi('largest_change') }}, case when is_percent then ' điểm phần trăm' else '' end,
            '. Đề nghị đơn vị kiểm tra lại số liệu (thừa hoặc thiếu chữ số, nhầm đơn vị tính).'
        ) as message_vi,
        concat_ws(
            '',
            '“', indicator_name_en, '” is ', {{ number_en('actual') }}, suffix_en, ' for ', period,
            ' and was ', {{ number_en('previous_actual') }}, suffix_en, ' for ',
            previous_period, '; the largest of the ', changes_known, ' changes before was ',
            {{ number_en('largest_change') }}, case when is_percent then ' percentage points' else '' end,
            '. The unit should check the figure (a digit too many or too few, another unit of measure).'
        ) as message_en
    from jumps

)

select * from final
