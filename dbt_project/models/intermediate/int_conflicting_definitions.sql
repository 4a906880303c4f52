{#-
    Plan rows of one indicator and place that count it differently: on another basis (by population or by area),
    in another unit, per year or in all, or followed in another way.
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
        max(terms.basis_code) as basis_code,
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
        coalesce(bases.basis_code, '') as basis_code,
        coalesce(bases.label_vi, 'không nêu cơ sở tính') as basis_vi,
        coalesce(bases.label_en, 'basis not stated') as basis_en,
        case
            when plan_rows.kind = 'count' and plan_rows.per is not null then 'theo năm'
            when plan_rows.kind = 'count' then 'tổng số'
        end as per_vi,
        case
            when plan_rows.kind = 'count' and plan_rows.per is not null then 'per year'
            when plan_rows.kind = 'count' then 'in all'
        end as per_en,
        concat_ws(': ', plan_rows.name_vi, plan_rows.target_raw) as words
    from plan_rows
    left join bases
        on
            plan_rows.org_code = bases.org_code
            and plan_rows.valid_from = bases.valid_from
            and plan_rows.plan_id = bases.plan_id
            and plan_rows.row_ref = bases.row_ref

),

pairs as (

    select
        {{ conflict_sides('left_side', 'right_side') }},
        left_side.indicator_name_vi,
        left_side.indicator_name_en,
        left_side.row_vi,
        left_side.row_en,
        left_side.words,
        {{ other_row_vi('left_side', 'right_side') }} as other_row_vi,
        {{ other_row_en('left_side', 'right_side') }} as other_row_en,
        right_side.words as other_words,
        case when left_side.basis_code <> right_side.basis_code then left_side.basis_vi end as basis_vi,
        case when left_side.basis_code <> right_side.basis_code then right_side.basis_vi end as other_basis_vi,
        case when left_side.basis_code <> right_side.basis_code then left_side.basis_en end as basis_en,
        case when left_side.basis_code <> right_side.basis_code then right_side.basis_en end as other_basis_en,
        case when left_side.per_vi <> right_side.per_vi then left_side.per_vi end as per_vi,
        case when left_side.per_vi <> right_side.per_vi then right_side.per_vi end as other_per_vi,
        case when left_side.per_en <> right_side.per_en then left_side.per_en end as per_en,
        case when left_side.per_en <> right_side.per_en then right_side.per_en end as other_per_en,
        case when left_side.unit <> right_side.unit then left_side.unit end as unit,
        case when left_side.unit <> right_side.unit then right_side.unit end as other_unit
    from described as left_side
    inner join described as right_side
        on
            left_side.org_code = right_side.org_code
            and left_side.valid_from = right_side.valid_from
            and left_side.indicator_code = right_side.indicator_code
            and left_side.row_order < right_side.row_order

),

final as (

    select
        'definition_differs' as finding_kind,
        {{ conflict_columns() }},
        concat(
            '“', indicator_name_vi, '”: ', row_vi, ' ghi “', words, '” (', concat_ws('; ', basis_vi, per_vi, unit), '), còn ',
            other_row_vi, ' ghi “', other_words, '” (', concat_ws('; ', other_basis_vi, other_per_vi, other_unit),
            '). Không so sánh hai con số khi chưa thống nhất cách tính.'
        ) as message_vi,
        concat(
            '“', indicator_name_en, '”: ', row_en, ' says “', words, '” (', concat_ws('; ', basis_en, per_en, unit), '), while ',
            other_row_en, ' says “', other_words, '” (', concat_ws('; ', other_basis_en, other_per_en, other_unit),
            '). Do not compare the two figures before the definition is agreed.'
        ) as message_en
    from pairs
    where coalesce(basis_vi, per_vi, unit) is not null

)

select * from final
