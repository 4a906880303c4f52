"""Brings the ledger and the landing zone into step with the files that lie under `data/raw`.

Whatever is missing, was landed by other code or was left half done by a killed process is landed anew.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tiendo.intake.archive import AMENDMENTS, Archive, fingerprints_ahead
from tiendo.intake.batches import Batch, batches_of, files_at_once, in_order
from tiendo.intake.contracts import load_contracts
from tiendo.intake.examine import (
    Examined,
    checked_against,
    examine,
    land,
    with_pseudonyms_of,
    without_cells,
)
from tiendo.intake.ledger import Row, amendment_fingerprint, read_ledger, write_ledger
from tiendo.intake.pseudonyms import fingerprint_of
from tiendo.intake.raw_faults import altered, changed, gone, internal, misplaced, readable_now
from tiendo.intake.receipts import IntakeSummary
from tiendo.intake.references import References
from tiendo.intake.scope import UNKNOWN
from tiendo.intake.store import UNIDENTIFIED, Submission, bring_to_disk, parse_raw_path, sha256_of
from tiendo.intake.tombstones import erased_again, erased_row, erased_submission
from tiendo.messages import Place, TiendoError
from tiendo.settings import Home

_NO_SUBMISSION_FILES = frozenset({"README.md", "SYNTHETIC.md"})
_LEDGER_EVERY = 500
# In the place of a fingerprint: no code has it, so the file is looked at until it is as received again.
_ALTERED = "altered"


@dataclass
class Found:
    """What lies under `data/raw`.

    Attributes:
        submissions: Received files by raw path, in order of their paths.
        erased: Submissions of which only the tombstone is there.
        misplaced: Paths that do not follow the naming rule.
    """

    submissions: dict[str, Submission] = field(default_factory=dict[str, Submission])
    erased: list[Submission] = field(default_factory=list[Submission])
    misplaced: list[str] = field(default_factory=list[str])


def call_directly(land: Callable[[Batch], None], batch: Batch) -> None:
    """Lands a batch."""
    land(batch)


def intake(
    home: Home,
    references: References,
    progress: Callable[[int, int], None] | None = None,
    forms: Collection[str] | None = None,
    call: Callable[..., Any] = call_directly,
    before: Callable[[int, int], None] | None = None,
) -> IntakeSummary:
    """Lands every file under `data/raw` that the ledger lacks or that other code or codes landed.

    Folder and file names are authoritative for form, unit, period and moment. The caller holds the lock.

    Args:
        home: The home to bring into step.
        references: Known codes.
        progress: Called with files done and files to do.
        forms: Land only files of these forms, others being none the wiser.
        call: Called with a function and a batch, to call one with the other; so batches can be followed.
        before: Called where there are files to land, with the rows of the others and the bytes of these;
            what it raises stops all.
    """
    summary = IntakeSummary()
    rows = _known_rows(home, summary)
    found = scan(home)
    summary.problems += [misplaced(path) for path in found.misplaced]
    _bury(home, found, rows, summary)
    summary.problems += [gone(path) for path, row in rows.items() if _is_gone(path, row, found)]
    found_forms = {item.form for item in found.submissions.values()}
    fingerprints = {form: fingerprint_of(home, form, references) for form in found_forms}
    to_do = _out_of_step(home, found.submissions, rows, fingerprints, references)
    if to_do or summary.is_changed:
        to_do = _with_amendments(found.submissions, to_do)
    batches = batches_of(to_do, forms)
    total = sum(len(batch.submissions) for batch in batches)
    summary.known = len(found.submissions) - total
    if total and before:
        coming = {item.raw_path: home.raw / item.raw_path for batch in batches for item in batch.submissions}
        landed = sum(row["rows_landed"] for path, row in rows.items() if path not in coming)
        before(landed, sum(path.stat().st_size for path in coming.values() if path.exists()))
    landing = _Landing(home, references, fingerprints, rows, summary, progress, total)
    for batch in batches:
        call(landing.land_batch, batch)
    if summary.is_changed or not home.ledger.exists():
        landing.write()
    return summary


@dataclass
class _Landing:
    """Files on their way into the ledger, which is written now and then and at the end."""

    home: Home
    references: References
    fingerprints: Mapping[str, str]
    rows: dict[str, Row]
    summary: IntakeSummary
    progress: Callable[[int, int], None] | None
    total: int
    done: int = 0
    unwritten: list[Submission] = field(default_factory=list[Submission])

    def land_batch(self, batch: Batch) -> None:
        """Lands the files of a batch, several at once where that pays; enters them one after the other."""
        for outcome in in_order(self._land, batch.submissions, self._at_once(batch)):
            self._enter(outcome)
            self.done += 1
            if self.done % _LEDGER_EVERY == 0:
                self.write()
            if self.progress is not None:
                self.progress(self.done, self.total)

    def _at_once(self, batch: Batch) -> int:
        """Corrections and withdrawals look at what was landed before them."""
        if any(item.form in AMENDMENTS for item in batch.submissions):
            return 1
        return files_at_once([self.home.raw / item.raw_path for item in batch.submissions])

    def _land(self, submission: Submission) -> "_Outcome":
        """Lands one file, perhaps beside others: the ledger and the summary are not touched here."""
        sha256 = sha256_of(self.home.raw / submission.raw_path)
        is_received = sha256.startswith(submission.sha12)
        if not is_received and _is_landed(self.home, submission, self.rows.get(submission.raw_path)):
            return _Outcome(submission, is_altered=True)
        archive = _ahead_of(self.home, submission, self.rows.values())
        fingerprint = self.fingerprints[submission.form]
        if archive is not None:
            fingerprint = amendment_fingerprint(fingerprint, self.references, archive.fingerprint())
        try:
            examined = (
                _examine_raw(self.home, submission, self.references, archive)
                if is_received
                else Examined(rejection=changed())
            )
        except TiendoError as error:
            submission.forget_landed(self.home)
            error.place = _place(submission, error)
            return _Outcome(submission, problem=error)
        row = land(self.home, submission, sha256, examined, fingerprint)
        if examined.rejection is not None:
            examined.rejection.place = Place(submission.raw_path)
        return _Outcome(submission, row, examined.rejection)

    def _enter(self, outcome: "_Outcome") -> None:
        """Enters a file; takes it out where it cannot be read now."""
        submission, row, summary = outcome.submission, outcome.row, self.summary
        if outcome.is_altered:
            _keep_landed(self.rows, submission, summary)
            return
        if outcome.problem is not None:
            summary.problems.append(outcome.problem)
        if row is None:
            if self.rows.pop(submission.raw_path, None) is not None:
                summary.is_changed = True
            return
        self.rows[submission.raw_path] = row
        self.unwritten.append(submission)
        summary.is_changed = True
        summary.submission_ids.append(submission.submission_id)
        summary.rows_read += row["rows_read"]
        summary.rows_landed += row["rows_landed"]
        summary.rows_quarantined += row["rows_quarantined"]
        if outcome.problem is None:
            summary.landed += 1
        else:
            summary.rejected += 1

    def write(self) -> None:
        """Writes the ledger, after what it speaks of."""
        paths = [path for item in self.unwritten for path in item.landed_paths(self.home)]
        bring_to_disk(path for path in paths if path.exists())
        write_ledger(self.home, self.rows.values())
        self.unwritten.clear()


@dataclass(frozen=True)
class _Outcome:
    """What became of a file.

    Attributes:
        submission: The file.
        row: Its row of the ledger; None where it may not be in it.
        problem: Why it is rejected or refused.
        is_altered: Whether it is no longer what was received while its landed rows still are.
    """

    submission: Submission
    row: Row | None = None
    problem: TiendoError | None = None
    is_altered: bool = False


def _known_rows(home: Home, summary: IntakeSummary) -> dict[str, Row]:
    """The ledger's rows by raw path; a damaged ledger counts as none and is said to be rebuilt."""
    try:
        ledger = read_ledger(home)
    except TiendoError as error:
        summary.problems.append(error)
        summary.is_changed = True
        return {}
    return {row["raw_path"]: row for row in ledger.iter_rows(named=True)}


