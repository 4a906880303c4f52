{#-
    A part asked to exceed its whole: the part's target is above that of the whole for the same year, or for the
    next later year the whole has a target for. Of two rows the first such milestone is told.
-#}
with known_pairs as (

    select * from {{ ref('indicator_pairs') }} as known_pairs
    where {{ holds_at_as_of('known_pairs') }}

),

targets as (

    select * from {{ ref('int_finding_targets') }}
    where not is_contradictory

),

pairs as (

    select
        {{ conflict_sides('part', 'entire') }},
        known_pairs.is_certain,
        known_pairs.reason_vi,
        known_pairs.reason_en,
        part.indicator_name_vi,
        part.indicator_name_en,
        entire.indicator_name_vi as other_name_vi,
        entire.indicator_name_en as other_name_en,
        concat_ws('', part.row_vi, part.asks_vi) as says_vi,
        concat_ws('', part.row_en, part.asks_en) as says_en,
        concat_ws('', {{ other_row_vi('part', 'entire') }}, entire.asks_vi) as other_says_vi,
        concat_ws('', {{ other_row_en('part', 'entire') }}, entire.asks_en) as other_says_en,
        row_number() over (
            partition by
                part.org_code, part.valid_from, part.plan_id, part.row_ref, part.milestone_on,
                entire.plan_id, entire.row_ref
            order by entire.milestone_on
        ) as number_of_whole
    from known_pairs
    inner join targets as part on known_pairs.part_indicator_code = part.indicator_code
    inner join targets as entire
        on
            known_pairs.whole_indicator_code = entire.indicator_code
            and part.org_code = entire.org_code
            and part.valid_from = entire.valid_from
            and part.milestone_year <= entire.milestone_year

),

exceeding as (

    select * from pairs
    where number_of_whole = 1 and target > other_target
    qualify row_number() over (
        partition by org_code, valid_from, plan_id, row_ref, other_plan_id, other_row_ref
        order by milestone_on
    ) = 1

),

final as (

    select
        case when is_certain then 'part_above_whole' else 'part_hardly_above_whole' end as finding_kind,
        {{ conflict_columns() }},
        concat_ws(
            '',
            '“', indicator_name_vi, '” được đặt cao hơn “', other_name_vi, '”: ', says_vi, ', trong khi ',
            other_says_vi, '. ', reason_vi, '. Đề nghị cơ quan ban hành rà soát hai mục tiêu.'
        ) as message_vi,
        concat_ws(
            '',
            '“', indicator_name_en, '” is asked to exceed “', other_name_en, '”: ', says_en, ', while ',
            other_says_en, '. ', reason_en, '. The issuer should review both targets.'
        ) as message_en
    from exceeding

)

select * from final
