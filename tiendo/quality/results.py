"""What the checks found: one record per check, as a table, as counts, as the reason to stop a release."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
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
# How many rows of which submission fail which check at the gate; read by the model `quality_scores`.
CHECK_FAILURES_SCHEMA: dict[str, pl.DataType] = {
    "check_id": pl.String(),
    "submission_id": pl.String(),
    "rows_failed": pl.Int64(),
}
OBSERVED_LENGTH = 300


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
        observed=f"error: {reason}",
    )


def fatal_failures(results: Iterable[CheckResult]) -> list[CheckResult]:
    """The failures that forbid publication."""
    return [result for result in results if not result.is_passed and result.severity == "fatal"]


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
    rows = [asdict(result) for result in results]
    return pl.DataFrame(rows, schema=FRAME_SCHEMA, orient="row").sort("check_id")


def write_json(results: Iterable[CheckResult], path: Path) -> None:
    """Writes results so that a reader sees all of them or none."""
    partial = path.with_name(path.name + ".partial")
    content = json.dumps([asdict(result) for result in results], ensure_ascii=False)
    partial.write_text(content, encoding="utf-8")
    partial.replace(path)


def read_json(path: Path) -> list[CheckResult]:
    """Reads what `write_json` wrote."""
    rows = cast("list[dict[str, Any]]", json.loads(path.read_text(encoding="utf-8")))
    return [CheckResult(**row) for row in rows]
