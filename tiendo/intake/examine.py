"""Examines one file and lands what was found: good rows, quarantined rows and the ledger's row.

Both doors, a submission from the command line and a file found under `data/raw`, go through here; `check`
stops before the landing.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from tiendo.intake.amendments import check_amendments
from tiendo.intake.archive import Archive
from tiendo.intake.contracts import Contract, canonical_schema
from tiendo.intake.discretion import name_file, refuse_forbidden, refuse_marked_name
from tiendo.intake.identify import Identified, identify
from tiendo.intake.ledger import empty_row
from tiendo.intake.problems import QUARANTINE_SCHEMA
from tiendo.intake.pseudonyms import with_pseudonyms
from tiendo.intake.readers import read_source
from tiendo.intake.references import References
from tiendo.intake.rows import Converted, convert
from tiendo.intake.store import Submission, landed_hash, write_atomically
from tiendo.intake.tables import LeftOut, Source
from tiendo.messages import TiendoError
from tiendo.settings import Home

# A file with one of these faults is kept as sent and entered as rejected; any other fault stores nothing.
_KEPT_FAULTS = frozenset({"TD-101", "TD-102", "TD-103", "TD-104", "TD-109", "TD-114", "TD-115"})


@dataclass(frozen=True)
class Examined:
    """A file as far as it could be understood.

    Attributes:
        source: What was read, None where nothing could be.
        identified: The form and its tables.
        converted: The rows.
        rejection: Why the whole file is rejected.
    """

    source: Source | None = None
    identified: Identified | None = None
    converted: Converted | None = None
    rejection: TiendoError | None = None

    @property
    def notices(self) -> tuple[TiendoError, ...]:
        """What the sender should know although the file is taken."""
        parts = (self.source, self.identified, self.converted)
        return tuple(notice for part in parts if part is not None for notice in part.notices)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Rows below the headers that are no records."""
        tables = self.identified.tables if self.identified else ()
        return tuple(row for table in tables for row in table.left_out)


def examine(
    path: Path,
    name: str,
    references: References,
    *,
    form: str | None = None,
    org: str | None = None,
    period: str | None = None,
) -> Examined:
    """Reads and checks a file; a fault that leaves the file worth keeping becomes its rejection.

    Args:
        path: The file.
        name: Its name as sent.
        references: Known codes.
        form: Form, where the sender names it.
        org: Unit, where the sender names it.
        period: Canonical period, where the sender names it.

    Raises:
        TiendoError: For a file that must not be kept, or whose unit or period nobody said.
    """
    refuse_marked_name(name)
    examined = Examined()
    try:
        source = read_source(path)
        examined = Examined(source)
        refuse_forbidden(source, name)
        identified = identify(source.tables, form)
        examined = replace(examined, identified=identified)
        _refuse_marked_documents(identified)
        return replace(examined, converted=convert(identified, references, org, period))
    except TiendoError as error:
        name_file(error, name)
        if error.code not in _KEPT_FAULTS:
            raise
        return replace(examined, rejection=error)


def _refuse_marked_documents(identified: Identified) -> None:
    """Raises TD-107 where a register names a document whose own name carries a secrecy marking."""
    for table, match in zip(identified.tables, identified.matches, strict=True):
        at = match.mapping.get("file_name")
        for cell in table.columns[at] if at is not None else ():
            if isinstance(cell, str):
                refuse_marked_name(cell)


def checked_against(archive: Archive, examined: Examined, references: References) -> Examined:
    """The same file with rows of a correction or withdrawal quarantined that do not fit what was received."""
    if examined.converted is None or examined.identified is None:
        return examined
    converted = check_amendments(examined.converted, examined.identified, archive, references)
    return replace(examined, converted=converted)


def without_cells(examined: Examined) -> Examined:
    """The same file without the cells as sent, which nothing needs any more once the rows are there."""
    if examined.source is None or examined.identified is None:
        return examined
    tables = tuple(replace(table, columns=()) for table in examined.identified.tables)
    return replace(
        examined,
        source=replace(examined.source, tables=(), grids=()),
        identified=replace(examined.identified, tables=tables),
    )


