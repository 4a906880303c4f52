{#-
    What each unit's dossiers of a period contribute to a measure, and which extracts they came in. A single extract
    stands beside its figures. Of several, each has a row of its own without figures, and how many dossiers it gave
    is not told where they are fewer than the smallest cell shown.
-#}
with extracts as (

    select * from {{ ref('int_dossier_unit_parts') }}
    where basis <> 'quarter_to_date' and (numerator <> 0 or denominator <> 0)

),

thresholds as (

    select small_cell from {{ ref('int_thresholds_in_force') }}

),

figures as (

    select
        indicator_code,
        variant,
        unit_code,
        unit_valid_from,
        period,
        basis,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        case when count(*) = 1 then max(submission_id) end as submission_id,
        cast(sum(row_count) as bigint) as row_count,
        count(*) as extract_count
    from extracts
    group by indicator_code, variant, unit_code, unit_valid_from, period, basis

),

final as (

    select
        indicator_code,
        variant,
        unit_code,
        unit_valid_from,
        period,
        basis,
        numerator,
        denominator,
        submission_id,
        row_count
    from figures

    union all

    select
        extracts.indicator_code,
        extracts.variant,
        extracts.unit_code,
        extracts.unit_valid_from,
        extracts.period,
        extracts.basis,
        cast(null as decimal(38, 6)) as numerator,
        cast(null as decimal(38, 6)) as denominator,
        extracts.submission_id,
        case when extracts.row_count >= thresholds.small_cell then extracts.row_count end as row_count
    from extracts
    inner join figures
        on
            extracts.indicator_code = figures.indicator_code
            and extracts.variant = figures.variant
            and extracts.unit_code = figures.unit_code
            and extracts.unit_valid_from = figures.unit_valid_from
            and extracts.period = figures.period
            and extracts.basis = figures.basis
    cross join thresholds
    where figures.extract_count > 1

)

select * from final
