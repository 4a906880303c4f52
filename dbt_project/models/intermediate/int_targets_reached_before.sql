{#-
    Numeric targets that the last figure known on the day of issue already met. What accumulates within a year is
    compared by whole years; estimates and withheld values say nothing. The furthest milestone met is told.
-#}
with thresholds as (

    select * from {{ ref('int_thresholds_in_force') }}

),

targets as (

    select
        targets.*,
        target_rows.variant
    from {{ ref('int_finding_targets') }} as targets
    inner join {{ ref('int_target_rows') }} as target_rows
        on
            targets.org_code = target_rows.org_code
            and targets.valid_from = target_rows.valid_from
            and targets.plan_id = target_rows.plan_id
            and targets.row_ref = target_rows.row_ref
    where
        not targets.is_contradictory
        and targets.comparator <> 'boolean'
        and targets.milestone_on > targets.issued_on

),

observations as (

    select
        observations.org_code,
        observations.valid_from,
        observations.indicator_code,
        observations.variant,
        observations.period,
        observations.period_end,
        observations.kind_order,
        observations.actual
    from {{ ref('int_observations') }} as observations
    inner join {{ ref('int_indicators') }} as indicators on observations.indicator_code = indicators.indicator_code
    cross join thresholds
    where
        observations.actual is not null
        and coalesce(observations.basis, '') <> 'full_year_estimate'
        and (observations.period_kind = 'year' or not indicators.is_accumulating)
        and coalesce(observations.coverage_share, 1) >= cast(thresholds.coverage_share as double)

),

last_known as (

    select
        {{ conflict_sides('targets') }},
        targets.direction,
        targets.comparator,
        targets.is_strict,
        targets.is_contradictory,
        targets.target_low,
        targets.target_high,
        targets.indicator_name_vi,
        targets.indicator_name_en,
        concat_ws('', targets.row_vi, targets.asks_vi) as says_vi,
        concat_ws('', targets.row_en, targets.asks_en) as says_en,
        observations.period,
        observations.actual,
        indicators.suffix_vi,
        indicators.suffix_en
    from targets
    inner join observations
        on
            targets.org_code = observations.org_code
            and targets.valid_from = observations.valid_from
            and targets.indicator_code = observations.indicator_code
            and targets.variant = observations.variant
            and observations.period_end <= targets.issued_on
    inner join {{ ref('int_indicators') }} as indicators on targets.indicator_code = indicators.indicator_code
    qualify row_number() over (
        partition by targets.org_code, targets.valid_from, targets.plan_id, targets.row_ref, targets.milestone_on
        order by observations.period_end desc, observations.kind_order asc
    ) = 1

),

reached as (

    select * from last_known
    where {{ meets_target('actual') }}
    qualify row_number() over (
        partition by org_code, valid_from, plan_id, row_ref
        order by milestone_on desc
    ) = 1

),

final as (

    select
        'reached_before_issue' as finding_kind,
        {{ conflict_columns() }},
        concat_ws(
            '',
            '“', indicator_name_vi, '”: ', says_vi,
            ', trong khi số liệu kỳ ', period, ' trước khi ban hành đã là ', {{ number_vi('actual') }}, suffix_vi,
            '. Nếu không phải mục tiêu duy trì thì đề nghị xem lại mức phấn đấu.'
        ) as message_vi,
        concat_ws(
            '',
            '“', indicator_name_en, '”: ', says_en,
            ', while the figure for ', period, ', before it was issued, was already ', {{ number_en('actual') }},
            suffix_en, '. Unless it is meant to be kept up, review how much it asks for.'
        ) as message_en
    from reached

)

select * from final
