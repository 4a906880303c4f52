{#- Dossiers that stand in two extracts in force: there must be none. -#}
with in_force as (

    select
        dossiers.dossier_id,
        dossiers.submission_id,
        dossiers.sheet,
        dossiers.row_number
    from {{ ref('stg_dossier') }} as dossiers
    inner join {{ ref('int_dossier_extracts') }} as extracts
        on
            dossiers.submission_id = extracts.submission_id
            and dossiers.receiving_org_code = extracts.unit_code
            and dossiers.received_month = extracts.period
    where
        extracts.version_number = extracts.latest_version_number
        and cast(dossiers.received_at as date) <= {{ as_of() }}

),

repeated as (

    select dossier_id
    from in_force
    group by dossier_id
    having count(*) > 1

),

final as (

    select
        in_force.submission_id,
        in_force.sheet,
        in_force.row_number
    from in_force
    inner join repeated on in_force.dossier_id = repeated.dossier_id

)

select * from final
