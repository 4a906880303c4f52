"""Applies corrections at load time: a corrected copy of landed rows stands in the place of the landing file.

Landing files stay as they landed. Each correction is checked once more as at the door, since a file landed
anew by other code can hold another value; what does not fit is told and changes nothing.
"""

import shutil
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from tiendo.intake.archive import CORRECTION, Archive
from tiendo.intake.cells import with_derived
from tiendo.intake.contracts import Contract, load_contract
from tiendo.intake.corrections import Change, read_change
from tiendo.intake.problems import CellProblem, Value
from tiendo.intake.references import References
from tiendo.intake.rows import with_hash
from tiendo.intake.rule_context import RuleContext
from tiendo.intake.rules import check_rules
from tiendo.settings import Home
from tiendo.warehouse.annexes import known_references
from tiendo.warehouse.findings import Finding

KIND = "correction_not_applied"
_CELL = ("corrected_submission_id", "corrected_sheet", "cell")

Correction = Mapping[str, Any]
Fitting = list[tuple[Correction, Change]]


def correct(home: Home, submissions: pl.DataFrame) -> tuple[dict[str, Path], list[Finding]]:
    """Writes the corrected copies of what is known, and removes all others.

    Args:
        home: Whose landing zone it is.
        submissions: The ledger rows known, withdrawn ones marked.

    Returns:
        The corrected file of each corrected submission, and the corrections that do not fit.
    """
    folder = home.warehouse / "corrected"
    shutil.rmtree(folder, ignore_errors=True)
    archive = Archive.until(home, submissions.iter_rows(named=True), datetime.max)
    # Of several corrections of a cell the last one speaks.
    rows = {tuple(row[name] for name in _CELL): row for row in archive.rows_of(CORRECTION)}
    if not rows:
        return {}, []
    references = known_references(home)
    fitting, findings = _read_all(rows.values(), archive, references)
    files: dict[str, Path] = {}
    for submission_id, found in fitting.items():
        frame, misfits = _corrected(archive, submission_id, found, references)
        findings += misfits
        if len(misfits) < len(found):
            files[submission_id] = folder / f"{submission_id}.parquet"
            folder.mkdir(parents=True, exist_ok=True)
            frame.write_parquet(files[submission_id], compression="zstd")
    return files, findings


def _read_all(
    rows: Iterable[Correction], archive: Archive, references: References
) -> tuple[dict[str, Fitting], list[Finding]]:
    """By submission the corrections that fit what landed, and a finding for each of the others."""
    fitting: dict[str, Fitting] = {}
    findings: list[Finding] = []
    for row in rows:
        change = read_change(row, archive, references, has_landed=True)
        if isinstance(change, Change):
            fitting.setdefault(row["corrected_submission_id"], []).append((row, change))
        else:
            findings.append(_finding(row, change.problem))
    return fitting, findings


def _corrected(
    archive: Archive, submission_id: str, fitting: Fitting, references: References
) -> tuple[pl.DataFrame, list[Finding]]:
    """The landed rows with the corrections of every row that then still keeps the rules of its form.

    Corrections of one row are taken together or not at all: a part may exceed its whole until both are right.
    """
    entry = archive.landed[submission_id]
    contract = load_contract(entry["form"])
    context = RuleContext(contract, references, entry["org_code"], entry["period"])
    frame = archive.frame(submission_id).with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
    findings: list[Finding] = []
    for at in dict.fromkeys(change.at for _, change in fitting):
        together = [(row, change) for row, change in fitting if change.at == at]
        _, sheet, row_number = at
        is_row = (pl.col("sheet").fill_null("") == sheet) & (pl.col("row_number") == row_number)
        values = {change.column: change.value for _, change in together}
        changed = _changed(frame.filter(is_row), values, contract)
        if problems := check_rules(changed, context):
            findings += [_finding(row, problems[0].problem) for row, _ in together]
        else:
            frame = pl.concat([frame.filter(~is_row), changed]).sort("row")
    return frame.drop("row"), findings


def _changed(row: pl.DataFrame, values: Mapping[str, Value], contract: Contract) -> pl.DataFrame:
    """A row with new values, what is derived from them and its hash."""
    new = [pl.lit(value, dtype=row.schema[name]).alias(name) for name, value in values.items()]
    return with_hash(with_derived(row.with_columns(new), contract), contract).select(row.columns)


def _finding(correction: Correction, why: CellProblem) -> Finding:
    sheet, cell = correction["corrected_sheet"], correction["cell"]
    at = f"{sheet}!{cell}" if sheet else cell
    return Finding(
        finding_kind=KIND,
        submission_id=correction["submission_id"],
        other_submission_id=correction["corrected_submission_id"],
        subject=at,
        message_vi=f"Đính chính ô {at} chưa được áp dụng. {why.message_vi}",
        message_en=f"The correction of cell {at} is not applied. {why.message_en}",
    )
