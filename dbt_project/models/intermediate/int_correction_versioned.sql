{{ versions_of_form('correction', ['corrected_submission_id', 'corrected_sheet', 'cell']) }}
