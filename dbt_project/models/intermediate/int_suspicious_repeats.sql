{#-
    Reported figures that stayed the same to the digit in many periods running; told at the last of them. Figures
    we compute are left out, since a catalogue of procedures stands until the next; so are 0 and 100% and small counts.
-#}
with figures as (

    select
        *,
        case
            when actual = lag(actual) over (
                partition by org_code, valid_from, indicator_code, variant, period_kind
                order by period_end
            ) then 0
            else 1
        end as starts_a_run
    from {{ ref('int_suspicious_figures') }}
    where source_kind = 'reported' and unit <> 'rank' and coalesce(basis, 'in_period') = 'in_period'

),

numbered as (

    select
        *,
        sum(starts_a_run) over (
            partition by org_code, valid_from, indicator_code, variant, period_kind
            order by period_end
            rows between unbounded preceding and current row
        ) as run_number
    from figures

),

runs as (

    select
        *,
        count(*) over one_run as periods_in_run,
        min(period) over one_run as first_period,
        max(period_end) over one_run as last_period_end
    from numbered
    window one_run as (
        partition by org_code, valid_from, indicator_code, variant, period_kind, run_number
    )

),

final as (

    select
        'repeated_value' as finding_kind,
        {{ value_sides('runs') }},
        first_period as compared_with,
        actual as compared_value,
        concat_ws(
            '',
            '“', indicator_name_vi, '” báo cáo đúng một giá trị ', {{ number_vi('actual') }}, suffix_vi,
            ' trong ', periods_in_run,
            ' kỳ liền, từ ', first_period, ' đến ', period, '. Đề nghị đơn vị xác nhận số liệu được cập nhật từng kỳ.'
        ) as message_vi,
        concat_ws(
            '',
            '“', indicator_name_en, '” was reported as exactly ', {{ number_en('actual') }}, suffix_en,
            ' in ', periods_in_run,
            ' periods running, from ', first_period, ' to ', period,
            '. The unit should confirm that the figure is brought up to date each time.'
        ) as message_en
    from runs
    where
        period_end = last_period_end
        and periods_in_run >= repeated_periods
        and actual <> 0
        and not (is_percent and actual = 100)
        and not (kind = 'count' and abs(actual) < cast(finding_size as double))

)

select * from final
