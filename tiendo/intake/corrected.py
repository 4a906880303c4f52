"""Landed rows as the corrections leave them, for the door that compares and the warehouse that loads.

Both read them here, so that a receipt says what a mart will show. Landing files stay as they landed.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from tiendo.intake.archive import CORRECTION, Archive
from tiendo.intake.contracts import Column, Contract, load_contract
from tiendo.intake.corrections import Change, as_sent, at_row, read_change, with_changes
from tiendo.intake.digests import with_hash
from tiendo.intake.problems import CellProblem, Value
from tiendo.intake.references import References
from tiendo.intake.rule_context import RuleContext
from tiendo.intake.rules import check_rules
from tiendo.intake.store import Submission, parse_raw_path
from tiendo.intake.versions import Versions
from tiendo.messages import TiendoError

_CELL = ("corrected_submission_id", "corrected_sheet", "cell")
_MOST_LISTED = 5

Correction = Mapping[str, Any]


class Unfit(NamedTuple):
    """A correction that changes nothing, since its source is another by now, and why."""

    correction: Correction
    problem: CellProblem


@dataclass
class Corrected:
    """What corrections change.

    Attributes:
        frames: Landed rows with their corrections, by corrected submission.
        changes: The corrections in them, each with the submission it corrects.
        unfit: Those that do not fit what landed.
    """

    frames: dict[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])
    changes: list[tuple[Submission, Change]] = field(default_factory=list[tuple[Submission, Change]])
    unfit: list[Unfit] = field(default_factory=list[Unfit])


def corrected_rows(
    archive: Archive, references: References, among: Collection[str] | None = None
) -> Corrected:
    """Applies the corrections of an archive without withdrawn ones, to submissions `among` alone if given."""
    result = Corrected()
    fitting: dict[str, list[tuple[Correction, Change]]] = {}
    # Of several corrections of a cell the last one speaks.
    last = {tuple(row[name] for name in _CELL): row for row in archive.rows_of(CORRECTION)}
    for row in last.values():
        submission_id = row["corrected_submission_id"]
        if among is not None and submission_id not in among:
            continue
        change = read_change(row, archive, references, has_landed=True)
        if isinstance(change, Change):
            fitting.setdefault(submission_id, []).append((row, change))
        else:
            result.unfit.append(Unfit(row, change.problem))
    for submission_id, found in fitting.items():
        _correct(result, archive, submission_id, found, references)
    return result


def _correct(
    result: Corrected,
    archive: Archive,
    submission_id: str,
    fitting: Collection[tuple[Correction, Change]],
    references: References,
) -> None:
    """Enters the landed rows with the corrections of every row that then still keeps the rules of its form.

    Corrections of one row are taken together or not at all: a part may exceed its whole until both are right.
    """
    entry = archive.landed[submission_id]
    source = parse_raw_path(entry["raw_path"])
    if source is None:
        return
    contract = load_contract(entry["form"])
    context = RuleContext(contract, references, entry["org_code"], entry["period"])
    frame = archive.frame(submission_id).with_columns(row=pl.int_range(pl.len(), dtype=pl.Int64))
    for at in dict.fromkeys(change.at for _, change in fitting):
        together = [(row, change) for row, change in fitting if change.at == at]
        is_row = at_row(*at[1:])
        changes = [change for _, change in together]
        changed = with_hash(with_changes(frame.filter(is_row), changes, contract), contract)
        if problems := check_rules(changed, context):
            result.unfit += [Unfit(row, problems[0].problem) for row, _ in together]
        else:
            frame = pl.concat([frame.filter(~is_row), changed.select(frame.columns)]).sort("row")
            result.frames[submission_id] = frame.drop("row")
            result.changes += [(source, change) for change in changes]


def undone(
    corrected: Corrected, versions: Versions, contract: Contract, submission: Submission, good: pl.DataFrame
) -> tuple[TiendoError, ...]:
    """TD-125 where a submission gives another value than a correction whose value was in force before it."""
    if not corrected.changes:
        return ()
    found: list[str] = []
    spoken = versions.scopes(submission, good)
    for source, change in corrected.changes:
        row = corrected.frames[source.submission_id].filter(at_row(*change.at[1:]))
        (scope,) = versions.scopes(source, row)
        before = versions.in_force(scope, besides=submission) if scope in spoken else None
        if before is None or before.received_at > submission.received_at:
            continue
        held = versions.frame(before)
        now = _values(good, row, change.column, contract)
        if change.value in _values(held, row, change.column, contract) and now and change.value not in now:
            found.append(_named(change, now[0], contract))
    return (_notice(found),) if found else ()


def _values(frame: pl.DataFrame, row: pl.DataFrame, column: str, contract: Contract) -> list[Value]:
    """What rows of the same key hold in a column."""
    key = [name for name in contract.key or contract.replaces if name in frame.columns]
    texts = [pl.col(name).cast(pl.String) for name in key]
    if not key:
        return frame[column].to_list()
    same = frame.select(*texts, column).join(row.select(texts), on=key, how="semi", nulls_equal=True)
    return same[column].to_list()


def _named(change: Change, now: Value, contract: Contract) -> str:
    sheet, cell = change.spelt["corrected_sheet"], change.spelt["cell"]
    place = f"{change.at[0]} {f'{sheet}!' if sheet else ''}{cell}"
    column: Column = contract.column(change.column)
    if contract.keeps_values_private:
        return place
    return f"{place} '{as_sent(change.value, column)}' → '{as_sent(now, column)}'"


def _notice(found: Iterable[str]) -> TiendoError:
    listed = list(dict.fromkeys(found))
    shown = "; ".join(listed[:_MOST_LISTED]) + ("; …" if len(listed) > _MOST_LISTED else "")
    return TiendoError(
        "TD-125",
        f"Tệp cho giá trị khác với đính chính đang có hiệu lực ở {len(listed)} ô (giá trị đã đính chính → "
        f"giá trị trong tệp này): {shown}.",
        f"The file gives another value than a correction in force in {len(listed)} cells (corrected value → "
        f"value of this file): {shown}.",
        "Tệp vẫn được nhận và giá trị trong tệp có hiệu lực. Nếu số đã đính chính mới đúng, hãy sửa tệp rồi "
        "nộp lại, hoặc đính chính lần nộp này.",
        "The file is taken and its value counts. If the corrected value is right, repair the file and submit "
        "it again, or correct this submission.",
    )
