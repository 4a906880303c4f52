{{ versions_of_form('indicator_report', ['indicator_code', 'org_code', 'period', 'basis']) }}
