{#-
    A commune's target that asks for less than its province's for the same indicator and year. Only ratios that
    apply to both levels are compared; of several rows of the province the one that ranks first counts.
-#}
with targets as (

    select * from {{ ref('int_finding_targets') }}
    where not is_contradictory and kind = 'ratio' and applies_to_level = 'both'

),

of_province as (

    select * from targets
    where org_level = 'province'
    qualify row_number() over (
        partition by org_code, valid_from, indicator_code, milestone_year
        order by issued_on desc, is_embedded asc, row_order asc, milestone_on desc
    ) = 1

),

pairs as (

    select
        {{ conflict_sides('commune', 'of_province') }},
        commune.indicator_name_vi,
        commune.indicator_name_en,
        commune.direction,
        commune.row_vi,
        commune.row_en,
        commune.target_vi,
        commune.target_en,
        commune.milestone_year,
        of_province.row_vi as other_row_vi,
        of_province.row_en as other_row_en,
        of_province.target_vi as other_target_vi,
        of_province.target_en as other_target_en
    from targets as commune
    inner join of_province
        on
            commune.province_code = of_province.org_code
            and commune.indicator_code = of_province.indicator_code
            and commune.milestone_year = of_province.milestone_year
    where
        commune.org_level = 'commune'
        and {{ asks_less('commune.target', 'of_province.target', 'commune.direction') }}

),

final as (

    select
        'commune_below_province' as finding_kind,
        {{ conflict_columns() }},
        concat(
            '“', indicator_name_vi, '” năm ', milestone_year, ': ', row_vi, ' của xã đặt ', target_vi,
            case when direction = 'lower' then ', nới lỏng hơn mức ' else ', thấp hơn mức ' end, other_target_vi,
            ' của tỉnh theo ', other_row_vi, '. Đề nghị xã điều chỉnh hoặc nêu lý do.'
        ) as message_vi,
        concat(
            '“', indicator_name_en, '” in ', milestone_year, ': ', row_en, ' of the commune asks for ', target_en,
            ', less than the ', other_target_en, ' of the province by ', other_row_en,
            '. The commune should adjust it or give the reason.'
        ) as message_en
    from pairs

)

select * from final
