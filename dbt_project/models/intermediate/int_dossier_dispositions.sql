{#- What became of the rows of units and months that several extracts speak for. -#}
{{ kept_by('scope_key') }}
{{ dispositions_of('int_dossier_versioned') }}
