{#- The unit and the year stand in the titles of the published form, not in its lines. -#}
{{ versions_of_form(
    'budget_settlement', ['org_code', 'period', 'form_number'], from_submission=['org_code', 'period']
) }}
