{#- A file that bundles several units is complete for each unit it names; a nil report for its own unit. -#}
with rows_read as (

    select
        *,
        {{ scope_key(['receiving_org_code', 'received_month']) }} as scope_key
    from {{ ref('stg_dossier') }}

),

extracts as (

    select * from {{ ref('int_dossier_extracts') }}

),

{{ row_versions('rows_read', 'extracts') }}

select * from row_versions
