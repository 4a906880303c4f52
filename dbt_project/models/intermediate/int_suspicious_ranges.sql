{#- Figures that cannot be: outside what their unit allows, and parts larger than their whole. -#}
with figures as (

    select * from {{ ref('int_suspicious_figures') }}

),

known_pairs as (

    select * from {{ ref('indicator_pairs') }} as known_pairs
    where {{ holds_at_as_of('known_pairs') }}

),

possible as (

    {#- Growth and contributions may be anything; a rank lies among the provinces there were. #}
    select
        figures.*,
        case
            when figures.unit = 'rank' then 1
            when figures.kind in ('ratio', 'count') or figures.unit in ('score', 'index_0_1') then 0
        end as lowest,
        case
            when figures.kind = 'ratio' and figures.is_percent then 100
            when figures.unit = 'score' then 100
            when figures.unit = 'index_0_1' then 1
            when figures.unit = 'rank' then bases.provinces
        end as highest
    from figures
    left join {{ ref('int_rank_bases') }} as bases on figures.period = bases.period

),

outside as (

    select
        'outside_possible_range' as finding_kind,
        {{ value_sides('possible') }},
        '' as compared_with,
        cast(case when actual < lowest then lowest else highest end as double) as compared_value,
        concat_ws(
            '',
            '“', indicator_name_vi, '” kỳ ', period, ' là ', {{ number_vi('actual') }}, suffix_vi,
            case when actual < lowest then ', dưới ' else ', trên ' end,
            {{ number_vi('case when actual < lowest then lowest else highest end') }}, suffix_vi,
            case
                when numerator is null or denominator is null then ''
                else concat_ws(
                    '',
                    ' (tử số ', {{ number_vi('numerator') }}, ', mẫu số ', {{ number_vi('denominator') }}, ')'
                )
            end,
            '. Đề nghị đơn vị kiểm tra lại số liệu và gửi đính chính.'
        ) as message_vi,
        concat_ws(
            '',
            '“', indicator_name_en, '” is ', {{ number_en('actual') }}, suffix_en, ' for ', period,
            case when actual < lowest then ', below ' else ', above ' end,
            {{ number_en('case when actual < lowest then lowest else highest end') }}, suffix_en,
            case
                when numerator is null or denominator is null then ''
                else concat_ws(
                    '',
                    ' (numerator ', {{ number_en('numerator') }}, ', denominator ', {{ number_en('denominator') }}, ')'
                )
            end,
            '. The unit should check the figure and send a correction.'
        ) as message_en
    from possible
    where actual < lowest or actual > highest

),

above_whole as (

    select
        case when known_pairs.is_certain then 'value_above_whole' else 'value_hardly_above_whole' end as finding_kind,
        {{ value_sides('part') }},
        known_pairs.whole_indicator_code as compared_with,
        entire.actual as compared_value,
        concat_ws(
            '',
            '“', part.indicator_name_vi, '” kỳ ', part.period, ' là ', {{ number_vi('part.actual') }}, part.suffix_vi,
            ', cao hơn “', entire.indicator_name_vi, '” là ', {{ number_vi('entire.actual') }}, entire.suffix_vi,
            '. ', known_pairs.reason_vi,
            '. Đề nghị đơn vị kiểm tra lại hai số liệu.'
        ) as message_vi,
        concat_ws(
            '',
            '“', part.indicator_name_en, '” is ', {{ number_en('part.actual') }}, part.suffix_en,
            ' for ', part.period, ', more than “', entire.indicator_name_en, '” with ',
            {{ number_en('entire.actual') }}, entire.suffix_en, '. ', known_pairs.reason_en,
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
