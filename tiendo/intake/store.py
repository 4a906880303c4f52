"""Names and writes the files of a home's raw store and landing zone; a reader never sees half a file.

The path of a raw file says everything about its submission, so that the ledger can be rebuilt from paths.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path, PurePosixPath

from tiendo.intake.folding import clean_text
from tiendo.intake.scope import UNKNOWN
from tiendo.settings import TIMEZONE, Home, as_in_ledger

UNIDENTIFIED = "unidentified"
# Ends the name of the tombstone that stands in the place of a raw file erased by decision.
ERASED = ".erased"

_RAW_NAME = re.compile(
    r"(?P<at>\d{4}-\d{2}-\d{2}T\d{6}(?:\.\d{6})?[+-]\d{4})__(?P<sha12>[0-9a-f]{12})__(?P<name>.+)"
)
_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]|Q[1-4]|H[12]))?")
_ORG_CODE = re.compile(r"\w+")
_NOT_IN_NAMES = re.compile(r"[^\w .,()+=&@%~\[\]-]")
_LEFTOVER = re.compile(r"\.[0-9a-f]{16}\.tmp")
_LONGEST_NAME = 120
# File systems allow 255 bytes; the moment and the hash take up to 50 of them.
_LONGEST_NAME_BYTES = 200
_SYNCS_AT_ONCE = 8


@dataclass(frozen=True)
class Submission:
    """What the path of a raw file says.

    Attributes:
        form: Form, or `unidentified`.
        period: Canonical period, or `unknown`.
        org_code: Unit or agency code, or `unknown`.
        received_at: Moment of receipt, with zone.
        sha12: First 12 hexadecimal digits of the file's SHA-256.
        file_name: Name as sent, made safe.
    """

    form: str
    period: str
    org_code: str
    received_at: datetime
    sha12: str
    file_name: str

    @cached_property
    def submission_id(self) -> str:
        """`<form>_<period>_<org_code>_<local moment>_<sha12>`."""
        return f"{self.form}_{self.period}_{self.org_code}_{self._moment('%Y%m%dT%H%M%S', '')}_{self.sha12}"

    @cached_property
    def raw_path(self) -> str:
        """Path below `data/raw`, with slashes."""
        local = self.received_at.astimezone(TIMEZONE)
        at = self._moment("%Y-%m-%dT%H%M%S", ".") + f"{local:%z}"
        return f"{self.form}/{self.period}/{self.org_code}/{at}__{self.sha12}__{self.file_name}"

    @cached_property
    def received_at_utc(self) -> datetime:
        """The moment in UTC, without zone, as the ledger keeps it."""
        return as_in_ledger(self.received_at)

    def _moment(self, pattern: str, before_fraction: str) -> str:
        local = self.received_at.astimezone(TIMEZONE)
        return f"{local:{pattern}}" + (f"{before_fraction}{local:%f}" if local.microsecond else "")

    def landing_path(self, home: Home) -> Path:
        """The Parquet file of its good rows."""
        return landing_file(home, self.form, self.period, self.org_code, self.submission_id)

    def quarantine_path(self, home: Home) -> Path:
        """The Parquet file of its problems."""
        form = f"quarantined_rows/{self.form}"
        return landing_file(home, form, self.period, self.org_code, self.submission_id)

    def landed_paths(self, home: Home) -> tuple[Path, Path]:
        """Both; a file without problems or without good rows has one of them."""
        return self.landing_path(home), self.quarantine_path(home)

    def forget_landed(self, home: Home) -> None:
        """Removes both."""
        for path in self.landed_paths(home):
            path.unlink(missing_ok=True)


def landing_file(home: Home, form: str, period: str, org_code: str, submission_id: str) -> Path:
    """Where the good rows of a submission lie."""
    return home.landing / form / period / org_code / f"{submission_id}.parquet"


def parse_raw_path(raw_path: str) -> Submission | None:
    """What a path below `data/raw` says, None where it does not follow the pattern."""
    parts = PurePosixPath(raw_path).parts
    match = _RAW_NAME.fullmatch(parts[-1]) if len(parts) == 4 else None
    if match is None:
        return None
    form, period, org_code, _ = parts
    at = match["at"]
    try:
        received_at = datetime.strptime(at, "%Y-%m-%dT%H%M%S.%f%z" if "." in at else "%Y-%m-%dT%H%M%S%z")
    except ValueError:
        return None
    if not (period == UNKNOWN or _PERIOD.fullmatch(period)) or not _ORG_CODE.fullmatch(org_code):
        return None
    return Submission(form, period, org_code, received_at, match["sha12"], match["name"])


def safe_name(name: str) -> str:
    """A file name without folders, control characters or signs that some file system refuses.

    Vietnamese letters stay; at most 120 characters and 200 bytes, the extension is kept. No name may pass for
    a tombstone's.
    """
    base = _NOT_IN_NAMES.sub("_", clean_text(re.split(r"[/\\]", name)[-1]).replace("\n", " "))
    stem, dot, suffix = base.strip(" .").rpartition(".")
    if not stem:
        stem, dot, suffix = suffix, "", ""
    suffix = suffix[:10] + ("_" if f".{suffix}".lower() == ERASED else "")
    while len(stem) + len(suffix) >= _LONGEST_NAME or len((stem + suffix).encode()) >= _LONGEST_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem or 'tep'}{dot}{suffix}"


def landed_hash(home: Home, submission: Submission) -> str | None:
    """SHA-256 over what was landed of a submission, good rows and problems; None where it cannot be read."""
    digest = hashlib.sha256()
    try:
        for path in submission.landed_paths(home):
            content = path.read_bytes() if path.exists() else b""
            digest.update(b"%d:" % len(content) + content)
    except OSError:
        return None
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_atomically(path: Path, write: Callable[[Path], object], is_durable: bool = True) -> None:
    """Lets `write` fill a file beside `path`, brings it to disk and moves it there in one step.

    What a killed process leaves behind is a hidden `.tmp` file that no reader looks at. Where many files are
    written together, `is_durable` is false and `bring_to_disk` follows.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        write(temporary)
        if is_durable:
            _sync(temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def remove_leftovers(*folders: Path) -> None:
    """Removes what killed processes left of `write_atomically`. The caller holds the home's lock."""
    for path in (path for folder in folders for path in folder.rglob(".*.tmp")):
        if _LEFTOVER.fullmatch(path.name):
            path.unlink(missing_ok=True)


def bring_to_disk(paths: Iterable[Path], below: Path | None = None) -> None:
    """Waits until files would survive a power cut, and with `below` also the folders from there on.

    The system writes in one go what several threads ask for, so a hundred files cost little more than one.
    """
    files = list(paths)
    folders: set[Path] = set()
    for file in files if below else ():
        folder = file.parent
        while below and folder.is_relative_to(below) and folder not in folders:
            folders.add(folder)
            folder = folder.parent
    with ThreadPoolExecutor(_SYNCS_AT_ONCE) as pool:
        list(pool.map(_sync, files))
        list(pool.map(_sync_folder, folders))


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    with suppress(OSError):  # Some systems cannot open a folder; there the file's own sync has to do.
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
