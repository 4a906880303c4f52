"""Compares a submission with the others of its form: what is unchanged, superseded, replaced or contradicted.

The version in force of a scope is the one received last; an older file that arrives late overwrites nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, cast

import polars as pl

from tiendo.intake.cells import FEW_ROWS
from tiendo.intake.contracts import Contract
from tiendo.intake.store import Submission
from tiendo.settings import Home

Scope = tuple[str | None, ...]


class Conflict(NamedTuple):
    """Rows that another unit's submission holds otherwise; of the two the one received later is in force.

    Attributes:
        submission_id: The other submission.
        org_code: Its unit.
        rows: Rows that either holds in the scopes they fill differently, the greater number of the two.
        prevails: Whether the submission looked at is in force, being the later one.
    """

    submission_id: str
    org_code: str
    rows: int
    prevails: bool


@dataclass(frozen=True)
class Comparison:
    """Row counts of a submission against the others.

    Attributes:
        unchanged: Its rows that equal a row of the version in force before it.
        superseded: Its rows whose scope a submission received later has already taken.
        replaced: Rows in force before it that it replaces by others or leaves out.
        conflicts: Other units' submissions that say something else of the same scopes.
    """

    unchanged: int = 0
    superseded: int = 0
    replaced: int = 0
    conflicts: tuple[Conflict, ...] = ()


class Versions:
    """The landed submissions of one form, by the scopes they speak for."""

    def __init__(
        self,
        home: Home,
        contract: Contract,
        landed: Iterable[Submission],
        corrected: Mapping[str, pl.DataFrame] = MappingProxyType({}),
    ) -> None:
        """Reads what scopes each landed submission holds; `corrected` rows stand for the landed ones."""
        self._home = home
        self._corrected = corrected
        self._contract = contract
        self._scope = tuple(contract.replaces)
        self._holders: dict[Scope, list[Submission]] = {}
        for submission in landed:
            path = submission.landing_path(home)
            if path.exists():
                changed_at = path.stat().st_mtime_ns
                self._enter(submission, _landed_scopes(path, changed_at, submission, self._scope))

    def add(self, submission: Submission, good: pl.DataFrame) -> None:
        """Enters a submission that has just been landed."""
        self._enter(submission, _scopes(good, submission, self._scope))

    def scopes(self, submission: Submission, rows: pl.DataFrame) -> frozenset[Scope]:
        """The scopes in which rows of a submission stand."""
        return _scopes(rows, submission, self._scope)

    def in_force(self, scope: Scope, besides: Submission | None = None) -> Submission | None:
        """The submission received last that speaks for a scope, `besides` left aside."""
        left_aside = besides.submission_id if besides else None
        others = [held for held in self._holders.get(scope, ()) if held.submission_id != left_aside]
        return max(others, key=_order, default=None)

    def frame(self, submission: Submission) -> pl.DataFrame:
        """The rows of a submission that has landed, with their corrections."""
        corrected = self._corrected.get(submission.submission_id)
        path = submission.landing_path(self._home)
        return pl.read_parquet(path, glob=False) if corrected is None else corrected

    def compare(self, submission: Submission, good: pl.DataFrame) -> Comparison:
        """Compares the good rows of a submission with those of all others that speak for the same scopes."""
        before: dict[Scope, Submission] = {}
        later: dict[Scope, Submission] = {}
        contradicted: dict[Scope, Submission] = {}
        for scope in self._spoken(submission, _scopes(good, submission, self._scope)):
            others = [o for o in self._holders.get(scope, ()) if o.submission_id != submission.submission_id]
            earlier = [other for other in others if _order(other) < _order(submission)]
            if earlier:
                before[scope] = max(earlier, key=_order)
            if len(earlier) < len(others):
                later[scope] = max(others, key=_order)
            elif strangers := [other for other in earlier if other.org_code != submission.org_code]:
                # Asked of the last version another unit sent, or sending one's own file again would hide it.
                contradicted[scope] = max(strangers, key=_order)
        if not before and not later:
            return Comparison()
        rows = _scoped(good, submission, self._scope)
        superseding = {
            scope: other for scope, other in later.items() if other.org_code != submission.org_code
        }
        conflicts = (
            *self._conflicts(rows, contradicted, prevails=True),
            *self._conflicts(rows, superseding, prevails=False),
        )
        return replace(self._count(rows, before, later), conflicts=conflicts)

    def _enter(self, submission: Submission, scopes: frozenset[Scope]) -> None:
        for scope in self._spoken(submission, scopes):
            self._holders.setdefault(scope, []).append(submission)

    def _spoken(self, submission: Submission, scopes: frozenset[Scope]) -> frozenset[Scope]:
        """A complete extract speaks for its own unit and month even without a row of it: a nil report."""
        own = {(submission.org_code, submission.period)} if self._contract.complete_extract else set[Scope]()
        return scopes | own

    def _count(
        self, rows: pl.DataFrame, before: dict[Scope, Submission], later: dict[Scope, Submission]
    ) -> Comparison:
        scope = list(self._scope)
        in_force = _semi(self._rows(before), self._places(before), [*scope, "submission_id"])
        taken = self._places(later)
        effective = _anti(rows, taken, scope)
        same_row = [*scope, "row_hash"]
        return Comparison(
            unchanged=_semi(effective, in_force, same_row).height,
            superseded=rows.height - effective.height,
            replaced=_anti(_anti(in_force, taken, scope), rows, same_row).height,
        )

    def _conflicts(
        self, rows: pl.DataFrame, held: dict[Scope, Submission], *, prevails: bool
    ) -> list[Conflict]:
        """For each other submission, how many rows stand in scopes that it fills otherwise."""
        scope, same_row = list(self._scope), [*self._scope, "row_hash"]
        found: list[Conflict] = []
        for other in sorted(set(held.values()), key=_order):
            places = {place: holder for place, holder in held.items() if holder == other}
            theirs = _semi(self._rows(places), self._places(places), scope)
            ours = _semi(rows, self._places(places), scope)
            only = [_anti(ours, theirs, same_row).select(scope), _anti(theirs, ours, same_row).select(scope)]
            differing = pl.concat(only).unique()
            count = max(_semi(ours, differing, scope).height, _semi(theirs, differing, scope).height)
            if count:
                found.append(Conflict(other.submission_id, other.org_code, count, prevails))
        return found

    def _places(self, held: dict[Scope, Submission]) -> pl.DataFrame:
        """Scopes, each with the submission that holds it."""
        rows = [(*place, holder.submission_id) for place, holder in held.items()]
        schema = dict.fromkeys((*self._scope, "submission_id"), pl.String())
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _rows(self, held: dict[Scope, Submission]) -> pl.DataFrame:
        """All landed rows of the submissions that hold some scopes."""
        holders = {holder.submission_id: holder for holder in held.values()}.values()
        return pl.concat([self._landed(holder) for holder in holders] or [self._landed(None)])

    def _landed(self, submission: Submission | None) -> pl.DataFrame:
        if submission and submission.submission_id in self._corrected:
            return _scoped(self._corrected[submission.submission_id], submission, self._scope)
        path = submission.landing_path(self._home) if submission else None
        if submission is None or path is None or not path.exists():
            return pl.DataFrame(
                schema=dict.fromkeys((*self._scope, "row_hash", "submission_id"), pl.String())
            )
        frame = pl.read_parquet(path, glob=False, columns=_kept(path, self._scope))
        return _scoped(frame, submission, self._scope)


def _order(submission: Submission) -> tuple[object, str]:
    return (submission.received_at_utc, submission.submission_id)


# One process that submits hundreds of files, each through a door of its own, reads each landing file once.
@lru_cache(maxsize=10_000)
def _landed_scopes(
    path: Path,
    changed_at: int,  # noqa: ARG001 - tells a file landed anew
    submission: Submission,
    scope: tuple[str, ...],
) -> frozenset[Scope]:
    frame = pl.read_parquet(path, glob=False, columns=_kept(path, scope))
    return _scopes(frame, submission, scope)


def _kept(path: Path, scope: Sequence[str]) -> list[str]:
    with path.open("rb") as file:  # A path with brackets would be taken for a pattern.
        names = pl.read_parquet_schema(file)
    return [name for name in (*scope, "row_hash") if name in names]


def _scopes(frame: pl.DataFrame, submission: Submission, scope: Sequence[str]) -> frozenset[Scope]:
    """The distinct scopes of rows, as text."""
    said = {"org_code": submission.org_code, "period": submission.period}
    own = [name for name in scope if name in frame.columns]
    if frame.height > FEW_ROWS:
        frame = frame.unique(own) if own else frame.head(1)
    columns = [_texts(frame[name]) if name in own else [said[name]] * frame.height for name in scope]
    return frozenset(zip(*columns, strict=True))


def _texts(column: pl.Series) -> list[str | None]:
    return cast("list[str | None]", column.cast(pl.String).to_list())


def _scoped(frame: pl.DataFrame, submission: Submission, scope: Sequence[str]) -> pl.DataFrame:
    """Scope columns as text (the submission's where the form lacks them), `row_hash`, `submission_id`."""
    said = {"org_code": submission.org_code, "period": submission.period}
    columns = [
        pl.col(name).cast(pl.String) if name in frame.columns else pl.lit(said[name]).alias(name)
        for name in scope
    ]
    return frame.select(*columns, "row_hash", submission_id=pl.lit(submission.submission_id))


def _semi(frame: pl.DataFrame, other: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    return frame.join(other, on=on, how="semi", nulls_equal=True)


def _anti(frame: pl.DataFrame, other: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    return frame.join(other, on=on, how="anti", nulls_equal=True)
