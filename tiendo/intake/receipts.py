"""What a sender and a nightly run are told about files: the receipt of one, the summary of many."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from tiendo.intake.examine import Examined
from tiendo.intake.problems import QUARANTINE_SCHEMA
from tiendo.intake.store import Submission
from tiendo.intake.tables import LeftOut
from tiendo.intake.versions import Comparison, Conflict
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
        notices: What the sender should know although the file is taken, conflicts included.
        left_out: Rows below the header that are no records.
        conflicts: Other units' submissions that say something else of the same rows.
        source_format: What the file is, by its content; empty where it could not be read.
        encoding: How its text was encoded, None for workbooks.
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
    notices: tuple[TiendoError, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    source_format: str = ""
    encoding: str | None = None


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

    def after(self, first: "IntakeSummary") -> "IntakeSummary":
        """What both did, where `first` landed some forms ahead of the others."""
        said = {problem.text() for problem in self.problems}
        return IntakeSummary(
            is_changed=first.is_changed or self.is_changed,
            landed=first.landed + self.landed,
            rejected=first.rejected + self.rejected,
            known=self.known - len(first.submission_ids),
            rows_read=first.rows_read + self.rows_read,
            rows_landed=first.rows_landed + self.rows_landed,
            rows_quarantined=first.rows_quarantined + self.rows_quarantined,
            submission_ids=[*first.submission_ids, *self.submission_ids],
            problems=[*(item for item in first.problems if item.text() not in said), *self.problems],
        )


def make_receipt(
    submission: Submission,
    sha256: str,
    examined: Examined,
    status: str,
    comparison: Comparison | None = None,
    same_as: str | None = None,
) -> Receipt:
    """The receipt of an examined file.

    Args:
        submission: The file's, or that of the version in force which it equals.
        sha256: Of the file.
        examined: What was found in it.
        status: As in `Receipt`.
        comparison: Against the other submissions; None where there was nothing to compare.
        same_as: A submission of another period with the same content.
    """
    converted, identified = examined.converted, examined.identified
    good = converted.good.height if converted else 0
    counts = comparison or Comparison()
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
        problems=_problems(converted.problems, submission) if converted else (),
        rejection=examined.rejection,
        ignored_headers=identified.ignored_headers if identified else (),
        ignored_sheets=identified.other_sheets if identified else (),
        notices=(
            *examined.notices,
            *([_same_content(same_as)] if same_as else []),
            *_contradictions(submission, counts.conflicts),
        ),
        left_out=examined.left_out,
        conflicts=counts.conflicts,
        source_format=examined.source.format if examined.source else "",
        encoding=examined.source.encoding if examined.source else None,
    )


def _problems(problems: pl.DataFrame, submission: Submission) -> tuple[dict[str, Any], ...]:
    if not problems.height:
        return ()
    said = {"submission_id": submission.submission_id}
    rows = ({**said, **row} for row in problems.iter_rows(named=True))
    return tuple({name: row[name] for name in QUARANTINE_SCHEMA} for row in rows)


def _same_content(other_id: str) -> TiendoError:
    return TiendoError(
        "TD-120",
        f"Số liệu giống hệt kỳ khác đã nộp ({other_id}), chỉ khác cột kỳ báo cáo.",
        f"The figures are those of another period ({other_id}); only the period differs.",
        "Tệp vẫn được nhận. Nếu chép nhầm kỳ trước, hãy nộp lại số liệu đúng.",
        "The file is taken. If an earlier period was copied by mistake, submit the right figures.",
    )


def _contradictions(submission: Submission, conflicts: Iterable[Conflict]) -> list[TiendoError]:
    return [
        TiendoError(
            "TD-121",
            f"{found.rows} dòng của lần nộp {submission.submission_id} khác với lần nộp "
            f"{found.submission_id} của đơn vị {found.org_code}.",
            f"{found.rows} rows of {submission.submission_id} differ from {found.submission_id} of unit "
            f"{found.org_code}.",
            f"Số liệu nộp sau được dùng: {_in_force(submission, found)}. Hai đơn vị cần thống nhất số liệu.",
            f"The later one counts: {_in_force(submission, found)}. The two units have to agree.",
        )
        for found in conflicts
    ]


def _in_force(submission: Submission, conflict: Conflict) -> str:
    return submission.submission_id if conflict.prevails else conflict.submission_id
