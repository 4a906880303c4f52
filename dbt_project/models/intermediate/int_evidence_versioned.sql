{{ versions_of_form('evidence', ['evidence_ref', 'plan_id', 'row_ref', 'indicator_code']) }}
