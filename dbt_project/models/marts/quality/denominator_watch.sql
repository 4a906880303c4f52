{#-
    Ratios that look better though the work does not: where higher is better, the numerator did not grow and the
    denominator shrank; where lower is better, the numerator did not fall and the denominator grew. A denominator
    that shrank because fewer units reported is told as such.
-#}
with thresholds as (

    select * from {{ ref('int_thresholds_in_force') }}

),

kinds as (

    select * from {{ ref('finding_kinds') }} as kinds
    where {{ holds_at_as_of('kinds') }} and kinds.table_name = 'denominator_watch'

),

found as (

    select
        pairs.*,
        case
            when pairs.direction = 'lower' then 'denominator_grew'
            when pairs.coverage_share < pairs.previous_coverage_share then 'fewer_units_reported'
            else 'denominator_shrank'
        end as finding_kind,
        pairs.unit_factor * cast(pairs.numerator as double) / cast(pairs.previous_denominator as double)
            as actual_at_old_denominator
    from {{ ref('int_denominator_pairs') }} as pairs
    cross join thresholds
    where
        (
            (
                pairs.direction = 'higher'
                and pairs.numerator <= pairs.previous_numerator
                and pairs.denominator < pairs.previous_denominator
                and pairs.actual > pairs.previous_actual
            )
            or (
                pairs.direction = 'lower'
                and pairs.numerator >= pairs.previous_numerator
                and pairs.denominator > pairs.previous_denominator
                and pairs.actual < pairs.previous_actual
            )
        )
        and pairs.previous_denominator >= thresholds.finding_size
        and abs(pairs.actual - pairs.previous_actual) > case
            when pairs.is_percent then cast(thresholds.materiality_points as double)
            else cast(thresholds.materiality_share as double) * abs(pairs.previous_actual)
        end

),

final as (

    select
        found.finding_kind,
        kinds.label_vi as finding_label_vi,
        kinds.label_en as finding_label_en,
        kinds.severity,
        found.province_code,
        found.org_code,
        found.valid_from as org_valid_from,
        found.indicator_code,
        found.variant,
        found.period,
        found.period_end,
        found.basis,
        found.previous_period,
        found.numerator,
        found.denominator,
        found.actual,
        found.previous_numerator,
        found.previous_denominator,
        found.previous_actual,
        found.actual_at_old_denominator,
        found.submission_id,
        concat_ws(
            '',
            '“', found.indicator_name_vi, '” kỳ ', found.period, ' là ', {{ number_vi('found.actual') }},
            found.suffix_vi, ', kỳ ', found.previous_period, ' là ', {{ number_vi('found.previous_actual') }},
            found.suffix_vi, ', chủ yếu do mẫu số ',
            case when found.direction = 'lower' then 'tăng từ ' else 'giảm từ ' end,
            {{ number_vi('found.previous_denominator') }},
            case when found.direction = 'lower' then ' lên ' else ' còn ' end, {{ number_vi('found.denominator') }},
            ', tử số ',
            case
                when found.numerator = found.previous_numerator then 'vẫn '
                else concat_ws('', 'từ ', {{ number_vi('found.previous_numerator') }}, ' thành ')
            end,
            {{ number_vi('found.numerator') }}, '. Giữ mẫu số cũ thì là ',
            {{ number_vi('found.actual_at_old_denominator') }}, found.suffix_vi,
            case
                when found.finding_kind = 'fewer_units_reported'
                    then concat_ws(
                        '',
                        '. Mẫu số giảm vì ít đơn vị báo cáo hơn (', {{ number_vi('100 * found.coverage_share') }},
                        '% so với ', {{ number_vi('100 * found.previous_coverage_share') }},
                        '%); đề nghị đôn đốc đơn vị chưa báo cáo.'
                    )
                else '. Đề nghị đơn vị giải trình vì sao mẫu số thay đổi.'
            end
        ) as message_vi,
        concat_ws(
            '',
            '“', found.indicator_name_en, '” stands at ', {{ number_en('found.actual') }}, found.suffix_en, ' for ',
            found.period, ' and stood at ', {{ number_en('found.previous_actual') }}, found.suffix_en, ' for ',
            found.previous_period, ', mainly because the denominator ',
            case when found.direction = 'lower' then 'grew from ' else 'shrank from ' end,
            {{ number_en('found.previous_denominator') }}, ' to ', {{ number_en('found.denominator') }},
            ', the numerator ',
            case
                when found.numerator = found.previous_numerator then 'still being '
                else concat_ws('', 'going from ', {{ number_en('found.previous_numerator') }}, ' to ')
            end,
            {{ number_en('found.numerator') }}, '. With the old denominator it would be ',
            {{ number_en('found.actual_at_old_denominator') }}, found.suffix_en,
            case
                when found.finding_kind = 'fewer_units_reported'
                    then concat_ws(
                        '',
                        '. The denominator shrank because fewer units reported (',
                        {{ number_en('100 * found.coverage_share') }}, '% against ',
                        {{ number_en('100 * found.previous_coverage_share') }}, '%); ask those that did not.'
                    )
                else '. The unit should explain the change.'
            end
        ) as message_en
    from found
    inner join kinds on found.finding_kind = kinds.finding_kind

)

select * from final
