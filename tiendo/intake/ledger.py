"""The ledger: one row per submission, rebuildable from `data/raw`, rewritten whole and atomically.

It says what was landed, under which code, and how many rows each submission held.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from tiendo.intake.contracts import contract_paths, load_contracts
from tiendo.intake.references import References
from tiendo.intake.store import ERASED, Submission, write_atomically
from tiendo.messages import Place, TiendoError
from tiendo.settings import Home, as_in_ledger

LEDGER_SCHEMA: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "submission_id": pl.String(),
        "form": pl.String(),
        "org_code": pl.String(),
        "period": pl.String(),
        "received_at": pl.Datetime("us"),
        "file_name": pl.String(),
        "raw_path": pl.String(),
        "sha256": pl.String(),
        "size_bytes": pl.Int64(),
        "sheet": pl.String(),
        "rows_read": pl.Int64(),
        "rows_landed": pl.Int64(),
        "rows_quarantined": pl.Int64(),
        "status": pl.String(),
        "rejection_code": pl.String(),
        "rejection_vi": pl.String(),
        "rejection_en": pl.String(),
        "source_format": pl.String(),
        "encoding": pl.String(),
        "rows_left_out": pl.Int64(),
        "content_hash": pl.String(),
        "columns": pl.String(),
        "notices": pl.String(),
        "is_synthetic": pl.Boolean(),
        "intake_fingerprint": pl.String(),
        "landed_hash": pl.String(),
    }
)
Row = Mapping[str, Any]


class Book:
    """The ledger in memory while files are taken in, with what has to be looked up for each of them.

    Attributes:
        rows: The ledger's rows by raw path.
        erased: The first 12 digits of the hashes of erased files.
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        """Enters the rows."""
        self.rows: dict[str, Row] = {}
        self.erased: set[str] = set()
        self._places: dict[tuple[str, str, str], list[Row]] = {}
        self._contents: dict[tuple[str, str, str], list[Row]] = {}
        for row in rows:
            self.enter(row)

    def enter(self, row: Row) -> None:
        """Enters the row of a submission that is not in it yet."""
        self.rows[row["raw_path"]] = row
        self._places.setdefault((row["form"], row["org_code"], row["period"]), []).append(row)
        if row["content_hash"] is not None:
            self._contents.setdefault(_content_of(row), []).append(row)
        if row["status"] == "erased":
            self.erased.add(row["sha256"])

    def knows(self, path: str) -> bool:
        """Whether a file below `data/raw`, or the tombstone in its place, is entered as what it is."""
        row = self.rows.get(path.removesuffix(ERASED))
        return row is not None and (row["status"] == "erased") == path.endswith(ERASED)

    def of_place(self, submission: Submission) -> list[Row]:
        """The rows of one form, unit and period, in order of receipt."""
        found = self._places.get((submission.form, submission.org_code, submission.period), [])
        return sorted(found, key=order_of_receipt)

    def same_in_other_period(self, row: Row) -> str | None:
        """The last submission of the unit with this content for another period."""
        if row["content_hash"] is None:
            return None
        others = [
            other for other in self._contents.get(_content_of(row), []) if other["period"] != row["period"]
        ]
        return max(others, key=order_of_receipt)["submission_id"] if others else None


def order_of_receipt(row: Row) -> tuple[Any, str]:
    """The moment of receipt; submissions of one moment follow their identifiers."""
    return (row["received_at"], row["submission_id"])


def empty_row(submission: Submission, home: Home) -> dict[str, Any]:
    """The ledger's row of a submission that holds nothing, without `status` and `sha256`."""
    return {
        "submission_id": submission.submission_id,
        "form": submission.form,
        "org_code": submission.org_code,
        "period": submission.period,
        "received_at": submission.received_at_utc,
        "file_name": submission.file_name,
        "raw_path": submission.raw_path,
        "size_bytes": 0,
        "rows_read": 0,
        "rows_landed": 0,
        "rows_quarantined": 0,
        "rows_left_out": 0,
        "content_hash": None,
        "is_synthetic": home.is_synthetic,
    }


