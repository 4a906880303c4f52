"""Runs the expectation suites inside DuckDB with Great Expectations.

A check that cannot run is a failed check: neither a missing table, a misspelt column nor an expectation that
raises may let data through. Great Expectations is imported inside the functions, since it takes 6 to 11 s.
"""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from tiendo.quality.docs import write_docs
from tiendo.quality.duckdb_dialect import address
from tiendo.quality.generated import suites_from_contracts, suites_from_models
from tiendo.quality.results import CheckResult, failed_to_run, result_of
from tiendo.quality.rows import failed_rows
from tiendo.quality.suites import Check, Suite, merge_suites, written_suites
from tiendo.quality.workbench import Workbench
from tiendo.settings import SUITES


@dataclass(frozen=True)
class SuiteRun:
    """A suite that ran: what was asked, and one result per check in the suite's order."""

    suite: Suite
    results: list[CheckResult]


def run_checks(
    database: Path, dbt_manifest: Path, docs_folder: Path | None = None, suites_folder: Path = SUITES
) -> list[CheckResult]:
    """Runs all suites on a DuckDB file that nobody holds open for writing.

    Args:
        database: DuckDB file with schemas `raw`, `intermediate` and `marts`; a scratch file stands beside it
            for as long as the checks run.
        dbt_manifest: dbt's `target/manifest.json`, which describes the marts.
        docs_folder: Receives the data docs (static HTML); None writes none.
        suites_folder: Holds the suites written by hand.

    Returns:
        One result per check, ordered by layer, table and the suite's own order.

    Raises:
        SuiteError: A suite file is malformed.
        duckdb.Error: The file cannot be opened.
    """
    suites = load_suites(dbt_manifest, suites_folder)
    import_great_expectations()
    with Workbench(database.resolve(), suites) as workbench, Engine(workbench) as engine:
        runs = [engine.run(suite) for suite in suites]
    if docs_folder is not None:
        write_docs(runs, docs_folder)
    return [result for run in runs for result in run.results]


def load_suites(dbt_manifest: Path, suites_folder: Path = SUITES) -> list[Suite]:
    """Every suite, generated checks before those written by hand.

    Raises:
        SuiteError: A suite file is malformed, or a check id is used twice.
        TiendoError: TD-110 where a contract is faulty.
    """
    generated = [*suites_from_contracts(), *suites_from_models(dbt_manifest)]
    return merge_suites([*generated, *written_suites(suites_folder)])


def import_great_expectations() -> Any:
    """Great Expectations with its telemetry off: government networks are closed."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"
    import great_expectations

    return great_expectations


class Engine(AbstractContextManager["Engine"]):
    """One ephemeral Great Expectations context over the workbench."""

    def __init__(self, workbench: Workbench) -> None:
        """Sets up the context and its SQL source."""
        self._workbench = workbench
        self._gx = import_great_expectations()
        context = self._gx.get_context(mode="ephemeral")
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

    def run(self, suite: Suite) -> SuiteRun:
        """Runs one suite; whatever goes wrong ends as a failed check."""
        if reason := self._workbench.unreadable.get(f"{suite.schema}.{suite.table}"):
            return _not_run(suite, reason)
        try:
            rows = self._count_rows(suite)
            batch = self._batch(suite)
        except Exception as error:
            return _not_run(suite, str(error))
        expectations, unusable = self._expectations(suite)
        validations = _validate(self._gx, batch, suite, expectations)
        results: list[CheckResult] = []
        for check in suite.checks:
            validation = validations.get(check.check_id)
            if validation is None:
                reason = unusable.get(check.check_id, "the check gave no result")
                results.append(failed_to_run(suite, check, reason, rows))
            else:
                results.append(self._located(suite, check, _to_result(suite, check, validation, rows)))
        return SuiteRun(suite, results)

    def _located(self, suite: Suite, check: Check, result: CheckResult) -> CheckResult:
        """The result with the rows that fail."""
        if result.is_passed or not result.has_run:
            return result
        return replace(result, failed=failed_rows(self._workbench.connection, suite, check))

    def _count_rows(self, suite: Suite) -> int:
        import sqlalchemy

        table = sqlalchemy.table(suite.table, schema=suite.schema)
        query = sqlalchemy.select(sqlalchemy.func.count()).select_from(table)
        with self._source.get_engine().connect() as connection:
            return int(connection.execute(query).scalar_one())

    def _batch(self, suite: Suite) -> Any:
        asset = self._source.add_table_asset(suite.name, table_name=suite.table, schema_name=suite.schema)
        return asset.add_batch_definition_whole_table("all rows").get_batch()

    def _expectations(self, suite: Suite) -> tuple[list[Any], dict[str, str]]:
        """The suite's expectations, and for those that cannot be built the reason by check id.

        Built one by one, since Great Expectations' own suite drops a malformed one with a mere log line.
        """
        from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

        usable: list[Any] = []
        unusable: dict[str, str] = {}
        for check in suite.checks:
            try:
                usable.append(ExpectationConfiguration(**check.configuration()).to_domain_obj())
            except Exception as error:
                unusable[check.check_id] = first_line(error)
        return usable, unusable


def _not_run(suite: Suite, reason: str) -> SuiteRun:
    return SuiteRun(suite, [failed_to_run(suite, check, first_line(reason)) for check in suite.checks])


def first_line(error: BaseException | str) -> str:
    """The telling line of an error, without traceback, SQL or links."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


def _validate(gx: Any, batch: Any, suite: Suite, expectations: list[Any]) -> dict[str, Any]:
    """Great Expectations' results by check id, each with at most one plain error message."""
    # Which rows fail is asked by `rows.py`, alike for every kind of check.
    result_format = {"result_format": "BASIC", "partial_unexpected_count": 0}
    try:
        together = gx.ExpectationSuite(name=suite.name, expectations=expectations)
        found: Iterable[Any] = batch.validate(together, result_format=result_format).results
    except Exception:
        # Some expectations raise for the whole run; one by one shows which.
        found = [_validate_alone(batch, expectation, result_format) for expectation in expectations]
    validations = {str(each.expectation_config.meta["id"]): each for each in found}
    for validation in validations.values():
        validation.exception_info = _plain_exception(validation.exception_info or {})
    return validations


def _validate_alone(batch: Any, expectation: Any, result_format: dict[str, Any]) -> Any:
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult

    try:
        return batch.validate(expectation, result_format=result_format)
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
    if check.check_type == "unexpected_rows_expectation":
        return int(value or 0), str(value)
    return None, str(value)
