{#- Figures that cannot be: shares below 0% or above 100%, and parts larger than their whole. -#}
with figures as (

    select * from {{ ref('int_suspicious_figures') }}

),

known_pairs as (

    select * from {{ ref('indicator_pairs') }} as known_pairs
    where {{ holds_at_as_of('known_pairs') }}

),

outside as (

    select
        'outside_possible_range' as finding_kind,
        {{ value_sides('figures') }},
        '' as compared_with,
        case when actual < 0 then cast(0 as double) else cast(100 as double) end as compared_value,
        concat_ws('',
            '“', indicator_name_vi, '” kỳ ', period, ' là ', value_vi,
            case when actual < 0 then ', dưới 0%' else ', trên 100%' end,
            case
                when numerator is null or denominator is null then ''
                else concat_ws('',
                    ' (tử số ', {{ number_vi('numerator') }}, ', mẫu số ', {{ number_vi('denominator') }}, ')'
                )
            end,
            '. Đề nghị đơn vị kiểm tra tử số, mẫu số và gửi đính chính.'
        ) as message_vi,
        concat_ws('',
            '“', indicator_name_en, '” is ', value_en, ' for ', period,
            case when actual < 0 then ', below 0%' else ', above 100%' end,
            case
                when numerator is null or denominator is null then ''
                else concat_ws('',
                    ' (numerator ', {{ number_en('numerator') }}, ', denominator ', {{ number_en('denominator') }}, ')'
                )
            end,
            '. The unit should check both parts and send a correction.'
        ) as message_en
    from figures
    where kind = 'ratio' and is_percent and (actual < 0 or actual > 100)

),

above_whole as (

    select
        case when known_pairs.is_certain then 'value_above_whole' else 'value_hardly_above_whole' end as finding_kind,
        {{ value_sides('part') }},
        known_pairs.whole_indicator_code as compared_with,
        entire.actual as compared_value,
        concat_ws('',
            '“', part.indicator_name_vi, '” kỳ ', part.period, ' là ', part.value_vi, ', cao hơn “',
            entire.indicator_name_vi, '” là ', entire.value_vi, '. ', known_pairs.reason_vi,
            '. Đề nghị đơn vị kiểm tra lại hai số liệu.'
        ) as message_vi,
        concat_ws('',
            '“', part.indicator_name_en, '” is ', part.value_en, ' for ', part.period, ', more than “',
            entire.indicator_name_en, '” with ', entire.value_en, '. ', known_pairs.reason_en,
            '. The unit should check both figures.'
        ) as message_en
    from known_pairs
    inner join figures as part on known_pairs.part_indicator_code = part.indicator_code
    inner join figures as entire
        on
            known_pairs.whole_indicator_code = entire.indicator_code
            and part.org_code = entire.org_code
            and part.valid_from = entire.valid_from
            and part.period = entire.period
            and coalesce(part.basis, '') = coalesce(entire.basis, '')
            and part.actual > entire.actual

),

final as (

    select * from outside
    union all
    select * from above_whole

)

select * from final
