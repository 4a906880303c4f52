{{ versions_of_form('coverage', ['org_code', 'period', 'operator']) }}
