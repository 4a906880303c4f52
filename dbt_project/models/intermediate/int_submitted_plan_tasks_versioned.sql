{{ versions_of_form('submitted_plan_tasks', ['plan_id']) }}
