"""The door for one file: identify, check, keep it as sent, land its rows, enter it, give a receipt.

Raw copy, landing files and ledger are written in this order: the next intake completes what a kill left.
"""

import hashlib
from datetime import datetime
from pathlib import Path

import polars as pl

from tiendo.intake.contracts import canonical_schema, load_contract
from tiendo.intake.dates import period_of
from tiendo.intake.examine import Examined, examine, land
from tiendo.intake.ledger import LEDGER_SCHEMA, read_ledger, write_ledger
from tiendo.intake.problems import QUARANTINE_SCHEMA
from tiendo.intake.receipts import IntakeSummary, Receipt, make_receipt
from tiendo.intake.references import WHOLE_COUNTRY, References
from tiendo.intake.rows import UNKNOWN
from tiendo.intake.scan import intake
from tiendo.intake.store import UNIDENTIFIED, Submission, parse_raw_path, safe_name, write_atomically
from tiendo.intake.versions import compare
from tiendo.messages import Place, TiendoError
from tiendo.settings import TIMEZONE, Home, now

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
) -> Receipt:
    """Identifies, checks, keeps and lands one file. The caller holds the home's lock.

    Args:
        home: Where it goes.
        file: The file as sent.
        references: Known codes.
        org: Unit of the submission; else taken from the rows.
        period: Period in any accepted spelling; else taken from the rows.
        form: Form where the sender names it.
        received_at: Moment of receipt, local time where it has no zone; else now.

    Raises:
        TiendoError: TD-101, TD-102, TD-205, TD-208 (exit 2) for a missing file or a wrong option; TD-106 or
            TD-107 for a refused file, TD-108 where unit or period is not known, TD-111 over a limit of size:
            nothing is stored then.
    """
    org, period, received_at = _checked_options(file, references, org, period, form, received_at)
    examined = examine(file, file.name, references, form=form, org=org, period=period)
    ledger = _ledger_in_step(home, references)
    content = file.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    submission = Submission(
        form=examined.identified.contract.form if examined.identified else form or UNIDENTIFIED,
        period=examined.converted.period if examined.converted else period or UNKNOWN,
        org_code=examined.converted.org_code if examined.converted else org or UNKNOWN,
        received_at=received_at,
        sha12=sha256[:12],
        file_name=safe_name(file.name),
    )
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


def _ledger_in_step(home: Home, references: References) -> pl.DataFrame:
    """The ledger; where it is missing or damaged it is first rebuilt from what lies under `data/raw`."""
    try:
        if home.ledger.exists():
            return read_ledger(home)
    except TiendoError:
        pass
    intake(home, references)
    return read_ledger(home)


def _checked_options(
    file: Path,
    references: References,
    org: str | None,
    period: str | None,
    form: str | None,
    received_at: datetime | None,
) -> tuple[str | None, str | None, datetime]:
    if not file.is_file():
        raise TiendoError(
            "TD-101",
            "Không tìm thấy tệp.",
            "The file does not exist.",
            "Hãy xem lại đường dẫn.",
            "Check the path.",
            Place(file=file.name),
            exit_code=2,
        )
    if form is not None:
        load_contract(form)
    if org is not None and org not in references.any_codes | {WHOLE_COUNTRY}:
        raise TiendoError(
            "TD-208",
            f"Không có đơn vị nào mang mã '{org}'.",
            f"No unit has the code '{org}'.",
            "Hãy ghi --org bằng mã tỉnh 2 chữ số, mã xã 5 chữ số hoặc mã cơ quan.",
            "Give --org a 2-digit province code, a 5-digit commune code or an agency code.",
            exit_code=2,
        )
    canonical = period_of(period) if period is not None else None
    if period is not None and canonical is None:
        raise TiendoError(
            "TD-205",
            f"'{period}' không phải kỳ báo cáo.",
            f"'{period}' is not a period.",
            "Hãy ghi --period như 2026-03, 2026-Q1, 2026-H1 hoặc 2026.",
            "Give --period as 2026-03, 2026-Q1, 2026-H1 or 2026.",
            exit_code=2,
        )
    moment = received_at or now()
    return org, canonical, moment if moment.tzinfo else moment.replace(tzinfo=TIMEZONE)


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
