"""Runs the expectation suites inside DuckDB with Great Expectations, as far as anything has changed.

A check that cannot run is a failed check: neither a missing table, a misspelt column nor an expectation that
raises may let data through. Great Expectations is imported inside the functions, since it takes seconds.
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tiendo.quality.docs import write_docs
from tiendo.quality.generated import suites_from_contracts, suites_from_models
from tiendo.quality.remembered import PLACES, Question, Remembered, questions
from tiendo.quality.results import CheckResult
from tiendo.quality.suites import Suite, merge_suites, written_suites
from tiendo.quality.suspects import suspects
from tiendo.quality.workbench import Workbench
from tiendo.settings import SUITES


@dataclass(frozen=True)
class SuiteRun:
    """A suite that ran: what was asked, and one result per check in the suite's order."""

    suite: Suite
    results: list[CheckResult]


@dataclass(frozen=True)
class Declared:
    """The suites that are known before dbt has run.

    Attributes:
        forms: Made from the contracts.
        written: Written by hand.
    """

    forms: list[Suite]
    written: list[Suite]

    def with_models(self, dbt_manifest: Path) -> list[Suite]:
        """Every suite, generated checks before those written by hand."""
        return merge_suites([*self.forms, *suites_from_models(dbt_manifest), *self.written])


def run_checks(
    database: Path,
    dbt_manifest: Path,
    docs_folder: Path | None = None,
    declared: Declared | None = None,
    remembered: Remembered | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[CheckResult]:
    """Runs all suites on a DuckDB file that nobody holds open for writing.

    Args:
        database: DuckDB file with schemas `raw`, `intermediate` and `marts`; a scratch file stands beside it
            for as long as the checks run.
        dbt_manifest: dbt's `target/manifest.json`, which describes the marts.
        docs_folder: Receives the data docs (static HTML); None writes none.
        declared: Suites of the forms and those written by hand; None reads those of the project.
        remembered: Answers of earlier runs, brought up to date; None asks everything.
        progress: Called with tables looked at and tables in all.

    Returns:
        One result per check, ordered by layer, table and the suite's own order.

    Raises:
        SuiteError: A suite file is malformed, or a check id is used twice.
        duckdb.Error: The file cannot be opened.
    """
    suites = (declared or declared_suites()).with_models(dbt_manifest)
    remembered = remembered or Remembered()
    with Workbench(database.resolve(), suspects(database.resolve(), suites)) as workbench:
        asked = questions(suites, workbench)
        known = remembered.answers(asked)
        open_suites = [suite for suite in (_without(suite, known) for suite in suites) if suite.checks]
        found = _run(workbench, open_suites, asked, remembered, progress) if open_suites else {}
    answers = known | found
    remembered.keep(asked, answers.values())
    runs = [SuiteRun(suite, [answers[check.check_id] for check in suite.checks]) for suite in suites]
    if docs_folder is not None:
        write_docs(runs, docs_folder)
    return [result for run in runs for result in run.results]


def declared_suites(folder: Path = SUITES) -> Declared:
    """The suites of the forms and those written by hand below `folder`.

    Raises:
        SuiteError: A suite file is malformed, or a check id is used twice.
        TiendoError: TD-110 where a contract is faulty.
    """
    return Declared(suites_from_contracts(), written_suites(folder))


def import_great_expectations() -> Any:
    """Great Expectations with its telemetry off: government networks are closed."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"
    import great_expectations

    return great_expectations


def _without(suite: Suite, known: Collection[str]) -> Suite:
    """The suite with those checks only that are still to be asked."""
    return replace(suite, checks=tuple(check for check in suite.checks if check.check_id not in known))


def _run(
    workbench: Workbench,
    suites: Sequence[Suite],
    asked: Mapping[str, Question],
    remembered: Remembered,
    progress: Callable[[int, int], None] | None,
) -> dict[str, CheckResult]:
    """Asks every check of the suites; results by check id."""
    gx = import_great_expectations()
    from tiendo.quality.engine import Engine

    needed = {table for suite in suites for check in suite.checks for table in asked[check.check_id].tables}
    needed.add(PLACES)
    workbench.show([table for table in workbench.tables if table in needed])
    with Engine(gx, workbench) as engine:
        results: list[CheckResult] = []
        for done, suite in enumerate(suites, start=1):
            results += engine.run(suite, remembered.failed)
            if progress:
                progress(done, len(suites))
    return {result.check_id: result for result in results}
