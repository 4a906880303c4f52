"""The front desk: what a clerk gets to see and hold - checks, marked workbooks, templates, paper receipts."""
