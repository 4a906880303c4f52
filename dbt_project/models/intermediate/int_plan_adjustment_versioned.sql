{{ versions_of_form('plan_adjustment', ['plan_id', 'row_ref', 'milestone_year', 'field']) }}
