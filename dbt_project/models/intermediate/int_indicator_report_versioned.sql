{#- A provisional figure received after the final one does not undo it: it counts as the earlier version. -#}
{{ versions_of_form(
    'indicator_report',
    ['indicator_code', 'org_code', 'period', 'basis'],
    rank="case when maturity = 'provisional' then 0 else 1 end"
) }}
