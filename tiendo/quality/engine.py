"""One Great Expectations context over the workbench: asks the checks of a table and reads the answers.

Great Expectations spends some 10 ms on every expectation, whatever it asks. So the checks of a table that
look for rows are asked together, as one expectation over the union of their queries: where that finds no row,
none of them has one. Where it finds some, or raises, each is asked by itself.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from types import TracebackType
from typing import Any

from tiendo.quality.duckdb_dialect import address
from tiendo.quality.results import CheckResult, failed_to_run, result_of
from tiendo.quality.rows import failed_rows, failing_query
from tiendo.quality.suites import Check, Suite
from tiendo.quality.workbench import Workbench

UNION = "union"
ROWS = "unexpected_rows_expectation"
# Of these `failing_query` finds every row that the expectation minds; a repeated null, which only the query
# minds, is then left to the expectation.
ASKED_TOGETHER = {
    ROWS,
    "expect_column_values_to_be_unique",
    "expect_column_values_to_not_be_null",
    "expect_compound_columns_to_be_unique",
}
# Which rows fail is asked by `rows.py`, alike for every kind of check.
RESULT_FORMAT: dict[str, Any] = {"result_format": "BASIC", "partial_unexpected_count": 0}


class Engine(AbstractContextManager["Engine"]):
    """One ephemeral Great Expectations context over the workbench."""

    def __init__(self, gx: Any, workbench: Workbench) -> None:
        """Sets up the context and its SQL source; `gx` is the package `great_expectations`."""
        self._workbench = workbench
        self._gx = gx
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        # Without create_temp_table=False every query expectation would first copy its table.
        self._source = context.data_sources.add_sql(
            name="warehouse", connection_string=address(workbench.path), create_temp_table=False
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Lets go of the workbench; Great Expectations keeps two pools over it."""
        self._source.get_execution_engine().engine.dispose()
        self._source.get_engine().dispose()

    def run(self, suite: Suite, failed_before: Collection[str] = ()) -> list[CheckResult]:
        """One result per check of the suite, in its order; whatever goes wrong ends as a failed check.

        Args:
            suite: Its table is shown by the workbench.
            failed_before: Checks that had better be asked by themselves at once.
        """
        if reason := self._workbench.unreadable.get(f"{suite.schema}.{suite.table}"):
            return _not_run(suite, reason)
        try:
            rows = self._workbench.count(suite)
            batch = self._batch(suite)
        except Exception as error:
            return _not_run(suite, str(error))
        alike = [
            each
            for each in suite.checks
            if each.check_type in ASKED_TOGETHER and each.check_id not in failed_before
        ]
        union = [_union(suite, alike)] if len(alike) > 1 else []
        others = [each for each in suite.checks if not union or each not in alike]
        found = {each.check_id: each for each in self._ask(batch, suite, [*union, *others], rows)}
        if union and found.pop(UNION).is_passed:
            found |= {check.check_id: _passed(suite, check, rows) for check in alike}
        elif union:
            found |= {each.check_id: each for each in self._ask(batch, suite, alike, rows)}
        return [self._located(suite, check, found[check.check_id]) for check in suite.checks]

    def _batch(self, suite: Suite) -> Any:
        """All rows of the table.

        The asset is put into the source by hand: `add_table_asset` writes the whole project out as YAML, to
        nowhere, once per table.
        """
        from great_expectations.core.batch_definition import BatchDefinition
        from great_expectations.datasource.fluent.sql_datasource import TableAsset

        make: Any = TableAsset
        asset = make(name=suite.name, table_name=suite.table, schema_name=suite.schema)
        asset._datasource = self._source
        self._source.assets.append(asset)
        make = BatchDefinition
        definition = make(name="all rows", partitioner=None)
        definition.set_data_asset(asset)
        return definition.get_batch()

    def _ask(self, batch: Any, suite: Suite, checks: Sequence[Check], rows: int) -> list[CheckResult]:
        expectations, unusable = _expectations(checks)
        validations = _validate(self._gx, batch, suite, expectations) if expectations else {}
        results: list[CheckResult] = []
        for check in checks:
            validation = validations.get(check.check_id)
            if validation is None:
                reason = unusable.get(check.check_id, "the check gave no result")
                results.append(failed_to_run(suite, check, reason, rows))
            else:
                results.append(_to_result(suite, check, validation, rows))
        return results

    def _located(self, suite: Suite, check: Check, result: CheckResult) -> CheckResult:
        """The result with the rows that fail."""
        if result.is_passed or not result.has_run:
            return result
        return replace(result, failed=failed_rows(self._workbench.connection, suite, check))


