{{ versions_of_form('submitted_plan_targets', ['plan_id']) }}
