{#-
    What each unit contributed to each figure that is judged, down to the row of the file it stands in. Parts of
    communes are kept once: those of a province are found by province_code.
-#}
with judged as (

    select * from {{ ref('int_judged_variants') }}

),

final as (

    select
        units.province_code,
        parts.org_code,
        parts.valid_from as org_valid_from,
        units.org_level,
        parts.indicator_code,
        parts.variant,
        parts.form,
        parts.period,
        periods.period_end,
        parts.basis,
        parts.numerator,
        parts.denominator,
        coalesce(
            parts.value,
            indicators.unit_factor * cast(parts.numerator as double) / nullif(cast(parts.denominator as double), 0)
        ) as value,
        parts.maturity,
        parts.evidence_ref,
        parts.sender,
        parts.note,
        parts.submission_id,
        parts.sheet,
        parts.row_number,
        parts.row_count
    from {{ ref('int_indicator_parts') }} as parts
    inner join {{ ref('int_ended_periods') }} as periods on parts.period = periods.period
    inner join {{ ref('int_indicators') }} as indicators on parts.indicator_code = indicators.indicator_code
    inner join {{ ref('int_units') }} as units
        on parts.org_code = units.unit_code and parts.valid_from = units.valid_from
    left join judged on parts.indicator_code = judged.indicator_code and parts.variant = judged.variant
    where
        periods.period_end between units.valid_from and units.valid_to
        and (parts.form = 'indicator_report' or judged.variant is not null)

)

select * from final
