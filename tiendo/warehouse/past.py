"""What submissions held before a correction or withdrawal, so that no value once known is forgotten.

The warehouse reads each submission as it stands now. Beside it lie its earlier states: the rows as they
landed, as earlier corrections left them, and those of submissions that were withdrawn; each with its span.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from tiendo.intake.archive import AMENDMENTS, CORRECTION, Archive
from tiendo.intake.corrected import corrected_rows
from tiendo.intake.ledger import Row
from tiendo.intake.references import References
from tiendo.settings import Home

# The forms whose figures `indicator_revisions` remembers.
FORMS = (
    "indicator_report",
    "dossier",
    "procedure_catalogue",
    "coverage",
    "digital_economy",
    "budget_settlement",
)
STATES_SCHEMA: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "submission_id": pl.String(),
        "state_number": pl.Int64(),
        "known_from": pl.Datetime("us"),
        "known_to": pl.Datetime("us"),
        "changed_by": pl.String(),
        "ended_by": pl.String(),
    }
)


@dataclass
class Past:
    """The states of submissions that did not stay as they landed.

    Attributes:
        states: In the shape of `STATES_SCHEMA`, times in UTC; `known_to` is null while a state lasts.
        files: Rows of the states that are over, with their `state_number`, by form.
    """

    states: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=dict(STATES_SCHEMA)))
    files: dict[str, list[Path]] = field(default_factory=dict[str, list[Path]])


@dataclass
class _Submission:
    """One submission on its way through the amendments."""

    form: str
    rows: pl.DataFrame | None
    spans: list[dict[str, Any]]


def past_states(home: Home, submissions: pl.DataFrame, references: References) -> Past:
    """Replays corrections and withdrawals in the order of receipt; writes what each of them ended.

    Args:
        home: Whose landing zone it is.
        submissions: The ledger rows known, withdrawn ones marked.
        references: Known codes.
    """
    folder = home.warehouse / "past"
    shutil.rmtree(folder, ignore_errors=True)
    landed = pl.when(pl.col("status") == "withdrawn").then(pl.lit("landed")).otherwise(pl.col("status"))
    archive = Archive.of(home, submissions.with_columns(status=landed).iter_rows(named=True))
    past = Past()
    found: dict[str, _Submission] = {}
    amendments = [row for row in archive.landed.values() if row["form"] in AMENDMENTS]
    for moment in sorted({row["received_at"] for row in amendments}):
        now = archive.before(moment)
        touched = _touched(now, [row for row in amendments if row["received_at"] == moment])
        withdrawn = now.withdrawn()
        corrected = corrected_rows(now.without(withdrawn), references, touched).frames
        for submission_id, cause in touched.items():
            rows = None if submission_id in withdrawn else corrected.get(submission_id)
            if rows is None and submission_id not in withdrawn:
                rows = now.frame(submission_id)
            each = found.setdefault(submission_id, _first_state(now, submission_id))
            _advance(past, folder, each, rows, moment, cause)
    spans = [span for submission in found.values() for span in submission.spans]
    past.states = pl.DataFrame(spans, schema=dict(STATES_SCHEMA), orient="row")
    return past


def _touched(now: Archive, amendments: Iterable[Row]) -> dict[str, str]:
    """The submissions of figures that amendments speak of, directly or not; each with the last to do so."""
    touched: dict[str, str] = {}
    for amendment in amendments:
        waiting, seen = [amendment["submission_id"]], set[str]()
        while waiting:
            submission_id = waiting.pop()
            if submission_id in seen or submission_id not in now.landed:
                continue
            seen.add(submission_id)
            form = now.landed[submission_id]["form"]
            if form in FORMS:
                touched[submission_id] = amendment["submission_id"]
            elif form in AMENDMENTS:
                name = "corrected_submission_id" if form == CORRECTION else "withdrawn_submission_id"
                waiting += now.frame(submission_id).get_column(name).to_list()
    return touched


def _first_state(now: Archive, submission_id: str) -> _Submission:
    entry = now.landed[submission_id]
    span = {
        "submission_id": submission_id,
        "state_number": 0,
        "known_from": entry["received_at"],
        "known_to": None,
        "changed_by": submission_id,
        "ended_by": None,
    }
    return _Submission(entry["form"], now.frame(submission_id), [span])


def _advance(
    past: Past, folder: Path, each: _Submission, rows: pl.DataFrame | None, moment: datetime, cause: str
) -> None:
    """Ends the state of a submission and begins the next one, where the amendment changed anything."""
    last = each.spans[-1]
    if (rows is None and each.rows is None) or (
        rows is not None and each.rows is not None and rows.equals(each.rows)
    ):
        return
    if each.rows is not None:
        last |= {"known_to": moment, "ended_by": cause}
        if each.rows.height:
            path = folder / each.form / f"{last['submission_id']}__{last['state_number']}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            number = pl.lit(last["state_number"], dtype=pl.Int64).alias("state_number")
            each.rows.with_columns(number).write_parquet(path, compression="zstd")
            past.files.setdefault(each.form, []).append(path)
    if rows is not None:
        each.spans.append(
            last
            | {
                "state_number": last["state_number"] + 1,
                "known_from": moment,
                "known_to": None,
                "changed_by": cause,
                "ended_by": None,
            }
        )
    each.rows = rows
