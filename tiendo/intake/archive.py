"""What was received before a moment: what a correction or a withdrawal may speak of.

A later submission does not count, and an earlier one that arrives late does: whatever the order of arrival,
the same landing comes of it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from tiendo.intake.ledger import Row, read_ledger
from tiendo.intake.store import Submission, parse_raw_path
from tiendo.messages import TiendoError
from tiendo.settings import Home

WITHDRAWAL = "withdrawal"
CORRECTION = "correction"
# Forms that speak of other submissions and must be looked at after them.
AMENDMENTS = frozenset({CORRECTION, WITHDRAWAL})


@dataclass(frozen=True)
class Archive:
    """The landed submissions up to a moment.

    Attributes:
        home: Where their landing files lie.
        landed: Their ledger rows by submission, in order of receipt.
    """

    home: Home
    landed: Mapping[str, Row]
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame], repr=False)

    @classmethod
    def of(cls, home: Home, ledger: Iterable[Row]) -> "Archive":
        """The archive of all these submissions."""
        landed = sorted((row for row in ledger if row["status"] == "landed"), key=_order_of_row)
        return cls(home, {row["submission_id"]: row for row in landed})

    @classmethod
    def ahead_of(cls, home: Home, ledger: Iterable[Row], submission: Submission) -> "Archive":
        """What had been received when a correction or withdrawal was; of its own moment what comes first."""
        own = _order_of(submission)
        return cls.of(home, (row for row in ledger if _order_of_row(row) < own))

    @classmethod
    def so_far(cls, home: Home) -> "Archive":
        """All that has landed; empty where the ledger is damaged, which the next refresh mends."""
        try:
            return cls.of(home, read_ledger(home).iter_rows(named=True))
        except TiendoError:
            return cls(home, {})

    def before(self, moment: datetime) -> "Archive":
        """This archive as of a moment in UTC, without zone; what was read of it is not read again."""
        kept = {name: row for name, row in self.landed.items() if row["received_at"] <= moment}
        return Archive(self.home, kept, self._frames)

    def without(self, submission_ids: frozenset[str]) -> "Archive":
        """This archive without some submissions."""
        kept = {name: row for name, row in self.landed.items() if name not in submission_ids}
        return Archive(self.home, kept, self._frames)

    def fingerprint(self) -> str:
        """Changes where a correction or withdrawal could fit this archive otherwise."""
        return _fingerprint(self.landed.values()).hexdigest()

    def frame(self, submission_id: str) -> pl.DataFrame:
        """The landed rows of a submission; none where its landing file is gone."""
        if submission_id not in self._frames:
            self._frames[submission_id] = self._read(submission_id)
        return self._frames[submission_id]

    def rows_of(self, form: str) -> list[dict[str, Any]]:
        """All landed rows of a form in order of receipt."""
        found = [row["submission_id"] for row in self.landed.values() if row["form"] == form]
        return [row for submission_id in found for row in self.frame(submission_id).iter_rows(named=True)]

    def withdrawn(self) -> frozenset[str]:
        """Submissions that a withdrawal names; one that was itself withdrawn takes nothing out."""
        found: set[str] = set()
        for row in reversed(self.rows_of(WITHDRAWAL)):
            if row["submission_id"] not in found:
                found.add(row["withdrawn_submission_id"])
        return frozenset(found)

    def _read(self, submission_id: str) -> pl.DataFrame:
        submission = parse_raw_path(self.landed[submission_id]["raw_path"])
        path = submission.landing_path(self.home) if submission else None
        return pl.read_parquet(path, glob=False) if path and path.exists() else pl.DataFrame()


def fingerprints_ahead(ledger: Iterable[Row], submissions: Iterable[Submission]) -> dict[str, str]:
    """By raw path, the fingerprint of the archive ahead of each of these; the ledger is gone through once."""
    landed = sorted((row for row in ledger if row["status"] == "landed"), key=_order_of_row)
    digest, position = _fingerprint(()), 0
    found: dict[str, str] = {}
    for submission in sorted(submissions, key=_order_of):
        own, first = _order_of(submission), position
        while position < len(landed) and _order_of_row(landed[position]) < own:
            position += 1
        digest = _fingerprint(landed[first:position], digest)
        found[submission.raw_path] = digest.hexdigest()
    return found


def _fingerprint(rows: Iterable[Row], begun: hashlib.blake2b | None = None) -> hashlib.blake2b:
    digest = begun or hashlib.blake2b(digest_size=8)
    for row in rows:
        digest.update(f"{row['submission_id']}:{row['sha256']}:{row['intake_fingerprint']}\n".encode())
    return digest


def _order_of(submission: Submission) -> tuple[datetime, bool, str]:
    """Oldest first; what speaks of others after those of its moment."""
    return (submission.received_at_utc, submission.form in AMENDMENTS, submission.submission_id)


def _order_of_row(row: Row) -> tuple[datetime, bool, str]:
    return (row["received_at"], row["form"] in AMENDMENTS, row["submission_id"])
