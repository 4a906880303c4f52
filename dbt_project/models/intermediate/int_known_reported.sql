{#- Each figure reported on F01, in every state its submission had; which of them speaks when comes later. -#}
with rows_read as (

    {{ states_of_form('indicator_report', [
        'indicator_code', 'org_code', 'period', 'basis', 'numerator', 'denominator', 'value', 'maturity', 'sheet',
        'row_number',
    ]) }}

),

final as (

    select
        rows_read.org_code,
        places.valid_from,
        rows_read.indicator_code,
        rows_read.period,
        periods.period_end,
        case when indicators.is_accumulating then rows_read.basis end as basis,
        coalesce(rows_read.basis = 'full_year_estimate', false) as is_estimate,
        rows_read.numerator,
        rows_read.denominator,
        coalesce(
            cast(rows_read.value as double),
            indicators.unit_factor * cast(rows_read.numerator as double)
            / nullif(cast(rows_read.denominator as double), 0)
        ) as figure,
        rows_read.maturity,
        case when indicators.primary_source = 'published' then 'published' else 'reported' end as source_kind,
        rows_read.submission_received_at,
        rows_read.submission_id,
        rows_read.sheet,
        rows_read.row_number,
        rows_read.known_from,
        rows_read.known_to,
        rows_read.changed_by,
        rows_read.ended_by
    from rows_read
    inner join {{ ref('int_indicators') }} as indicators on rows_read.indicator_code = indicators.indicator_code
    inner join {{ ref('int_ended_periods') }} as periods on rows_read.period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            rows_read.org_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to

)

select * from final
