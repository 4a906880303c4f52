{#-
    Versions of the rows of units and months that several extracts speak for: a file that bundles several units is
    complete for each unit it names; a nil report for its own unit. Where one extract speaks alone all its rows are in
    force, and there is nothing to compare.
-#}
{{ config(materialized='view') }}
with extracts as (

    select * from {{ ref('int_dossier_contested') }}

),

rows_read as (

    select
        dossiers.*,
        extracts.scope_key
    from {{ ref('stg_dossier') }} as dossiers
    inner join extracts
        on
            dossiers.submission_id = extracts.submission_id
            and dossiers.receiving_org_code = extracts.unit_code
            and dossiers.received_month = extracts.period

),

{{ row_versions('rows_read', 'extracts') }}

select * from row_versions
