{#-
    Which row of which file gave each figure of F05 that was published as such: the quarters, and the years
    that have a figure of their own. A year made of four quarters has these for its parts.
-#}
with figures as (

    select * from {{ ref('int_digital_economy_versioned') }}
    where is_in_force

),

observed as (

    select * from {{ ref('int_digital_economy_observed') }}

),

final as (

    select
        observed.org_code,
        observed.valid_from,
        observed.indicator_code,
        observed.variant,
        observed.period,
        observed.basis,
        observed.numerator,
        observed.denominator,
        observed.maturity,
        observed.submission_id,
        figures.origin_sheet as sheet,
        figures.origin_row_number as row_number,
        figures.publisher as sender,
        figures.method as note
    from observed
    inner join figures
        on
            observed.org_code = figures.province_code
            and observed.period = figures.period
            and observed.basis = figures.basis
            and observed.maturity = figures.maturity
            and observed.submission_id = figures.origin_submission_id
    qualify row_number() over (
        partition by
            observed.org_code, observed.valid_from, observed.indicator_code, observed.variant, observed.period,
            observed.basis
        order by figures.row_number asc
    ) = 1

)

select * from final
