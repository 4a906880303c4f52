{{ versions_of_form('evidence_document', ['evidence_ref', 'plan_id', 'row_ref', 'indicator_code', 'file_name']) }}
