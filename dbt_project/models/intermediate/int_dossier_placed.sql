{#-
    Every dossier received up to as_of with the units that received and settle it, as they were on the day of receipt.
    One closed after as_of is still open.
-#}
{{ config(materialized='view') }}
-- What is kept of these rows asks int_dossier_scopes which extracts hold days after as_of (tiendo/kept/models.py).
-- depends_on: {{ ref('int_dossier_scopes') }}
with dossiers as (

    select * from {{ ref('int_dossier_rows') }}
    where cast(received_at as date) <= {{ as_of() }}

),

units as (

    select * from {{ ref('int_units') }}

),

final as (

    select
        dossiers.*,
        receiving.valid_from as receiving_valid_from,
        receiving.org_level as receiving_level,
        receiving.province_code as receiving_province_code,
        coalesce(dossiers.competent_org_code, dossiers.receiving_org_code) as settling_org_code,
        settling.valid_from as settling_valid_from,
        settling.org_level as settling_level,
        settling.province_code as settling_province_code,
        case
            when cast(dossiers.completed_at as date) <= {{ as_of() }} then {{ month_of('dossiers.completed_at') }}
        end as completed_month
    from dossiers
    inner join units as receiving
        on
            dossiers.receiving_org_code = receiving.unit_code
            and cast(dossiers.received_at as date) between receiving.valid_from and receiving.valid_to
    inner join units as settling
        on
            coalesce(dossiers.competent_org_code, dossiers.receiving_org_code) = settling.unit_code
            and cast(dossiers.received_at as date) between settling.valid_from and settling.valid_to

)

select * from final
