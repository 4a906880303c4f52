"""The ledger: one row per submission, rebuildable from `data/raw`, rewritten whole and atomically.

It says what was landed, under which code, and how many rows each submission held.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from tiendo.intake.contracts import contract_paths
from tiendo.intake.references import References
from tiendo.intake.store import write_atomically
from tiendo.messages import Place, TiendoError
from tiendo.settings import Home

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
        "is_synthetic": pl.Boolean(),
        "intake_fingerprint": pl.String(),
    }
)


def read_ledger(home: Home) -> pl.DataFrame:
    """The ledger in the shape of `LEDGER_SCHEMA`, ordered by receipt; empty where there is none.

    Raises:
        TiendoError: TD-402 where the file is damaged or of another shape.
    """
    if not home.ledger.exists():
        return pl.DataFrame(schema=dict(LEDGER_SCHEMA))
    try:
        ledger = pl.read_parquet(home.ledger, glob=False)
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


def write_ledger(home: Home, rows: Iterable[Mapping[str, Any]]) -> None:
    """Writes the whole ledger, ordered by receipt."""
    ledger = pl.DataFrame(list(rows), schema=dict(LEDGER_SCHEMA), orient="row")
    ordered = ledger.sort("received_at", "submission_id")
    write_atomically(home.ledger, lambda path: ordered.write_parquet(path, compression="zstd"))


def intake_fingerprint(form: str, references: References) -> str:
    """Changes where a file of this form could land otherwise: code, contract or known codes changed."""
    paths = [path for path in contract_paths() if path.stem == form] or contract_paths()
    digest = hashlib.sha256(f"{_code_fingerprint()}{references.fingerprint}".encode())
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
