"""Compares a submission with the others of its form: what is unchanged, superseded or replaced.

The version in force of a scope is the one received last; an older file that arrives late overwrites nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from tiendo.intake.contracts import Contract
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
) -> Comparison:
    """Compares the good rows of a submission with those of all landed ones of its form.

    Args:
        home: Where the landing files lie.
        ledger: The ledger, with or without this submission.
        submission: The one looked at.
        good: Its good rows.
        contract: Its form.
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
    scope = tuple(contract.replaces)
    rows = _scoped(good, submission, scope)
    existing = pl.concat([_landed_rows(item.landing_path(home), item, scope) for item in landed])
    versions = existing.select(*scope, *_ORDER)
    ours = rows.select(scope)
    if contract.complete_extract:
        versions = pl.concat([versions, _own_units(landed, versions.schema)])
        ours = pl.concat([ours, _own_units([submission], versions.schema).select(scope)])
    return _count(submission, rows, existing, versions.unique(), ours.unique())


# Landing files never change, and one process that submits hundreds of files compares each with all before.
@lru_cache(maxsize=2_000)
def _landed_rows(landing_path: Path, item: Submission, scope: tuple[str, ...]) -> pl.DataFrame:
    if not landing_path.exists():
        return _scoped(pl.DataFrame(schema=dict.fromkeys((*scope, "row_hash"), pl.String)), item, scope)
    frame = pl.scan_parquet(landing_path, glob=False)
    kept = [name for name in scope if name in frame.collect_schema().names()]
    return _scoped(frame.select(*kept, "row_hash").collect(), item, scope)


def _scoped(frame: pl.DataFrame, item: Submission, scope: Sequence[str]) -> pl.DataFrame:
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


def _own_units(items: Sequence[Submission], schema: pl.Schema) -> pl.DataFrame:
    """A complete extract speaks for its own unit and month even without a row of it: a nil report."""
    spoken = [(item.org_code, item.period, item.received_at_utc, item.submission_id) for item in items]
    return pl.DataFrame(spoken, schema=schema, orient="row")


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
