"""Examines one file and lands what was found: good rows, quarantined rows and the ledger's row.

Both doors, a submission from the command line and a file found under `data/raw`, go through here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tiendo.intake.contracts import Contract, canonical_schema
from tiendo.intake.discretion import refuse_forbidden, refuse_marked_name
from tiendo.intake.identify import Identified, identify
from tiendo.intake.ledger import intake_fingerprint
from tiendo.intake.problems import QUARANTINE_SCHEMA
from tiendo.intake.readers import read_tables
from tiendo.intake.references import References
from tiendo.intake.rows import Converted, convert
from tiendo.intake.store import Submission, write_atomically
from tiendo.messages import Place, TiendoError
from tiendo.settings import Home

# A file with one of these faults is kept as sent and entered as rejected; any other fault stores nothing.
_KEPT_FAULTS = frozenset({"TD-101", "TD-102", "TD-103", "TD-104", "TD-109"})


@dataclass(frozen=True)
class Examined:
    """A file as far as it could be understood."""

    identified: Identified | None = None
    converted: Converted | None = None
    rejection: TiendoError | None = None


def examine(
    path: Path, name: str, references: References, *, form: str | None, org: str | None, period: str | None
) -> Examined:
    """Reads and checks a file; a fault that leaves the file worth keeping becomes its rejection."""
    refuse_marked_name(name)
    identified: Identified | None = None
    try:
        tables = read_tables(path)
        refuse_forbidden(tables, name)
        identified = identify(tables, form)
        return Examined(identified, convert(identified, references, org, period))
    except TiendoError as error:
        error.place = Place(name, error.place.sheet, error.place.row, error.place.column)
        if error.code not in _KEPT_FAULTS:
            raise
        return Examined(identified, rejection=error)


def land(
    home: Home, submission: Submission, sha256: str, examined: Examined, references: References
) -> dict[str, Any]:
    """Writes the landing files of an examined submission; gives its ledger row."""
    converted, identified, rejection = examined.converted, examined.identified, examined.rejection
    landing, quarantine = submission.landing_path(home), submission.quarantine_path(home)
    if converted is None or identified is None:
        landing.unlink(missing_ok=True)
        quarantine.unlink(missing_ok=True)
    else:
        frame = _landing_frame(converted.good, submission, identified.contract)
        write_atomically(landing, lambda path: frame.write_parquet(path, compression="zstd"))
        _write_problems(quarantine, converted.problems, submission)
    sheets = [table.sheet for table in identified.tables if table.sheet] if identified else []
    return {
        "submission_id": submission.submission_id,
        "form": submission.form,
        "org_code": submission.org_code,
        "period": submission.period,
        "received_at": submission.received_at_utc,
        "file_name": submission.file_name,
        "raw_path": submission.raw_path,
        "sha256": sha256,
        "size_bytes": (home.raw / submission.raw_path).stat().st_size,
        "sheet": "; ".join(sheets) or None,
        "rows_read": converted.rows_read if converted else 0,
        "rows_landed": converted.good.height if converted else 0,
        "rows_quarantined": converted.rows_quarantined if converted else 0,
        "status": "landed" if converted else "rejected",
        "rejection_code": rejection.code if rejection else None,
        "rejection_vi": rejection.text("vi") if rejection else None,
        "rejection_en": rejection.text("en") if rejection else None,
        "is_synthetic": home.is_synthetic,
        "intake_fingerprint": intake_fingerprint(submission.form, references),
    }


def _landing_frame(good: pl.DataFrame, submission: Submission, contract: Contract) -> pl.DataFrame:
    provenance = {
        "submission_id": pl.lit(submission.submission_id),
        "received_at": pl.lit(submission.received_at_utc),
    }
    # A form's own received_at stays: the submission's moment is in the ledger.
    added = [value.alias(name) for name, value in provenance.items() if name not in good.columns]
    schema = canonical_schema(contract)
    return good.with_columns(added).select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _write_problems(path: Path, problems: pl.DataFrame, submission: Submission) -> None:
    if not problems.height:
        path.unlink(missing_ok=True)
        return
    frame = problems.with_columns(submission_id=pl.lit(submission.submission_id)).select(
        list(QUARANTINE_SCHEMA)
    )
    write_atomically(path, lambda target: frame.write_parquet(target, compression="zstd"))