def scan(home: Home) -> Found:
    """Everything under `data/raw` that is not the plans' and not hidden."""
    forms = {*load_contracts(), UNIDENTIFIED}
    found = Found()
    for path in sorted(home.raw.rglob("*")):
        relative = path.relative_to(home.raw)
        is_hidden = any(part.startswith(".") for part in relative.parts)
        if relative.parts[0] == "plans" or is_hidden or not path.is_file():
            continue
        if path.name in _NO_SUBMISSION_FILES and len(relative.parts) <= 2:
            continue
        name = relative.as_posix()
        erased = erased_submission(name)
        submission = erased or parse_raw_path(name)
        if submission is None or submission.form not in forms:
            found.misplaced.append(name)
        elif erased:
            found.erased.append(erased)
        else:
            found.submissions[name] = submission
    return found


def _bury(home: Home, found: Found, rows: dict[str, Row], summary: IntakeSummary) -> None:
    """Enters erased submissions and takes out what is left of them; copies of their content go unlanded."""
    hashes = {item.sha12 for item in found.erased}
    copies = [item for item in found.submissions.values() if item.sha12 in hashes]
    for item in (*copies, *found.erased):
        item.forget_landed(home)
    for item in copies:
        del found.submissions[item.raw_path]
        summary.problems.append(erased_again(item.raw_path))
    buried = {item.raw_path: erased_row(item, home) for item in found.erased}
    ids = {row["submission_id"] for row in buried.values()}
    for path, row in list(rows.items()):
        # The tombstone may leave out a file name that itself named a person: the identifier stays the same.
        is_left = row["submission_id"] in ids or row["status"] == "erased" or row["sha256"][:12] in hashes
        if is_left and not _is_same(row, buried.get(path)):
            del rows[path]
            summary.is_changed = True
    for path, row in buried.items():
        if path not in rows:
            rows[path] = row
            summary.is_changed = True


