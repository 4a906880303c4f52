"""Applies corrections at load time: a corrected copy of landed rows stands in the place of the landing file.

Landing files stay as they landed. Each correction is checked once more as at the door, since a file landed
anew by other code can hold another value; what does not fit is told and changes nothing.
"""

import shutil
from pathlib import Path

import polars as pl

from tiendo.intake.archive import CORRECTION, Archive
from tiendo.intake.corrected import Correction, corrected_rows
from tiendo.intake.problems import CellProblem
from tiendo.intake.references import References
from tiendo.settings import Home
from tiendo.warehouse.findings import Finding

KIND = "correction_not_applied"


def correct(
    home: Home, submissions: pl.DataFrame, references: References
) -> tuple[dict[str, Path], list[Finding]]:
    """Writes the corrected copies of what is known, and removes all others.

    Args:
        home: Whose landing zone it is.
        submissions: The ledger rows known, withdrawn ones marked.
        references: Known codes.

    Returns:
        The corrected file of each corrected submission, and the corrections that do not fit.
    """
    folder = home.warehouse / "corrected"
    shutil.rmtree(folder, ignore_errors=True)
    archive = Archive.of(home, submissions.iter_rows(named=True))
    if not any(row["form"] == CORRECTION for row in archive.landed.values()):
        return {}, []
    corrected = corrected_rows(archive, references)
    files = {submission_id: folder / f"{submission_id}.parquet" for submission_id in corrected.frames}
    for submission_id, path in files.items():
        folder.mkdir(parents=True, exist_ok=True)
        corrected.frames[submission_id].write_parquet(path, compression="zstd")
    return files, [_finding(row, why) for row, why in corrected.unfit]


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