def with_pseudonyms_of(home: Home, examined: Examined) -> Examined:
    """The same file with identifiers of cases replaced, as it may be landed."""
    if examined.converted is None or examined.identified is None:
        return examined
    good = with_pseudonyms(examined.converted.good, examined.identified.contract, home)
    return replace(examined, converted=replace(examined.converted, good=good))


def land(
    home: Home, submission: Submission, sha256: str, examined: Examined, fingerprint: str
) -> dict[str, Any]:
    """Writes the landing files of an examined submission; gives its ledger row.

    The files are not yet safe from a power cut: whoever writes the ledger brings them to disk before.
    """
    converted, identified, rejection = examined.converted, examined.identified, examined.rejection
    landing, quarantine = submission.landed_paths(home)
    if converted is None or identified is None:
        submission.forget_landed(home)
    else:
        frame = _landing_frame(converted.good, submission, identified.contract)
        # Level 1 takes two thirds of the time of polars' own choice, and makes the files no larger.
        write = partial(frame.write_parquet, compression="zstd", compression_level=1)
        write_atomically(landing, write, False)
        _write_problems(quarantine, converted.problems, submission)
    return empty_row(submission, home) | {
        "sha256": sha256,
        "size_bytes": (home.raw / submission.raw_path).stat().st_size,
        "rows_read": converted.rows_read if converted else 0,
        "rows_landed": converted.good.height if converted else 0,
        "rows_quarantined": converted.rows_quarantined if converted else 0,
        "status": "landed" if converted else "rejected",
        "rejection_code": rejection.code if rejection else None,
        "rejection_vi": rejection.text("vi") if rejection else None,
        "rejection_en": rejection.text("en") if rejection else None,
        "source_format": examined.source.format if examined.source else None,
        "encoding": examined.source.encoding if examined.source else None,
        "notices": json.dumps([notice.code for notice in examined.notices]),
        "intake_fingerprint": fingerprint,
        "landed_hash": landed_hash(home, submission) if converted else None,
        **(_content(identified, converted) if identified else {}),
    }


def _content(identified: Identified, converted: Converted | None) -> dict[str, Any]:
    tables = identified.tables
    columns = {
        table.sheet or "": {name: table.column_numbers[at] for name, at in match.mapping.items()}
        for table, match in zip(tables, identified.matches, strict=True)
    }
    return {
        "sheet": "; ".join(table.sheet for table in tables if table.sheet) or None,
        "rows_left_out": sum(len(table.left_out) for table in tables),
        "columns": json.dumps(columns, ensure_ascii=False),
        "content_hash": content_hash(converted.good, identified.contract) if converted else None,
    }


def content_hash(good: pl.DataFrame, contract: Contract) -> str | None:
    """Equal for equal rows of different periods; None where that would be no surprise.

    Extracts and forms without a period of their own say nothing by being equal, nor do files without rows.
    """
    if contract.complete_extract or contract.period_column is None or not good.height:
        return None
    left_out = {contract.period_column, "data_cutoff"}
    names = [column.name for column in contract.columns if column.name not in left_out]
    rows = sorted(map(repr, zip(*(good.get_column(name).to_list() for name in names), strict=True)))
    return hashlib.blake2b("\n".join(rows).encode(), digest_size=16).hexdigest()


def _landing_frame(good: pl.DataFrame, submission: Submission, contract: Contract) -> pl.DataFrame:
    # Series by series: over sixty rows a query would cost more than all of this.
    provenance = {"submission_id": submission.submission_id, "received_at": submission.received_at_utc}
    columns: list[pl.Series] = []
    for name, dtype in canonical_schema(contract).items():
        # A form's own received_at stays: the submission's moment is in the ledger.
        if name in good.columns:
            column = good.get_column(name)
        else:
            column = pl.Series(name, [provenance[name]], dtype=dtype).new_from_index(0, good.height)
        columns.append(column if column.dtype == dtype else column.cast(dtype))
    return pl.DataFrame(columns)


def _write_problems(path: Path, problems: pl.DataFrame, submission: Submission) -> None:
    if not problems.height:
        path.unlink(missing_ok=True)
        return
    frame = problems.with_columns(submission_id=pl.lit(submission.submission_id)).select(
        list(QUARANTINE_SCHEMA)
    )
    write_atomically(path, lambda target: frame.write_parquet(target, compression="zstd"), False)
