"""Brings the ledger and the landing zone into step with the files that lie under `data/raw`.

Whatever is missing, was landed by other code or was left half done by a killed process is landed anew.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tiendo.intake.contracts import load_contracts
from tiendo.intake.examine import Examined, examine, land
from tiendo.intake.ledger import intake_fingerprint, read_ledger, write_ledger
from tiendo.intake.receipts import IntakeSummary
from tiendo.intake.references import References
from tiendo.intake.rows import UNKNOWN
from tiendo.intake.store import UNIDENTIFIED, Submission, parse_raw_path, sha256_of
from tiendo.messages import Place, TiendoError
from tiendo.settings import Home

_NO_SUBMISSION_FILES = frozenset({"README.md", "SYNTHETIC.md"})
_LEDGER_EVERY = 500


def intake(
    home: Home, references: References, progress: Callable[[int, int], None] | None = None
) -> IntakeSummary:
    """Lands every file under `data/raw` that the ledger lacks or that other code or codes landed.

    Folder and file names are authoritative for form, unit, period and moment. The caller holds the lock.

    Args:
        home: The home to bring into step.
        references: Known codes.
        progress: Called with files done and files to do.
    """
    summary = IntakeSummary()
    rows = _known_rows(home, summary)
    found = _scan(home, summary)
    summary.problems += [_gone(path) for path in rows if path not in found]
    to_do = _out_of_step(home, found, rows, references)
    summary.known = len(found) - len(to_do)
    for done, submission in enumerate(to_do, 1):
        row = _land_raw_file(home, submission, references, summary)
        if row is not None:
            rows[submission.raw_path] = row
        elif rows.pop(submission.raw_path, None) is not None:
            summary.is_changed = True
        if done % _LEDGER_EVERY == 0:
            write_ledger(home, rows.values())
        if progress is not None:
            progress(done, len(to_do))
    if summary.is_changed or not home.ledger.exists():
        write_ledger(home, rows.values())
    return summary


def _known_rows(home: Home, summary: IntakeSummary) -> dict[str, dict[str, Any]]:
    """The ledger's rows by raw path; a damaged ledger counts as none and is said to be rebuilt."""
    try:
        ledger = read_ledger(home)
    except TiendoError as error:
        summary.problems.append(error)
        summary.is_changed = True
        return {}
    return {row["raw_path"]: row for row in ledger.iter_rows(named=True)}


def _scan(home: Home, summary: IntakeSummary) -> dict[str, Submission]:
    """Submissions under `data/raw` in order of their paths; misplaced files are reported."""
    forms = {*load_contracts(), UNIDENTIFIED}
    found: dict[str, Submission] = {}
    for path in sorted(home.raw.rglob("*")):
        relative = path.relative_to(home.raw)
        is_hidden = any(part.startswith(".") for part in relative.parts)
        if relative.parts[0] == "plans" or is_hidden or not path.is_file():
            continue
        if path.name in _NO_SUBMISSION_FILES and len(relative.parts) <= 2:
            continue
        submission = parse_raw_path(relative.as_posix())
        if submission is None or submission.form not in forms:
            summary.problems.append(_misplaced(relative.as_posix()))
        else:
            found[relative.as_posix()] = submission
    return found


def _out_of_step(
    home: Home,
    found: dict[str, Submission],
    rows: dict[str, dict[str, Any]],
    references: References,
) -> list[Submission]:
    """Submissions that have to be landed, oldest first."""
    fingerprints = {
        form: intake_fingerprint(form, references) for form in {item.form for item in found.values()}
    }
    written_at = home.ledger.stat().st_mtime_ns if home.ledger.exists() else 0
    to_do = [
        item
        for path, item in found.items()
        if not _is_in_step(home, item, rows.get(path), fingerprints[item.form], written_at)
    ]
    return sorted(to_do, key=lambda item: (item.received_at, item.submission_id))


def _is_in_step(
    home: Home, submission: Submission, row: dict[str, Any] | None, fingerprint: str, written_at: int
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


def _land_raw_file(
    home: Home, submission: Submission, references: References, summary: IntakeSummary
) -> dict[str, Any] | None:
    """Lands one raw file; None where the file is refused and must not even be in the ledger."""
    path = home.raw / submission.raw_path
    sha256 = sha256_of(path)
    try:
        if sha256.startswith(submission.sha12):
            examined = _examine_raw(path, submission, references)
        else:
            examined = Examined(rejection=_changed())
    except TiendoError as error:
        submission.landing_path(home).unlink(missing_ok=True)
        submission.quarantine_path(home).unlink(missing_ok=True)
        error.place = Place(submission.raw_path)
        summary.problems.append(error)
        return None
    row = land(home, submission, sha256, examined, references)
    summary.is_changed = True
    summary.submission_ids.append(submission.submission_id)
    summary.rows_read += row["rows_read"]
    summary.rows_landed += row["rows_landed"]
    summary.rows_quarantined += row["rows_quarantined"]
    if examined.rejection is None:
        summary.landed += 1
    else:
        summary.rejected += 1
        examined.rejection.place = Place(submission.raw_path)
        summary.problems.append(examined.rejection)
    return row


def _examine_raw(path: Path, submission: Submission, references: References) -> Examined:
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
            return Examined(rejection=_readable_now())
        raise
    except Exception as error:  # One file that trips the program may not keep all others from landing.
        return Examined(rejection=_internal(error))
    if not is_identified and examined.rejection is None:
        return Examined(rejection=_readable_now())
    return examined


def _gone(raw_path: str) -> TiendoError:
    return TiendoError(
        "TD-403",
        "Tệp gốc đã nộp không còn trong data/raw; số liệu của nó vẫn còn cho đến khi chạy tiendo rebuild.",
        "A submitted file is no longer in data/raw; its rows stay until tiendo rebuild.",
        "Hãy khôi phục tệp từ bản sao lưu, hoặc chạy tiendo rebuild nếu chủ ý xóa.",
        "Restore it from a backup, or run tiendo rebuild if it was removed on purpose.",
        Place(raw_path),
    )


def _misplaced(raw_path: str) -> TiendoError:
    return TiendoError(
        "TD-112",
        "Tệp trong data/raw không theo quy tắc đặt tên nên bị bỏ qua.",
        "A file in data/raw does not follow the naming rule and is left out.",
        "Hãy nộp tệp bằng lệnh tiendo submit rồi xóa tệp này.",
        "Submit it with tiendo submit and remove this one.",
        Place(raw_path),
    )


def _changed() -> TiendoError:
    return TiendoError(
        "TD-404",
        "Tệp gốc trong data/raw đã bị thay đổi sau khi nộp nên bị loại.",
        "A file in data/raw was changed after it was received and is rejected.",
        "Hãy khôi phục tệp gốc từ bản sao lưu, hoặc nộp tệp mới bằng tiendo submit.",
        "Restore the original from a backup, or submit the new file with tiendo submit.",
    )


def _readable_now() -> TiendoError:
    return TiendoError(
        "TD-113",
        "Tệp trước đây không nhận dạng được, nay đọc được.",
        "The file was not recognised when it came and can be read now.",
        "Hãy nộp lại tệp này bằng lệnh tiendo submit.",
        "Submit it again with tiendo submit.",
    )


def _internal(error: Exception) -> TiendoError:
    return TiendoError(
        "TD-400",
        f"Lỗi bên trong chương trình khi đọc tệp: {type(error).__name__}.",
        f"An internal fault while reading the file: {type(error).__name__}.",
        "Hãy báo người quản trị hệ thống và gửi kèm tệp.",
        "Tell whoever maintains the system and send the file along.",
        exit_code=4,
    )
