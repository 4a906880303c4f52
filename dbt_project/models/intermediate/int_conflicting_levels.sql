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

final as (

    select
        'commune_below_province' as finding_kind,
        {{ conflict_sides('commune', 'of_province') }},
        concat_ws(
            '',
            '“', commune.indicator_name_vi, '”: ', commune.row_vi, commune.asks_vi,
            case when commune.direction = 'lower' then ', nới lỏng hơn mức ' else ', thấp hơn mức ' end,
            of_province.target_vi, ' của tỉnh theo ', of_province.row_vi,
            '. Đề nghị xã điều chỉnh hoặc nêu lý do.'
        ) as message_vi,
        concat_ws(
            '',
            '“', commune.indicator_name_en, '”: ', commune.row_en, commune.asks_en, ', less than the ',
            of_province.target_en, ' of the province by ', of_province.row_en,
            '. The commune should adjust it or give the reason.'
        ) as message_en
    from targets as commune
    inner join of_province
        on
            commune.province_code = of_province.org_code
            and commune.indicator_code = of_province.indicator_code
            and commune.milestone_year = of_province.milestone_year
    where
        commune.org_level = 'commune'
        and {{ asks_less('commune.target', 'of_province.target', 'commune.direction') }}

)

select * from final