def _union(suite: Suite, checks: Sequence[Check]) -> Check:
    """One check that finds a row where any of the checks does."""
    asked = (f"from (\n{_query(suite, check)}\n) select 1 as found" for check in checks)
    # Being imported makes it known to Great Expectations.
    from tiendo.quality.expect_no_row_of_any import ExpectNoRowOfAny

    question = {"unexpected_rows_query": "\nunion all\n".join(asked)}
    return replace(checks[0], check_id=UNION, check_type=ExpectNoRowOfAny.expectation_type, kwargs=question)


def _query(suite: Suite, check: Check) -> str:
    """What finds the rows that fail, as Great Expectations takes it: with doubled braces."""
    if query := check.kwargs.get("unexpected_rows_query"):
        return str(query)
    return str(failing_query(suite, check)).replace("{", "{{").replace("}", "}}")


def _passed(suite: Suite, check: Check, rows: int) -> CheckResult:
    observed = "0" if check.check_type == ROWS else f"0/{rows}"
    return result_of(suite, check, is_passed=True, rows_checked=rows, rows_failed=0, observed=observed)


def _expectations(checks: Iterable[Check]) -> tuple[list[Any], dict[str, str]]:
    """The expectations, and for those that cannot be built the reason by check id.

    Built one by one, since Great Expectations' own suite drops a malformed one with a mere log line.
    """
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    usable: list[Any] = []
    unusable: dict[str, str] = {}
    for check in checks:
        try:
            usable.append(ExpectationConfiguration(**check.configuration()).to_domain_obj())
        except Exception as error:
            unusable[check.check_id] = first_line(error)
    return usable, unusable


def _not_run(suite: Suite, reason: str) -> list[CheckResult]:
    return [failed_to_run(suite, check, first_line(reason)) for check in suite.checks]


def first_line(error: BaseException | str) -> str:
    """The telling line of an error, without traceback, SQL or links."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _validate(gx: Any, batch: Any, suite: Suite, expectations: list[Any]) -> dict[str, Any]:
    """Great Expectations' results by check id, each with at most one plain error message."""
    try:
        together = gx.ExpectationSuite(name=suite.name, expectations=expectations)
        found: Iterable[Any] = batch.validate(together, result_format=RESULT_FORMAT).results
    except Exception:
        # Some expectations raise for the whole run; one by one shows which.
        found = [_validate_alone(batch, expectation) for expectation in expectations]
    validations = {str(each.expectation_config.meta["id"]): each for each in found}
    for validation in validations.values():
        validation.exception_info = _plain_exception(validation.exception_info or {})
    return validations


def _validate_alone(batch: Any, expectation: Any) -> Any:
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult

    try:
        return batch.validate(expectation, result_format=RESULT_FORMAT)
    except Exception as error:
        return ExpectationValidationResult(
            success=False,
            expectation_config=expectation.configuration,
            result={},
            exception_info={"raised_exception": True, "exception_message": str(error)},
        )


def _plain_exception(info: dict[str, Any]) -> dict[str, Any]:
    """One error instead of one per metric, without the traceback, which names folders of this machine."""
    candidates = [info] if "raised_exception" in info else list(info.values())
    messages = sorted(
        first_line(str(each.get("exception_message"))) for each in candidates if each.get("raised_exception")
    )
    return {
        "raised_exception": bool(messages),
        "exception_message": messages[0] if messages else None,
        "exception_traceback": "",
    }


def _to_result(suite: Suite, check: Check, validation: Any, rows: int) -> CheckResult:
    if validation.exception_info["raised_exception"]:
        return failed_to_run(suite, check, validation.exception_info["exception_message"], rows)
    found: dict[str, Any] = validation.result
    rows_failed, observed = _observe(check, found, rows)
    return result_of(
        suite,
        check,
        is_passed=bool(validation.success),
        rows_checked=rows,
        rows_failed=rows_failed,
        observed=observed,
    )


def _observe(check: Check, found: dict[str, Any], rows: int) -> tuple[int | None, str]:
    """Failed rows and a short text, from the shapes in which Great Expectations answers."""
    if "unexpected_count" in found:
        # The count of an empty table is a sum over no rows: null.
        failed = int(found["unexpected_count"] or 0)
        return failed, f"{failed}/{rows}"
    value = found.get("observed_value")
    if check.check_type == ROWS:
        return int(value or 0), str(value)
    return None, str(value)
