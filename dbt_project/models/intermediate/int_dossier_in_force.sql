{#- Counted dossiers of the extracts in force. -#}
{{ config(materialized='view') }}
{{ in_force_of('int_dossier_cells') }}
