"""The door: identify files, check them, keep them as sent, land their rows, enter them, give receipts.

Raw copies, landing files and ledger reach the disk in this order: the next intake completes what a kill left.
"""

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tiendo.intake.archive import AMENDMENTS, Archive
from tiendo.intake.contracts import Contract
from tiendo.intake.corrected import Corrected, corrected_rows, undone
from tiendo.intake.examine import Examined, checked_against, examine, land, with_pseudonyms_of
from tiendo.intake.ledger import Book, Row, amendment_fingerprint, read_ledger, write_ledger
from tiendo.intake.options import Options, checked_options, refuse_synthetic_home, refuse_unlikely_moment
from tiendo.intake.pseudonyms import fingerprint_of
from tiendo.intake.receipts import Receipt, make_receipt
from tiendo.intake.references import References
from tiendo.intake.scan import intake
from tiendo.intake.scope import UNKNOWN
from tiendo.intake.store import (
    UNIDENTIFIED,
    Submission,
    bring_to_disk,
    parse_raw_path,
    safe_name,
    write_atomically,
)
from tiendo.intake.tombstones import erased_again
from tiendo.intake.versions import Comparison, Versions
from tiendo.messages import TiendoError
from tiendo.room import refuse_no_room_to_land
from tiendo.settings import Home


