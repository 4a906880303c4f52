{#-
    Plan rows of one indicator and place that count it differently: a share on another basis (by population or by
    area), a count per year or in all, either in another unit.
-#}
with terms as (

    select * from {{ ref('basis_terms') }} as terms
    where {{ holds_at_as_of('terms') }}

),

plan_rows as (

    select *
    from {{ ref('int_finding_targets') }}
    where not is_contradictory
    qualify row_number() over (
        partition by org_code, valid_from, plan_id, row_ref
        order by milestone_on
    ) = 1

),

bases as (

    select
        plan_rows.org_code,
        plan_rows.valid_from,
        plan_rows.plan_id,
        plan_rows.row_ref,
        max(terms.label_vi) as label_vi,
        max(terms.label_en) as label_en
    from plan_rows
    inner join terms
        on instr(lower(concat_ws(' ', plan_rows.name_vi, plan_rows.target_raw)), terms.phrase) > 0
    group by plan_rows.org_code, plan_rows.valid_from, plan_rows.plan_id, plan_rows.row_ref

),

described as (

    select
        plan_rows.*,
        concat_ws(': ', plan_rows.name_vi, plan_rows.target_raw) as words,
        concat_ws(
            '; ',
            case when plan_rows.kind = 'ratio' then coalesce(bases.label_vi, 'không nêu cơ sở tính') end,
            case when plan_rows.kind = 'count' and plan_rows.per is not null then 'tính theo năm' end,
            case when plan_rows.kind = 'count' and plan_rows.per is null then 'tính tổng số' end,
            case
                when plan_rows.unit <> plan_rows.indicator_unit then concat_ws('', 'đơn vị tính ', plan_rows.unit_raw)
            end
        ) as counted_vi,
        concat_ws(
            '; ',
            case when plan_rows.kind = 'ratio' then coalesce(bases.label_en, 'basis not stated') end,
            case when plan_rows.kind = 'count' and plan_rows.per is not null then 'per year' end,
            case when plan_rows.kind = 'count' and plan_rows.per is null then 'in all' end,
            case when plan_rows.unit <> plan_rows.indicator_unit then concat_ws('', 'unit ', plan_rows.unit_raw) end
        ) as counted_en
    from plan_rows
    left join bases
        on
            plan_rows.org_code = bases.org_code
            and plan_rows.valid_from = bases.valid_from
            and plan_rows.plan_id = bases.plan_id
            and plan_rows.row_ref = bases.row_ref

),

final as (

    select
        'definition_differs' as finding_kind,
        {{ conflict_sides('newer', 'older') }},
        concat_ws(
            '',
            '“', newer.indicator_name_vi, '”: ', newer.row_vi, ' ghi “', newer.words, '” (', newer.counted_vi,
            '), còn ', {{ other_row_vi('newer', 'older') }}, ' ghi “', older.words, '” (', older.counted_vi,
            '). Không so sánh hai con số khi chưa thống nhất cách tính.'
        ) as message_vi,
        concat_ws(
            '',
            '“', newer.indicator_name_en, '”: ', newer.row_en, ' says “', newer.words, '” (', newer.counted_en,
            '), while ', {{ other_row_en('newer', 'older') }}, ' says “', older.words, '” (', older.counted_en,
            '). Do not compare the two figures before the definition is agreed.'
        ) as message_en
    from described as newer
    inner join described as older
        on
            newer.org_code = older.org_code
            and newer.valid_from = older.valid_from
            and newer.indicator_code = older.indicator_code
            and newer.row_order < older.row_order
            and newer.counted_en <> older.counted_en

)

select * from final
