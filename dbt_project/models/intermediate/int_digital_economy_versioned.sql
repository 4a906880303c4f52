{{ versions_of_form('digital_economy', ['province_code', 'period', 'basis', 'publisher', 'method', 'maturity']) }}
