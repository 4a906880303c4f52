"""Compares a submission with the others of its form: what is unchanged, superseded or replaced.

The version in force of a scope is the one received last; an older file that arrives late overwrites nothing.
"""

from dataclasses import dataclass
from typing import Any, cast

import polars as pl

from tiendo.intake.contracts import Contract
from tiendo.intake.references import References
from tiendo.intake.store import Submission, parse_raw_path
from tiendo.settings import Home

_ORDER = ["at", "submission_id"]


@dataclass(frozen=True)
class Comparison:
    """Row counts of a submission against the others.

    Attributes:
        unchanged: Its rows that equal a row of the version in force before it.
        superseded: Its rows whose scope a submission received later has already taken.
        replaced: Rows in force before it that it replaces by others or leaves out.
    """

    unchanged: int = 0
    superseded: int = 0
    replaced: int = 0


def compare(
    home: Home,
    ledger: pl.DataFrame,
    submission: Submission,
    good: pl.DataFrame,
    contract: Contract,
    references: References,
) -> Comparison:
    """Compares the good rows of a submission with those of all landed ones of its form.

    Args:
        home: Where the landing files lie.
        ledger: The ledger, with or without this submission.
        submission: The one looked at.
        good: Its good rows.
        contract: Its form.
        references: Which unit lies below which.
    """
    others = ledger.filter(
        pl.col("form") == contract.form,
        pl.col("status") == "landed",
        pl.col("submission_id") != submission.submission_id,
    )
    if contract.complete_extract:
        others = others.filter(pl.col("period") == submission.period)
    landed = [item for path in others["raw_path"] if (item := parse_raw_path(path)) is not None]
    if not landed:
        return Comparison()
    scope = list(contract.replaces)
    rows = _scoped(good, submission, scope)
    existing = pl.concat([_scoped(_landed_rows(home, item, scope), item, scope) for item in landed])
    if contract.complete_extract:
        versions, ours = _covered(rows, existing, [*landed, submission], submission, contract, references)
    else:
        versions = existing.select(*scope, *_ORDER).unique()
        ours = rows.select(scope).unique()
    return _count(submission, rows, existing, versions, ours)


def _landed_rows(home: Home, item: Submission, scope: list[str]) -> pl.DataFrame:
    path = item.landing_path(home)
    if not path.exists():
        return pl.DataFrame(schema=dict.fromkeys((*scope, "row_hash"), pl.String))
    frame = pl.scan_parquet(path)
    kept = [name for name in scope if name in frame.collect_schema().names()]
    return frame.select(*kept, "row_hash").collect()


def _scoped(frame: pl.DataFrame, item: Submission, scope: list[str]) -> pl.DataFrame:
    """Scope columns as text (the submission's where the form lacks them), `row_hash`, order of receipt."""
    said = {"org_code": item.org_code, "period": item.period}
    columns = [
        pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(said[name]).alias(name)
        for name in scope
    ]
    return frame.select(
        *columns,
        "row_hash",
        pl.lit(item.received_at_utc).cast(pl.Datetime("us")).alias("at"),
        pl.lit(item.submission_id).alias("submission_id"),
    )


def _covered(
    rows: pl.DataFrame,
    existing: pl.DataFrame,
    items: list[Submission],
    submission: Submission,
    contract: Contract,
    references: References,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """For complete extracts: which submission speaks for which unit, rows or not, and the scopes of ours."""
    unit = contract.organisation_column or ""
    month = next(name for name in contract.replaces if name != unit)
    units = cast("list[str]", pl.concat([rows[unit], existing[unit]]).unique().to_list())
    spoken: list[dict[str, Any]] = [
        {unit: code, month: item.period, "at": item.received_at_utc, "submission_id": item.submission_id}
        for item in items
        for code in units
        if references.is_within(code, item.org_code)
    ]
    schema = existing.select(*contract.replaces, *_ORDER).schema
    versions = pl.DataFrame(spoken, schema=schema)
    is_ours = pl.col("submission_id") == submission.submission_id
    return versions.filter(~is_ours), versions.filter(is_ours).select(contract.replaces)


def _count(
    submission: Submission,
    rows: pl.DataFrame,
    existing: pl.DataFrame,
    versions: pl.DataFrame,
    ours: pl.DataFrame,
) -> Comparison:
    scope = ours.columns
    is_same_moment = pl.col("at") == submission.received_at_utc
    is_later = (pl.col("at") > submission.received_at_utc) | (
        is_same_moment & (pl.col("submission_id") > submission.submission_id)
    )
    later = versions.filter(is_later).select(scope).unique()
    before = _semi(versions.filter(~is_later), ours, scope).sort(_ORDER).unique(scope, keep="last")
    in_force = _semi(existing, before, [*scope, "submission_id"])
    effective = rows.join(later, on=scope, how="anti", nulls_equal=True)
    still_in_force = in_force.join(later, on=scope, how="anti", nulls_equal=True)
    same_row = [*scope, "row_hash"]
    return Comparison(
        unchanged=_semi(effective, in_force, same_row).height,
        superseded=rows.height - effective.height,
        replaced=still_in_force.height - _semi(still_in_force, rows, same_row).height,
    )


def _semi(frame: pl.DataFrame, other: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    return frame.join(other, on=on, how="semi", nulls_equal=True)
