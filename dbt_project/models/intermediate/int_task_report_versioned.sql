{{ versions_of_form('task_report', ['plan_id', 'row_ref', 'org_code', 'period']) }}
