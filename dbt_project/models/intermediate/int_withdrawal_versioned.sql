{{ versions_of_form('withdrawal', ['withdrawn_submission_id']) }}
