"""Where the parts of a figure stand: submission, file, sheet, row and the cells of its columns.

The address of a cell comes from the row of the part and the place of the form's columns in the file.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tiendo.intake.addresses import cell_address, split_cell
from tiendo.intake.contracts import Contract, load_contracts
from tiendo.publish.query import literal, query
from tiendo.publish.results import to_records
from tiendo.settings import TIMEZONE

Record = dict[str, Any]
# A cell: submission, sheet, row and column.
Place = tuple[str, str, tuple[int, int]]

SUBMISSIONS_SQL = "select * from submissions where submission_id in ({submissions})"
CORRECTIONS_SQL = """
select *
from corrected_cells
where is_applied and corrected_submission_id in ({submissions})
"""
SUBMISSION_COLUMNS = (
    "submission_id", "form", "org_code", "period", "received_at", "file_name", "raw_path", "sha256",
    "source_format", "rows_read",
)  # fmt: skip
PART_COLUMNS = (
    "org_code", "org_name_vi", "org_level", "numerator", "denominator", "value", "maturity", "evidence_ref",
    "sender", "note", "row_count",
)  # fmt: skip
CORRECTION_COLUMNS = (
    "submission_id", "old_value", "new_value", "reason", "document_number", "signed_on",
)  # fmt: skip
WORKBOOKS = ("xlsx", "xlsm", "xls", "ods")
IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]*")


def records(release: Path, sql: str, named: Mapping[str, str]) -> list[Record]:
    """The rows of a query with SQL literals by name."""
    return to_records(query(release, sql.format(**named)))


def sources_of(release: Path, parts: Sequence[Record], formula: Record) -> list[Record]:
    """One record for each row of a file (or file of dossiers) with what it gave and where it stands.

    Args:
        release: Folder of a release.
        parts: Rows of `indicator_parts`, at least one.
        formula: The form and, for computed figures, the sums of its measure.
    """
    return source_rows(parts, formula, *_submissions_of(release, parts))


def source_rows(
    parts: Sequence[Record],
    formula: Record,
    submissions: Mapping[str, Record],
    corrections: Mapping[Place, Record],
) -> list[Record]:
    """The same with the submissions by identifier and the corrections of their cells at hand."""
    contract = load_contracts()[formula["form"]]
    gathered: dict[tuple[Any, ...], list[Record]] = {}
    for part in parts:
        if part["submission_id"] is not None:
            key = (part["org_code"], part["submission_id"], part["sheet"], part["row_number"])
            gathered.setdefault(key, []).append(part)
    rows: list[Record] = []
    for same in gathered.values():
        part = _added(same)
        submission = submissions[part["submission_id"]]
        rows.append(
            {name: part[name] for name in PART_COLUMNS}
            | {
                "periods": [each["period"] for each in same],
                "source": _source(submission)
                | {
                    "sheet": part["sheet"],
                    "row": part["row_number"],
                    "cells": _cells(part, _columns(part, formula), submission, contract, corrections),
                },
            }
        )
    return rows


def _added(same: Sequence[Record]) -> Record:
    """One part of several months of the same file; what one of the months does not tell is not told."""
    part = dict(same[0])
    if len(same) > 1:
        for name in ("numerator", "denominator", "row_count"):
            told = [each[name] for each in same]
            part[name] = None if None in told else sum(told)
        part["value"] = None
    return part


def _source(submission: Record) -> Record:
    received = datetime.fromisoformat(submission["received_at"]).replace(tzinfo=UTC).astimezone(TIMEZONE)
    return {name: submission[name] for name in SUBMISSION_COLUMNS} | {"received_at": received.isoformat()}


def placed_rows(
    release: Path, rows: Sequence[Record], form: str, columns: Sequence[str]
) -> list[Record | None]:
    """Where each of some rows of one form stands: its file, sheet, row and the cells of some columns.

    Args:
        release: Folder of a release.
        rows: Records with `submission_id`, `sheet` and `row_number`.
        form: The form they were sent on.
        columns: Columns whose cells are asked for.

    Returns:
        One source per row, as `sources_of` has them; None where the row comes from no submission.
    """
    submissions, corrections = _submissions_of(release, rows)
    contract = load_contracts()[form]
    found: list[Record | None] = []
    for row in rows:
        submission = submissions.get(row["submission_id"])
        if submission is None:
            found.append(None)
            continue
        named = [("", name) for name in columns]
        at = {"sheet": row["sheet"], "row": row["row_number"]}
        cells = _cells(row, named, submission, contract, corrections)
        found.append(_source(submission) | at | {"cells": cells})
    return found


def _submissions_of(release: Path, rows: Iterable[Record]) -> tuple[dict[str, Record], dict[Place, Record]]:
    """The submissions some rows come from, by identifier, and the corrections of their cells."""
    known = {row["submission_id"] for row in rows if row["submission_id"] is not None}
    listed = ", ".join(literal(submission_id) for submission_id in sorted(known)) or "null"
    named = {"submissions": listed}
    submissions = {row["submission_id"]: row for row in records(release, SUBMISSIONS_SQL, named)}
    return submissions, corrections_of(records(release, CORRECTIONS_SQL, named))


def _cells(
    row: Record,
    named: Iterable[tuple[str, str]],
    submission: Record,
    contract: Contract,
    corrections: Mapping[Place, Record],
) -> list[Record]:
    """The cells of a row that hold some columns, each with its role."""
    if row["row_number"] is None:
        return []
    sheet = row["sheet"] or ""
    positions: dict[str, int] = json.loads(submission["source_columns"] or "{}").get(sheet, {})
    cells: list[Record] = []
    for role, name in named:
        if name not in positions:
            continue
        column, at = contract.column(name), (row["row_number"], positions[name])
        cells.append(
            {
                "role": role,
                "column": name,
                "label_vi": column.label_vi,
                "label_en": column.label_en,
                "column_number": at[1],
                "cell": cell_address(at[1], at[0]) if submission["source_format"] in WORKBOOKS else None,
                "correction": corrections.get((submission["submission_id"], sheet, at)),
            }
        )
    return cells


def _columns(part: Record, formula: Record) -> Iterable[tuple[str, str]]:
    """Role and column of each cell that a part is made of."""
    numerator, denominator, value = part["numerator"], part["denominator"], part["value"]
    if formula["variant"] is not None:
        for role, known in (("numerator", numerator), ("denominator", denominator)):
            names = IDENTIFIER.findall(formula[f"{role}_sum"] or "") if known is not None else []
            yield from ((role, name) for name in dict.fromkeys(names))
        return
    if numerator is not None:
        yield "numerator", "numerator"
    if denominator is not None:
        yield "denominator", "denominator"
    if value is not None and not _follows(value, numerator, denominator):
        yield "value", "value"


def _follows(value: float, numerator: float | None, denominator: float | None) -> bool:
    """Whether a value is that of its parts, as a percentage or as it is; else it was given by itself."""
    if numerator is None or not denominator:
        return False
    return any(abs(value - factor * numerator / denominator) < 1e-9 for factor in (1, 100, 10_000))


def corrections_of(rows: Iterable[Record]) -> dict[Place, Record]:
    """Rows of `corrected_cells` by the cell each corrects."""
    found: dict[Place, Record] = {}
    for row in rows:
        at = split_cell(row["cell"])
        if at is not None:
            key = (row["corrected_submission_id"], row["corrected_sheet"] or "", at)
            found[key] = {name: row[name] for name in CORRECTION_COLUMNS}
    return found
