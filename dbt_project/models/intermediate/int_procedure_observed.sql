{#-
    Every F03 measure for each province and month: a catalogue stands until a newer one is sent, and a
    procedure counts where it is valid on the last day of the month.
-#}
{% set measures = measures_of('F03') %}
with procedures as (

    select * from {{ ref('int_procedure_catalogue_versioned') }}
    where is_in_force

),

catalogues as (

    select distinct
        procedures.org_code,
        places.valid_to as place_valid_to,
        procedures.period as catalogue_period,
        periods.period_end as catalogue_end
    from procedures
    inner join {{ ref('int_periods') }} as periods on procedures.period = periods.period
    inner join {{ ref('int_places') }} as places
        on
            procedures.org_code = places.org_code
            and periods.period_end between places.valid_from and places.valid_to

),

months as (

    select
        catalogues.org_code,
        periods.period,
        periods.period_end,
        catalogues.catalogue_period
    from catalogues
    inner join {{ ref('int_periods') }} as periods
        on
            periods.period_kind = 'month'
            and periods.period_end >= catalogues.catalogue_end
            and periods.period_end <= {{ as_of() }}
            and periods.period_end <= catalogues.place_valid_to
    qualify row_number() over (
        partition by catalogues.org_code, periods.period
        order by catalogues.catalogue_end desc, catalogues.catalogue_period asc
    ) = 1

),

valid_procedures as (

    select
        procedures.*,
        months.period as month_period,
        months.period_end
    from months
    inner join procedures
        on
            months.org_code = procedures.org_code
            and months.catalogue_period = procedures.period
            and procedures.valid_from <= months.period_end
            and (procedures.valid_to is null or procedures.valid_to > months.period_end)

),

counted as (

    select
        {% for measure in measures %}
        sum({{ part_of(measure.numerator_rule, measure.numerator_sum) }}) as numerator_{{ loop.index }},
        sum({{ part_of(measure.denominator_rule, measure.denominator_sum) }}) as denominator_{{ loop.index }},
        {% endfor %}
        org_code,
        month_period,
        period_end,
        max(submission_id) as submission_id
    from valid_procedures
    group by org_code, month_period, period_end

),

unioned as (

    {% for measure in measures %}
    select
        org_code,
        '{{ measure.indicator_code }}' as indicator_code,
        '{{ measure.variant }}' as variant,
        month_period as period,
        period_end,
        coalesce(numerator_{{ loop.index }}, 0) as numerator,
        coalesce(denominator_{{ loop.index }}, 0) as denominator,
        submission_id
    from counted
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        unioned.org_code,
        places.valid_from,
        unioned.indicator_code,
        unioned.variant,
        unioned.period,
        cast(null as {{ dbt.type_string() }}) as basis,
        unioned.numerator,
        unioned.denominator,
        cast(1 as double) as coverage_share,
        cast(null as {{ dbt.type_string() }}) as maturity,
        unioned.submission_id,
        cast(1 as bigint) as submission_count
    from unioned
    inner join {{ ref('int_places') }} as places
        on
            unioned.org_code = places.org_code
            and unioned.period_end between places.valid_from and places.valid_to

)

select * from final
