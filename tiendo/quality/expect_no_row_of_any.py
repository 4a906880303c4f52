"""Great Expectations' expectation on rows, without fetching them: it counts and is done.

The stock one runs its query a second time for a sample of rows, which nobody reads here. The module imports
Great Expectations, so it is imported inside functions only.
"""

from typing import Any

from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation

COUNT = "unexpected_rows_query.row_count"


class ExpectNoRowOfAny(UnexpectedRowsExpectation):
    """No query of a union gives a row."""

    metric_dependencies = (COUNT,)

    def _validate(self, metrics: dict[str, Any], *_given: Any, **_named: Any) -> dict[str, Any]:
        return {"success": metrics[COUNT] == 0, "result": {"observed_value": metrics[COUNT]}}
