"""The door for one file: identify, check, keep it as sent, land its rows, enter it, give a receipt.

Raw copy, landing files and ledger are written in this order: the next intake completes what a kill left.
"""

import hashlib
from datetime import datetime
from pathlib import Path

import polars as pl

from tiendo.intake.contracts import canonical_schema
from tiendo.intake.examine import Examined, examine, land
from tiendo.intake.ledger import LEDGER_SCHEMA, read_ledger, write_ledger
from tiendo.intake.options import checked_options, refuse_synthetic_home, refuse_unlikely_moment
from tiendo.intake.problems import QUARANTINE_SCHEMA
from tiendo.intake.receipts import IntakeSummary, Receipt, make_receipt
from tiendo.intake.references import References
from tiendo.intake.rows import UNKNOWN
from tiendo.intake.scan import intake
from tiendo.intake.store import UNIDENTIFIED, Submission, parse_raw_path, safe_name, write_atomically
from tiendo.intake.versions import compare
from tiendo.messages import TiendoError
from tiendo.settings import Home

__all__ = [
    "LEDGER_SCHEMA",
    "QUARANTINE_SCHEMA",
    "IntakeSummary",
    "Receipt",
    "References",
    "canonical_schema",
    "intake",
    "read_ledger",
    "submit",
]


def submit(
    home: Home,
    file: Path,
    references: References,
    *,
    org: str | None = None,
    period: str | None = None,
    form: str | None = None,
    received_at: datetime | None = None,
    is_demo: bool = False,
) -> Receipt:
    """Identifies, checks, keeps and lands one file. The caller holds the home's lock.

    Args:
        home: Where it goes.
        file: The file as sent.
        references: Known codes.
        org: Unit of the submission; else taken from the rows.
        period: Period in any accepted spelling; else taken from the rows.
        form: Form where the sender names it, by name or number.
        received_at: Moment of receipt, local time where it has no zone; else now.
        is_demo: Whether the demo submits: its files are synthetic and of the demo's own time.

    Raises:
        TiendoError: TD-101, TD-102, TD-205, TD-208, TD-705 (exit 2) for a missing file or a wrong option;
            TD-704 (exit 2) for a synthetic home; TD-106 or TD-107 for a refused file, TD-108 where unit or
            period is not known, TD-111 over a limit of size: nothing is stored then.
    """
    said = checked_options(file, references, org=org, period=period, form=form, received_at=received_at)
    if not is_demo:
        refuse_synthetic_home(home)
        refuse_unlikely_moment(said.received_at)
    examined = examine(file, file.name, references, form=said.form, org=said.org, period=said.period)
    content = file.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    submission = Submission(
        form=examined.identified.contract.form if examined.identified else said.form or UNIDENTIFIED,
        period=examined.converted.period if examined.converted else said.period or UNKNOWN,
        org_code=examined.converted.org_code if examined.converted else said.org or UNKNOWN,
        received_at=said.received_at,
        sha12=sha256[:12],
        file_name=safe_name(file.name),
    )
    ledger = _ledger_in_step(home, submission, references)
    repeated = _same_as_before(home, ledger, submission, sha256, examined)
    if repeated is not None:
        return make_receipt(repeated, sha256, examined, "unchanged" if examined.converted else "rejected")
    write_atomically(home.raw / submission.raw_path, lambda path: path.write_bytes(content))
    row = land(home, submission, sha256, examined, references)
    write_ledger(home, [*ledger.iter_rows(named=True), row])
    if examined.converted is None or examined.identified is None:
        return make_receipt(submission, sha256, examined, "rejected")
    contract = examined.identified.contract
    comparison = compare(home, ledger, submission, examined.converted.good, contract)
    return make_receipt(submission, sha256, examined, "landed", comparison)


def _ledger_in_step(home: Home, submission: Submission, references: References) -> pl.DataFrame:
    """The ledger, first completed from `data/raw` where it is missing, damaged or lacks a file of this place.

    A process killed between raw copy and ledger leaves such a file; the same file again must not be a second
    submission.
    """
    try:
        if home.ledger.exists():
            ledger = read_ledger(home)
            if _kept(home, submission) <= set(ledger["raw_path"]):
                return ledger
    except TiendoError:
        pass
    intake(home, references)
    return read_ledger(home)


def _kept(home: Home, submission: Submission) -> set[str]:
    """Raw paths of the files kept of the submission's form, period and unit."""
    folder = (home.raw / submission.raw_path).parent
    found = folder.iterdir() if folder.is_dir() else ()
    paths = {path.relative_to(home.raw).as_posix() for path in found}
    return {path for path in paths if parse_raw_path(path) is not None}


def _same_as_before(
    home: Home, ledger: pl.DataFrame, submission: Submission, sha256: str, examined: Examined
) -> Submission | None:
    """The version in force of the same form, unit and period where it is this very file.

    A version that another unit's later file has taken the place of is not in force: sent again, it is new.
    """
    status = "landed" if examined.converted else "rejected"
    same_place = ledger.filter(
        pl.col("form") == submission.form,
        pl.col("org_code") == submission.org_code,
        pl.col("period") == submission.period,
        pl.col("status") == status,
    ).sort("received_at", "submission_id")
    if status == "rejected":
        same_place = same_place.filter(pl.col("sha256") == sha256)
    if not same_place.height or same_place["sha256"][-1] != sha256:
        return None
    repeated = parse_raw_path(same_place["raw_path"][-1])
    if repeated is None or examined.converted is None or examined.identified is None:
        return repeated
    compared = compare(home, ledger, repeated, examined.converted.good, examined.identified.contract)
    return None if compared.superseded else repeated
