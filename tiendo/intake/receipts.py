"""What a sender and a nightly run are told about files: the receipt of one, the summary of many."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from tiendo.intake.examine import Examined
from tiendo.intake.problems import QUARANTINE_SCHEMA
from tiendo.intake.store import Submission
from tiendo.intake.versions import Comparison
from tiendo.messages import TiendoError


@dataclass(frozen=True)
class Receipt:
    """What a sender gets for a file. rows_read = loaded + unchanged + superseded + quarantined.

    Attributes:
        submission_id: Identity of the submission; for an unchanged file that of the version in force.
        form: Form, or `unidentified`.
        number: Number of the form such as `F04`; empty for an unidentified file.
        org_code: Unit of the submission.
        period: Period of the submission.
        received_at: Moment of receipt, with zone.
        raw_path: Path below `data/raw`.
        sha256: Of the file.
        status: `landed`, `unchanged` (the file equals the version in force: nothing stored) or `rejected`.
        rows_read: Source rows.
        rows_loaded: Rows that are new or changed and in force.
        rows_unchanged: Rows equal to those in force before.
        rows_superseded: Rows of this file that a submission received later has already taken the place of.
        rows_quarantined: Rows with problems.
        rows_replaced: Rows of earlier submissions whose place this one takes.
        problems: One mapping per problem, keys as in `QUARANTINE_SCHEMA`.
        rejection: Why the whole file was rejected.
        ignored_headers: Columns of the file that the form does not know.
        ignored_sheets: Sheets that hold something else.
    """

    submission_id: str
    form: str
    number: str
    org_code: str
    period: str
    received_at: datetime
    raw_path: str
    sha256: str
    status: str
    rows_read: int = 0
    rows_loaded: int = 0
    rows_unchanged: int = 0
    rows_superseded: int = 0
    rows_quarantined: int = 0
    rows_replaced: int = 0
    problems: tuple[dict[str, Any], ...] = ()
    rejection: TiendoError | None = None
    ignored_headers: tuple[str, ...] = ()
    ignored_sheets: tuple[str, ...] = ()


@dataclass
class IntakeSummary:
    """What one intake did.

    Attributes:
        is_changed: Whether the ledger changed.
        landed: Submissions landed now.
        rejected: Files entered as rejected now.
        known: Submissions that were in the ledger and needed nothing.
        rows_read: Rows read now.
        rows_landed: Good rows landed now.
        rows_quarantined: Rows quarantined now.
        submission_ids: Of the landed and rejected ones.
        problems: What the user should hear of: rejected, refused, misplaced, changed or missing files.
    """

    is_changed: bool = False
    landed: int = 0
    rejected: int = 0
    known: int = 0
    rows_read: int = 0
    rows_landed: int = 0
    rows_quarantined: int = 0
    submission_ids: list[str] = field(default_factory=list[str])
    problems: list[TiendoError] = field(default_factory=list[TiendoError])


def make_receipt(
    submission: Submission,
    sha256: str,
    examined: Examined,
    status: str,
    comparison: Comparison | None = None,
) -> Receipt:
    """The receipt of an examined file; of a file equal to the one in force every good row is unchanged."""
    converted, identified = examined.converted, examined.identified
    good = converted.good.height if converted else 0
    counts = comparison or Comparison(unchanged=good if status == "unchanged" else 0)
    problems = (
        converted.problems.with_columns(submission_id=pl.lit(submission.submission_id)) if converted else None
    )
    return Receipt(
        submission_id=submission.submission_id,
        form=submission.form,
        number=identified.contract.number if identified else "",
        org_code=submission.org_code,
        period=submission.period,
        received_at=submission.received_at,
        raw_path=submission.raw_path,
        sha256=sha256,
        status=status,
        rows_read=converted.rows_read if converted else 0,
        rows_loaded=good - counts.unchanged - counts.superseded,
        rows_unchanged=counts.unchanged,
        rows_superseded=counts.superseded,
        rows_quarantined=converted.rows_quarantined if converted else 0,
        rows_replaced=counts.replaced,
        problems=()
        if problems is None
        else tuple(problems.select(list(QUARANTINE_SCHEMA)).iter_rows(named=True)),
        rejection=examined.rejection,
        ignored_headers=identified.ignored_headers if identified else (),
        ignored_sheets=identified.other_sheets if identified else (),
    )
