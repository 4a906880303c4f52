{#-
    The procedures of each province valid on the last day of each month, as CTEs of which valid_procedures is the last:
    a catalogue stands until a newer one is sent.
-#}
{% macro procedures_by_month() %}
procedures as (

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
    inner join {{ ref('int_ended_periods') }} as periods
        on
            periods.period_kind = 'month'
            and periods.period_end >= catalogues.catalogue_end
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

)
{%- endmacro %}
