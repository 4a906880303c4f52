"""What the checks found: one record per check, as a table, as counts, as the reason to stop a release."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast

import polars as pl

from tiendo.quality.suites import DIMENSIONS, Check, Layer, Severity, Suite

FRAME_SCHEMA: dict[str, pl.DataType] = {
    "check_id": pl.String(),
    "layer": pl.String(),
    "table_name": pl.String(),
    "check_type": pl.String(),
    "severity": pl.String(),
    "dimension": pl.String(),
    "description_vi": pl.String(),
    "description_en": pl.String(),
    "is_passed": pl.Boolean(),
    "rows_checked": pl.Int64(),
    "rows_failed": pl.Int64(),
    "observed": pl.String(),
}
# What the check step leaves in the warehouse as `raw.check_failures`, for the quality scores.
FAILURES_SCHEMA: dict[str, pl.DataType] = {
    "check_id": pl.String(),
    "submission_id": pl.String(),
    "rows_failed": pl.Int64(),
}
OBSERVED_LENGTH = 300
ERROR = "error: "


@dataclass(frozen=True)
class FailedRows:
    """Which rows fail a check, so that somebody can look at them.

    Attributes:
        columns: Headings. Of a form `submission_id, file_name, sheet, row_number, columns`, as far as the
            check knows them, and never what a cell holds; of a curated table its grain and what the check
            names.
        rows: At most `rows.LISTED` of them, ordered, as text.
        total: All rows that fail, listed or not.
        by_submission: Of a form, the submission and how many of its rows fail, all of them.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    total: int
    by_submission: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """One check and what it found; the grain of the curated table `quality_checks` is `check_id`.

    Attributes:
        check_id: Stable code of the check.
        table_name: Table or view, without schema.
        layer: `raw` or `curated`.
        check_type: Name of the expectation in Great Expectations.
        severity: `fatal` stops publication.
        dimension: One of the six quality words, in English.
        description_vi: What must hold, in Vietnamese.
        description_en: The same in English.
        is_passed: False also where the check could not run.
        rows_checked: Rows of the table; None where there is no table.
        rows_failed: Rows that break the rule; None where the check is not about rows or could not run.
        observed: Short text: the value found, the share of failed rows, or the error.
        failed: Which rows fail; None where the check passed or is not about rows.
    """

    check_id: str
    table_name: str
    layer: Layer
    check_type: str
    severity: Severity
    dimension: str
    description_vi: str
    description_en: str
    is_passed: bool
    rows_checked: int | None
    rows_failed: int | None
    observed: str
    failed: FailedRows | None = None

    @property
    def has_run(self) -> bool:
        """False where the check itself is broken, so that nobody knows what the numbers are worth."""
        return not self.observed.startswith(ERROR)


def result_of(
    suite: Suite,
    check: Check,
    *,
    is_passed: bool,
    rows_checked: int | None,
    rows_failed: int | None,
    observed: str,
) -> CheckResult:
    """A result that carries everything its check says of itself."""
    return CheckResult(
        check_id=check.check_id,
        table_name=suite.table,
        layer=suite.layer,
        check_type=check.check_type,
        severity=check.severity,
        dimension=check.dimension,
        description_vi=check.description_vi,
        description_en=check.description_en,
        is_passed=is_passed,
        rows_checked=rows_checked,
        rows_failed=rows_failed,
        observed=observed[:OBSERVED_LENGTH],
    )


def failed_to_run(suite: Suite, check: Check, reason: str, rows_checked: int | None = None) -> CheckResult:
    """A check that could not run counts as failed, so that a broken check never lets data through."""
    return result_of(
        suite,
        check,
        is_passed=False,
        rows_checked=rows_checked,
        rows_failed=None,
        observed=f"{ERROR}{reason}",
    )


def fatal_failures(results: Iterable[CheckResult]) -> list[CheckResult]:
    """The failures that forbid publication: of fatal checks, and of any check that could not run."""
    return [
        result
        for result in results
        if not result.is_passed and (result.severity == "fatal" or not result.has_run)
    ]


def summarise(results: Iterable[CheckResult]) -> pl.DataFrame:
    """Counts by dimension and severity.

    Returns:
        One row per dimension (all six, in their order) and severity that has checks:
        `dimension, severity, checks, passed, failed`.
    """
    counts = (
        to_frame(results)
        .group_by("dimension", "severity")
        .agg(
            pl.len().cast(pl.Int64).alias("checks"),
            pl.col("is_passed").sum().cast(pl.Int64).alias("passed"),
            (~pl.col("is_passed")).sum().cast(pl.Int64).alias("failed"),
        )
    )
    return counts.sort(pl.col("dimension").cast(pl.Enum(list(DIMENSIONS))), "severity")


def to_frame(results: Iterable[CheckResult]) -> pl.DataFrame:
    """The curated table `quality_checks`, ordered by `check_id`."""
    rows = [[getattr(result, name) for name in FRAME_SCHEMA] for result in results]
    return pl.DataFrame(rows, schema=FRAME_SCHEMA, orient="row").sort("check_id")


def failures_frame(results: Iterable[CheckResult]) -> pl.DataFrame:
    """The table `raw.check_failures`: failed rows by check of a form and submission, in that order."""
    rows = [
        (result.check_id, submission_id, count)
        for result in results
        if result.failed
        for submission_id, count in result.failed.by_submission
    ]
    return pl.DataFrame(rows, schema=FAILURES_SCHEMA, orient="row").sort("check_id", "submission_id")


def write_json(results: Iterable[CheckResult], path: Path) -> None:
    """Writes results so that a reader sees all of them or none."""
    partial = path.with_name(path.name + ".partial")
    content = json.dumps([asdict(result) for result in results], ensure_ascii=False)
    partial.write_text(content, encoding="utf-8")
    partial.replace(path)


def read_json(path: Path) -> list[CheckResult]:
    """Reads what `write_json` wrote."""
    rows = cast("list[dict[str, Any]]", json.loads(path.read_text(encoding="utf-8")))
    return [read_result(row) for row in rows]


def read_result(row: dict[str, Any]) -> CheckResult:
    """Reads one result from what `asdict` made of it; takes the mapping apart."""
    failed = cast("dict[str, Any] | None", row.pop("failed"))
    result = CheckResult(**row)
    if failed is None:
        return result
    rows = tuple(tuple(each) for each in failed["rows"])
    by_submission = tuple((name, count) for name, count in failed["by_submission"])
    return replace(result, failed=FailedRows(tuple(failed["columns"]), rows, failed["total"], by_submission))