class Door:
    """Takes files into one home. Use it in a `with` block: at its end the ledger is written.

    A receipt is given before the block ends, but only then would its submission survive a power cut.
    """

    def __init__(
        self, home: Home, references: References, *, is_demo: bool = False, is_backlog: bool = False
    ) -> None:
        """The door of a home; arguments as in `submit`. Nothing is read or made before the first file."""
        self._home = home
        self._references = references
        self._is_demo = is_demo
        self._is_backlog = is_backlog
        self._book: Book | None = None
        self._versions: dict[tuple[str, str], tuple[Versions, Corrected]] = {}
        self._fingerprints: dict[str, str] = {}
        self._withdrawn: frozenset[str] | None = None
        self._unwritten: list[Submission] = []
        self._left_aside: set[str] = set()

    def __enter__(self) -> Self:
        """The door itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Enters what was taken, also where a later file failed."""
        self._write()

    def take(
        self,
        file: Path,
        *,
        org: str | None = None,
        period: str | None = None,
        form: str | None = None,
        received_at: datetime | None = None,
    ) -> Receipt:
        """Takes one file; arguments and errors as in `submit`."""
        said = checked_options(
            file, self._references, org=org, period=period, form=form, received_at=received_at
        )
        refuse_no_room_to_land(self._home, file.stat().st_size)
        if not self._is_demo:
            refuse_synthetic_home(self._home)
            refuse_unlikely_moment(said.received_at)
        examined = examine(
            file, file.name, self._references, form=said.form, org=said.org, period=said.period
        )
        content = file.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        submission = _submission(examined, said, file.name, sha256)
        book = self._book_in_step(submission)
        if submission.sha12 in book.erased:
            raise erased_again(file.name)
        fingerprint = self._fingerprint(submission.form)
        if submission.form in AMENDMENTS:
            archive = Archive.ahead_of(self._home, book.rows.values(), submission)
            examined = checked_against(archive, examined, self._references)
            fingerprint = amendment_fingerprint(fingerprint, self._references, archive.fingerprint())
        examined = with_pseudonyms_of(self._home, examined)
        repeated = self._same_as_before(book, submission, sha256, examined)
        if repeated is not None:
            return self._receipt_again(book, repeated, sha256, examined)
        comparison = self._compare(book, submission, examined)
        undoing = self._undone(book, submission, examined)
        write_atomically(
            self._home.raw / submission.raw_path, lambda path: path.write_bytes(content), is_durable=False
        )
        row = land(self._home, submission, sha256, examined, fingerprint)
        is_known = any(other["sha256"] == sha256 for other in book.of_place(submission))
        self._enter(book, submission, row, examined)
        if examined.converted is None:
            return make_receipt(submission, sha256, examined, "rejected")
        same_as = book.same_in_other_period(row)
        # Kept for the sake of what may still come, but to the sender it is what is in force already.
        is_repeat = is_known and 0 < comparison.unchanged == row["rows_read"]
        status = "unchanged" if is_repeat else "landed"
        receipt = make_receipt(submission, sha256, examined, status, comparison, same_as)
        return replace(receipt, notices=(*receipt.notices, *undoing))

    def _book_in_step(self, submission: Submission) -> Book:
        """The ledger, completed from `data/raw` where it is missing, damaged or lacks a file of this place.

        A process killed between raw copy and ledger leaves such a file; the same file again must not be a
        second submission.
        """
        book = self._book or self._read_book()
        if book is None or self._lacking(book, submission):
            self._write()
            intake(self._home, self._references)
            book = Book(read_ledger(self._home).iter_rows(named=True))
            self._versions.clear()
            self._withdrawn = None
            # What is refused each time, such as a file with personal data, is in no ledger.
            self._left_aside |= self._lacking(book, submission)
        self._book = book
        return book

    def _read_book(self) -> Book | None:
        if not self._home.ledger.exists():
            return None
        try:
            return Book(read_ledger(self._home).iter_rows(named=True))
        except TiendoError:
            return None

    def _lacking(self, book: Book, submission: Submission) -> set[str]:
        """Raw paths of the submission's form, period and unit that the book does not know as they are."""
        folder = (self._home.raw / submission.raw_path).parent
        kept = folder.iterdir() if folder.is_dir() else ()
        paths = {path.relative_to(self._home.raw).as_posix() for path in kept} - self._left_aside
        return {path for path in paths if not book.knows(path) and parse_raw_path(path) is not None}

    def _same_as_before(
        self, book: Book, submission: Submission, sha256: str, examined: Examined
    ) -> Submission | None:
        """The version in force of the same form, unit and period where it is this very file.

        A version that another unit's later file has taken the place of, or that was withdrawn, is not in
        force: sent again, it is new. In a backlog a file received between the two may still come, so only the
        very same submission is known already.
        """
        status = "landed" if examined.converted else "rejected"
        same_place = [row for row in book.of_place(submission) if row["status"] == status]
        if self._is_backlog:
            same_place = [row for row in same_place if row["submission_id"] == submission.submission_id]
        if status == "rejected":
            same_place = [row for row in same_place if row["sha256"] == sha256]
        elif same_place:
            # The same content at the same moment is the same submission, whatever came in between.
            itself = [row for row in same_place if row["submission_id"] == submission.submission_id]
            withdrawn = self._withdrawn_in(book)
            same_place = itself or [row for row in same_place if row["submission_id"] not in withdrawn]
        if not same_place or same_place[-1]["sha256"] != sha256:
            return None
        repeated = parse_raw_path(same_place[-1]["raw_path"])
        is_same_moment = repeated is not None and repeated.submission_id == submission.submission_id
        if repeated is None or examined.converted is None or is_same_moment:
            return repeated
        return None if self._compare(book, repeated, examined).superseded else repeated

    def _receipt_again(self, book: Book, repeated: Submission, sha256: str, examined: Examined) -> Receipt:
        if examined.converted is None:
            return make_receipt(repeated, sha256, examined, "rejected")
        superseded = self._compare(book, repeated, examined).superseded
        counts = Comparison(unchanged=examined.converted.good.height - superseded, superseded=superseded)
        return make_receipt(repeated, sha256, examined, "unchanged", counts)

    def _compare(self, book: Book, submission: Submission, examined: Examined) -> Comparison:
        if examined.converted is None or examined.identified is None:
            return Comparison()
        contract = examined.identified.contract
        versions, _ = self._versions_of(book, contract, submission)
        return versions.compare(submission, examined.converted.good)

    def _undone(self, book: Book, submission: Submission, examined: Examined) -> tuple[TiendoError, ...]:
        if examined.converted is None or examined.identified is None:
            return ()
        contract = examined.identified.contract
        versions, corrected = self._versions_of(book, contract, submission)
        return undone(corrected, versions, contract, submission, examined.converted.good)

    def _versions_of(
        self, book: Book, contract: Contract, submission: Submission
    ) -> tuple[Versions, Corrected]:
        """The versions a submission competes with: of a complete extract those of its month alone.

        With what corrections change in them.
        """
        period = submission.period if contract.complete_extract else ""
        known = self._versions.get((contract.form, period))
        if known is None:
            withdrawn = self._withdrawn_in(book)
            kept = (row for row in book.rows.values() if row["submission_id"] not in withdrawn)
            archive = Archive.of(self._home, kept)
            landed = {
                name: parse_raw_path(row["raw_path"])
                for name, row in archive.landed.items()
                if row["form"] == contract.form and period in ("", row["period"])
            }
            corrected = corrected_rows(archive, self._references, landed)
            submissions = (item for item in landed.values() if item is not None)
            known = Versions(self._home, contract, submissions, corrected.frames), corrected
            self._versions[contract.form, period] = known
        return known

    def _withdrawn_in(self, book: Book) -> frozenset[str]:
        if self._withdrawn is None:
            self._withdrawn = Archive.of(self._home, book.rows.values()).withdrawn()
        return self._withdrawn

    def _fingerprint(self, form: str) -> str:
        if form not in self._fingerprints:
            self._fingerprints[form] = fingerprint_of(self._home, form, self._references)
        return self._fingerprints[form]

    def _enter(self, book: Book, submission: Submission, row: Row, examined: Examined) -> None:
        book.enter(row)
        self._unwritten.append(submission)
        if examined.converted is None or examined.identified is None:
            return
        contract = examined.identified.contract
        versions, _ = self._versions_of(book, contract, submission)
        versions.add(submission, examined.converted.good)
        if contract.form in AMENDMENTS:
            self._versions.clear()
            self._withdrawn = None

    def _write(self) -> None:
        """Brings what was taken to disk: raw copies, then landing files, then the ledger that names them."""
        if self._book is None or not self._unwritten:
            return
        raw = [self._home.raw / item.raw_path for item in self._unwritten]
        landed = [path for item in self._unwritten for path in item.landed_paths(self._home)]
        bring_to_disk(raw, self._home.root)
        # Without folders: a landing file whose name got lost is missing, and landed again.
        bring_to_disk(path for path in landed if path.exists())
        write_ledger(self._home, self._book.rows.values())
        self._unwritten.clear()


def _submission(examined: Examined, said: Options, name: str, sha256: str) -> Submission:
    """Who sent what: what the file says, else the sender."""
    converted, identified = examined.converted, examined.identified
    return Submission(
        form=identified.contract.form if identified else said.form or UNIDENTIFIED,
        period=converted.period if converted else said.period or UNKNOWN,
        org_code=converted.org_code if converted else said.org or UNKNOWN,
        received_at=said.received_at,
        sha12=sha256[:12],
        file_name=safe_name(name),
    )
