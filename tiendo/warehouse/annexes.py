"""Gives submitted plan annexes (F08, F09) to the registry, and tells which of them it could not use."""

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from tiendo.intake.deadlines import parse_deadline
from tiendo.intake.ledger import read_ledger, received_until
from tiendo.intake.references import References
from tiendo.messages import Language, TiendoError
from tiendo.references import load_references, references_of
from tiendo.registry.annexes import ANNEX_TABLES, Annex, Refused, load_registry_with
from tiendo.settings import Home
from tiendo.warehouse.findings import Finding
from tiendo.warehouse.landed import AS_LANDED, Files, landed_rows
from tiendo.warehouse.withdrawals import mark_withdrawn

KIND = "plan_annex_not_used"
_PROVENANCE = ("submission_id", "received_at", "sheet", "row_hash")


def submitted_annexes(home: Home, submissions: pl.DataFrame, instead: Files = AS_LANDED) -> list[Annex]:
    """Every plan annex received, in the order of receipt, in the registry's own spelling.

    Args:
        home: Whose landing zone it is.
        submissions: The ledger rows known.
        instead: Corrected copies of landing files by submission.
    """
    quarantined = dict(submissions.select("submission_id", "rows_quarantined").iter_rows())
    annexes: list[Annex] = []
    for table in ANNEX_TABLES:
        rows = landed_rows(home, submissions, table, instead)
        if not rows.height:
            continue
        texts = rows.with_columns(_as_text(name, dtype) for name, dtype in rows.schema.items())
        for (submission_id, plan_id), part in texts.group_by("submission_id", "plan_id", maintain_order=True):
            kept = part.drop(_PROVENANCE, strict=False)
            if table == "plan_tasks":
                kept = _with_deadlines(kept)
            missing = quarantined[submission_id]
            annexes.append(Annex(table, str(plan_id), str(submission_id), kept, missing))
    return annexes


def known_references(home: Home, known_at: datetime | None = None) -> References:
    """What a file is checked against: the codes of the plans, with the annexes received so far in them.

    Args:
        home: Whose ledger and landing zone hold the annexes.
        known_at: A moment with a time zone; annexes received later do not count. None: all of them do.

    Raises:
        TiendoError: TD-301 to TD-305 where the plans do not load.
    """
    try:
        ledger = read_ledger(home)
    except TiendoError:
        # A damaged ledger is written anew by the intake that follows.
        return load_references(home.plans)
    if known_at is not None:
        ledger = received_until(ledger, known_at)
    return references_with(home, mark_withdrawn(home, ledger))


def references_with(home: Home, submissions: pl.DataFrame) -> References:
    """The same with the annexes among these ledger rows, withdrawn ones marked."""
    if submissions.filter(pl.col("form").is_in(ANNEX_TABLES)).is_empty():
        return load_references(home.plans)
    registry, _ = load_registry_with(home.plans, submitted_annexes(home, submissions))
    return references_of(registry)


def annexes_not_used(home: Home, submission_ids: Iterable[str]) -> list[Finding]:
    """What their senders should hear at once of annexes among these submissions that the registry refuses."""
    wanted = frozenset(submission_ids)
    ledger = mark_withdrawn(home, read_ledger(home))
    if ledger.filter(
        pl.col("form").is_in(ANNEX_TABLES) & pl.col("submission_id").is_in(list(wanted))
    ).is_empty():
        return []
    _, refused = load_registry_with(home.plans, submitted_annexes(home, ledger))
    return [finding for finding in unused_annexes(refused) if finding.submission_id in wanted]


def unused_annexes(refused: Iterable[Refused]) -> list[Finding]:
    """A finding for each annex that the registry refuses."""
    return [
        Finding(
            finding_kind=KIND,
            submission_id=annex.submission_id,
            other_submission_id="",
            subject=f"{annex.table} {annex.plan_id}",
            message_vi=f"Phụ lục nộp của kế hoạch {annex.plan_id} chưa được dùng: {_said(error, 'vi')}"
            " Hãy sửa rồi nộp lại cả phụ lục.",
            message_en=f"The submitted annex of plan {annex.plan_id} is not used: {_said(error, 'en')}"
            " Correct it and submit the whole annex again.",
        )
        for annex, error in ((item.annex, item.error) for item in refused)
    ]


def _said(error: TiendoError, language: Language) -> str:
    sentence = (error.vi if language == "vi" else error.en).rstrip(".")
    where = error.place.describe(language)
    return f"{error.code} {sentence} ({where})." if where else f"{error.code} {sentence}."


def _with_deadlines(rows: pl.DataFrame) -> pl.DataFrame:
    """Fills deadline columns that are all left open, as the deadline cell reads; what is given stands."""
    read = [parse_deadline(text) for text in rows["deadline_raw"]]
    filled = {
        "deadline_kind": [None if deadline.problem else deadline.kind for deadline in read],
        "due_on": [deadline.due_on and deadline.due_on.isoformat() for deadline in read],
        "start_on": [deadline.start_on and deadline.start_on.isoformat() for deadline in read],
        "recurrence": [deadline.recurrence for deadline in read],
    }
    is_open = pl.all_horizontal(pl.col(*filled).is_null())
    return rows.with_columns(
        pl.when(is_open).then(pl.Series(name, values, dtype=pl.String)).otherwise(pl.col(name)).alias(name)
        for name, values in filled.items()
    )


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(name)
    if name == "row_number" or dtype == pl.String:
        return cell
    if dtype == pl.Boolean:
        return pl.when(cell).then(pl.lit("yes")).when(~cell).then(pl.lit("no")).alias(name)
    text = cell.cast(pl.String)
    return text.str.strip_chars_end("0").str.strip_chars_end(".") if dtype.is_decimal() else text