def _is_gone(path: str, row: Row, found: Found) -> bool:
    return path not in found.submissions and row["status"] != "erased"


def _is_same(row: Row, other: Row | None) -> bool:
    return other is not None and all(row[name] == other.get(name) for name in row)


def _out_of_step(
    home: Home,
    found: dict[str, Submission],
    rows: dict[str, Row],
    fingerprints: Mapping[str, str],
    references: References,
) -> list[Submission]:
    """Submissions that have to be landed, oldest first; amendments also where what precedes them changed."""
    written_at = home.ledger.stat().st_mtime_ns if home.ledger.exists() else 0
    amendments = (item for item in found.values() if item.form in AMENDMENTS)
    expected = {
        path: amendment_fingerprint(fingerprints[found[path].form], references, ahead)
        for path, ahead in fingerprints_ahead(rows.values(), amendments).items()
    }
    to_do = [
        item
        for path, item in found.items()
        if not _is_in_step(
            home, item, rows.get(path), expected.get(path, fingerprints[item.form]), written_at
        )
    ]
    return sorted(to_do, key=_order)


def _with_amendments(found: dict[str, Submission], to_do: list[Submission]) -> list[Submission]:
    """With all corrections and withdrawals: what they speak of may have come, changed or gone."""
    amendments = [item for item in found.values() if item.form in AMENDMENTS]
    return sorted({*to_do, *amendments}, key=_order)


def _order(item: Submission) -> tuple[Any, ...]:
    """Oldest first; what speaks of others after those of its moment."""
    return (item.received_at, item.form in AMENDMENTS, item.submission_id)


def _is_in_step(
    home: Home, submission: Submission, row: Row | None, fingerprint: str, written_at: int
) -> bool:
    if row is None or row["intake_fingerprint"] != fingerprint or row["is_synthetic"] != home.is_synthetic:
        return False
    if row["status"] == "landed" and not submission.landing_path(home).exists():
        return False
    if row["rows_quarantined"] and not submission.quarantine_path(home).exists():
        return False
    path = home.raw / submission.raw_path
    stat = path.stat()
    # Reading every file each time would cost minutes in a large home: only one touched since is read again.
    is_touched = max(stat.st_mtime_ns, stat.st_ctime_ns) > written_at
    return stat.st_size == row["size_bytes"] and not (is_touched and sha256_of(path) != row["sha256"])


def _ahead_of(home: Home, submission: Submission, rows: Iterable[Row]) -> Archive | None:
    """What a correction or withdrawal may speak of; None for other forms, which speak of nothing."""
    return Archive.ahead_of(home, rows, submission) if submission.form in AMENDMENTS else None


def _is_landed(home: Home, submission: Submission, row: Row | None) -> bool:
    return row is not None and row["status"] == "landed" and submission.landing_path(home).exists()


def _keep_landed(rows: dict[str, Row], submission: Submission, summary: IntakeSummary) -> None:
    """No figure vanishes because a disk or a hand spoilt one file; it is looked at again each time."""
    row = rows[submission.raw_path]
    if row["intake_fingerprint"] != _ALTERED:
        rows[submission.raw_path] = {**row, "intake_fingerprint": _ALTERED}
        summary.is_changed = True
    summary.problems.append(altered(submission.raw_path))


def _examine_raw(
    home: Home, submission: Submission, references: References, archive: Archive | None
) -> Examined:
    """What is in a raw file.

    Raises:
        TiendoError: The file is refused and must not even be in the ledger.
    """
    # In one expression, so that the cells as sent are gone before the rows are changed.
    examined = without_cells(_examine(home.raw / submission.raw_path, submission, references))
    if archive is not None:
        examined = checked_against(archive, examined, references)
    return with_pseudonyms_of(home, examined)


def _examine(path: Path, submission: Submission, references: References) -> Examined:
    is_identified = submission.form != UNIDENTIFIED
    try:
        examined = examine(
            path,
            submission.file_name,
            references,
            form=submission.form if is_identified else None,
            org=submission.org_code if is_identified or submission.org_code != UNKNOWN else None,
            period=submission.period if is_identified or submission.period != UNKNOWN else None,
        )
    except TiendoError as error:
        if error.code == "TD-108" and not is_identified:
            return Examined(rejection=readable_now())
        raise
    except Exception as error:  # One file that trips the program may not keep all others from landing.
        return Examined(rejection=internal(error))
    if not is_identified and examined.rejection is None:
        return Examined(rejection=readable_now())
    return examined


def _place(submission: Submission, error: TiendoError) -> Place:
    """The raw file; of a marked document without its name."""
    if error.code != "TD-107":
        return Place(submission.raw_path)
    return Place(submission.raw_path.removesuffix(submission.file_name) + "…")