def read_ledger(home: Home) -> pl.DataFrame:
    """The ledger in the shape of `LEDGER_SCHEMA`, ordered by receipt; empty where there is none.

    Raises:
        TiendoError: TD-402 where the file is damaged or of another shape.
    """
    if not home.ledger.exists():
        return pl.DataFrame(schema=dict(LEDGER_SCHEMA))
    try:
        # Looked at before it is read: a damaged file can end the process that reads it.
        content = home.ledger.read_bytes()
        if not _is_as_written(home, content):
            raise OSError(home.ledger.name)
        ledger = pl.read_parquet(BytesIO(content))
        return ledger.select(pl.col(name).cast(dtype) for name, dtype in LEDGER_SCHEMA.items())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise TiendoError(
            "TD-402",
            "Sổ nộp báo cáo (ledger) bị hỏng.",
            "The ledger is damaged.",
            "Nó được lập lại từ data/raw khi chạy tiendo refresh hoặc tiendo rebuild.",
            "It is rebuilt from data/raw by tiendo refresh or tiendo rebuild.",
            Place(file=home.ledger.name),
        ) from error


def received_until(ledger: pl.DataFrame, known_at: datetime) -> pl.DataFrame:
    """The rows received up to a moment, which has a time zone."""
    return ledger.filter(pl.col("received_at") <= as_in_ledger(known_at))


def write_ledger(home: Home, rows: Iterable[Row]) -> None:
    """Writes the whole ledger, ordered by receipt; what a row does not say is null."""
    ledger = pl.DataFrame(list(rows), schema=dict(LEDGER_SCHEMA), orient="row")
    buffer = BytesIO()
    ledger.sort("received_at", "submission_id").write_parquet(buffer, compression="zstd")
    content = buffer.getvalue()
    new, old = _hash_of(content), _hash_of(home.ledger.read_bytes()) if home.ledger.exists() else ""
    # Both hashes while the files change: whichever ledger a kill leaves is known.
    both = f"{new}\n{old}" if old in _known_hashes(home) else new
    write_atomically(_hash_path(home), lambda path: path.write_text(both))
    write_atomically(home.ledger, lambda path: path.write_bytes(content))
    write_atomically(_hash_path(home), lambda path: path.write_text(new))


def _hash_path(home: Home) -> Path:
    return home.ledger.with_name(f"{home.ledger.name}.sha256")


def _known_hashes(home: Home) -> list[str]:
    """Hash of the ledger, with that of its successor while it is written; none where nothing is known."""
    try:
        return _hash_path(home).read_text(encoding="utf-8", errors="replace").split()
    except OSError:
        return []


def _is_as_written(home: Home, content: bytes) -> bool:
    known = _known_hashes(home)
    return not known or _hash_of(content) in known


def _hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def amendment_fingerprint(fingerprint: str, references: References, ahead: str) -> str:
    """The `intake_fingerprint` of a correction or withdrawal: it also lands by what was received before it.

    Args:
        fingerprint: That of its form.
        references: Known codes: the rows it speaks of are checked against the plans.
        ahead: Fingerprint of the archive ahead of it.
    """
    return hashlib.sha256(f"{fingerprint}{references.plan_fingerprint}{ahead}".encode()).hexdigest()[:16]


def intake_fingerprint(form: str, references: References, key: str = "") -> str:
    """Changes where a file of this form could land otherwise: code, contract, known codes or key changed.

    Args:
        form: The form, or `unidentified`.
        references: Known codes.
        key: Fingerprint of the key of the pseudonyms, for forms that hold any.
    """
    paths = [path for path in contract_paths() if path.stem == form] or contract_paths()
    contracts = load_contracts()
    named = [contracts[form]] if form in contracts else contracts.values()
    looks_at_plans = any(column.type == "row_ref" for contract in named for column in contract.columns)
    plans = references.plan_fingerprint if looks_at_plans else ""
    digest = hashlib.sha256(f"{_code_fingerprint()}{references.fingerprint}{plans}{key}".encode())
    for path in paths:
        digest.update(_contract_bytes(path))
    return digest.hexdigest()[:16]


@cache
def _code_fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@cache
def _contract_bytes(path: Path) -> bytes:
    return path.read_bytes()


def _content_of(row: Row) -> tuple[str, str, str]:
    return (row["form"], row["org_code"], row["content_hash"])
