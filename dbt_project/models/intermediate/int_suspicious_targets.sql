{#-
    Reported figures equal to the target of their year to the digit; told once for each target, when first met.

    Left out is what coincides by nature: 0 and 100%, counts and denominators that are small, figures computed from
    forms, and single months of an indicator that accumulates.
-#}
with figures as (

    select * from {{ ref('int_suspicious_figures') }}
    where
        source_kind = 'reported'
        and unit <> 'rank'
        and (not is_accumulating or basis = 'year_to_date' or period_kind = 'year')

),

equal_ones as (

    select
        figures.*,
        targets.row_vi,
        targets.row_en,
        targets.plan_id,
        targets.row_ref,
        targets.target
    from figures
    inner join {{ ref('int_finding_targets') }} as targets
        on
            figures.org_code = targets.org_code
            and figures.valid_from = targets.valid_from
            and figures.indicator_code = targets.indicator_code
            and cast(figures.actual as decimal(18, 6)) = targets.target
            and figures.year_number = targets.milestone_year
    where
        not (figures.is_percent and targets.target in (0, 100))
        and case
            when figures.denominator is not null then figures.denominator >= figures.finding_size
            when figures.kind = 'count' then targets.target >= figures.finding_size
            else true
        end
    qualify row_number() over (
        partition by
            figures.org_code, figures.valid_from, figures.indicator_code, targets.milestone_year, targets.target
        order by figures.period_end, figures.kind_order, coalesce(figures.basis, ''), targets.row_order
    ) = 1

),

final as (

    select
        'equal_to_target' as finding_kind,
        {{ value_sides('equal_ones') }},
        concat_ws('', plan_id, ' ', row_ref) as compared_with,
        cast(target as double) as compared_value,
        concat_ws(
            '',
            '“', indicator_name_vi, '” kỳ ', period, ' báo cáo ', {{ number_vi('actual') }}, suffix_vi,
            ', đúng bằng mục tiêu của ', row_vi,
            '. Đề nghị đơn vị gửi tử số, mẫu số hoặc minh chứng để xác nhận đây là số đếm được.'
        ) as message_vi,
        concat_ws(
            '',
            '“', indicator_name_en, '” is reported as ', {{ number_en('actual') }}, suffix_en,
            ' for ', period, ', exactly the target of ', row_en,
            '. The unit should send the parts or evidence that show it was counted.'
        ) as message_en
    from equal_ones

)

select * from final
