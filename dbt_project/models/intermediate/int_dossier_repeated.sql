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

candidates as (

    {#- Numbers are compared first, since a text of each of millions of dossiers takes far longer. #}
    select {{ quick_hash('dossier_id') }} as id_hash
    from in_force
    group by {{ quick_hash('dossier_id') }}
    having count(*) > 1

),

compared as (

    select in_force.*
    from in_force
    inner join candidates on {{ quick_hash('in_force.dossier_id') }} = candidates.id_hash

),

repeated as (

    select dossier_id
    from compared
    group by dossier_id
    having count(*) > 1

),

final as (

    select
        compared.submission_id,
        compared.sheet,
        compared.row_number
    from compared
    inner join repeated on compared.dossier_id = repeated.dossier_id

)

select * from final
