"""Checks corrections against the submissions they speak of: the cell counts and holds the old value.

Where it holds another one the correction means another file; where a later file counts, it changes nothing.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import polars as pl

from tiendo.intake.addresses import split_cell
from tiendo.intake.amounts import column_factors
from tiendo.intake.archive import CORRECTION, WITHDRAWAL, Archive
from tiendo.intake.cells import with_derived
from tiendo.intake.contracts import Column, Contract, load_contract
from tiendo.intake.folding import fold
from tiendo.intake.identify import identify
from tiendo.intake.ledger import Row
from tiendo.intake.problems import CellProblem, Value, cell_text, problem
from tiendo.intake.readers import read_source
from tiendo.intake.references import References
from tiendo.intake.rule_context import RuleContext
from tiendo.intake.rules import check_rules
from tiendo.intake.store import parse_raw_path
from tiendo.intake.values import parse_cell
from tiendo.intake.versions import Versions

_ONE = Decimal(1)
# Would be read as thousands or as a fraction (TD-218); a further zero makes it a fraction.
_EITHER = re.compile(r"-?\d{1,3},\d{3}")

Spelt = Mapping[str, str | None]


class Misfit(NamedTuple):
    """What is wrong with a row of a correction or withdrawal: in which of its columns, and why."""

    column_name: str
    problem: CellProblem


@dataclass(frozen=True)
class Change:
    """One corrected cell of a submission, found and read.

    Attributes:
        at: Submission, sheet and row number.
        column: The corrected column.
        value: What shall stand there.
        spelt: The correction's own cells as they land: the place spelt one way, amounts in the form's unit.
    """

    at: tuple[str, str, int]
    column: str
    value: Value
    spelt: Spelt


def check_corrections(
    good: pl.DataFrame, archive: Archive, references: References
) -> tuple[dict[int, Misfit], dict[int, Spelt]]:
    """By position, the rows of a correction that do not fit, and how cells of the others are to land."""
    misfits: dict[int, Misfit] = {}
    changes: dict[int, Change] = {}
    sources = _Sources(archive)
    for number, row in enumerate(good.iter_rows(named=True)):
        read = read_change(row, sources.in_use, references)
        if isinstance(read, Change):
            read = sources.misfit(read) or read
        if isinstance(read, Misfit):
            misfits[number] = read
        else:
            changes[number] = read
    for at in {change.at for change in changes.values()}:
        together = {number: change for number, change in changes.items() if change.at == at}
        broken = _broken_rule(at, list(together.values()), archive, references)
        if broken is not None:
            misfits |= dict.fromkeys(together, broken)
    return misfits, {number: change.spelt for number, change in changes.items() if number not in misfits}


def read_change(
    row: Mapping[str, Any], archive: Archive, references: References, has_landed: bool = False
) -> Change | Misfit:
    """What one row of a correction changes, or why it cannot; one that has landed is in the form's units."""
    entry = archive.landed.get(row["corrected_submission_id"])
    if entry is None or entry["form"] in (CORRECTION, WITHDRAWAL):
        return _no_source(row["corrected_submission_id"], archive)
    place = _place(entry, row["corrected_sheet"], row["cell"])
    if isinstance(place, Misfit):
        return place
    sheet, row_number, name = place
    frame = archive.frame(entry["submission_id"])
    landed = frame.filter(at_row(sheet or "", row_number)) if frame.width else frame
    if not landed.height:
        return _other_source(
            "cell",
            row["cell"],
            "dòng này không phải dòng số liệu hoặc chưa được nhận do có lỗi; hãy nộp lại tệp đã sửa",
            "that row holds no figures, or was quarantined; submit the repaired file instead",
        )
    contract = load_contract(entry["form"])
    column = contract.column(name)
    factor = _ONE if has_landed or column.unit is None else _factor(entry, sheet, column, archive)
    value = _new_value(row, contract, column, landed[name][0], factor, references)
    if isinstance(value, Misfit):
        return value
    spelt = {"corrected_sheet": sheet, "cell": row["cell"].replace("$", "").strip().upper()}
    if factor != 1:
        spelt |= {"old_value": cell_text(landed[name][0]), "new_value": cell_text(value)}
    return Change((entry["submission_id"], sheet or "", row_number), name, value, spelt)


def at_row(sheet: str, row_number: int) -> pl.Expr:
    """Whether a landed row is that of a `Change.at`, whose sheet is '' in files without sheets."""
    return (pl.col("sheet").fill_null("") == sheet) & (pl.col("row_number") == row_number)


def with_changes(row: pl.DataFrame, changes: Iterable[Change], contract: Contract) -> pl.DataFrame:
    """A landed row with new values, the last change of a cell counting, and what is derived from them."""
    values = {change.column: change.value for change in changes}
    new = [pl.lit(value, dtype=row.schema[name]).alias(name) for name, value in values.items()]
    return with_derived(row.with_columns(new), contract)


class _Sources:
    """The submissions that a correction may speak of: not withdrawn, and in force where the cell stands."""

    def __init__(self, archive: Archive) -> None:
        withdrawn = archive.withdrawn()
        landed = {name: row for name, row in archive.landed.items() if name not in withdrawn}
        self.in_use = Archive(archive.home, landed)
        self._versions: dict[str, Versions] = {}

    def misfit(self, change: Change) -> Misfit | None:
        """Says which submission to correct where another one gives the value in force."""
        submission_id, sheet, row_number = change.at
        submission = parse_raw_path(self.in_use.landed[submission_id]["raw_path"])
        if submission is None:
            return None
        row = self.in_use.frame(submission_id).filter(at_row(sheet, row_number))
        versions = self._versions_of(submission_id)
        (scope,) = versions.scopes(submission, row)
        latest = versions.in_force(scope)
        if latest is None or latest.submission_id == submission_id:
            return None
        return _other_source(
            "corrected_submission_id",
            submission_id,
            f"số liệu đang có hiệu lực nay lấy từ lần nộp {latest.submission_id}, nộp sau lần nộp này; hãy "
            "đính chính lần nộp đó",
            f"the value in force now comes from submission {latest.submission_id}, received after this one; "
            "correct that one",
        )

    def _versions_of(self, submission_id: str) -> Versions:
        """All that may have taken the place of a submission, itself among them."""
        if submission_id not in self._versions:
            entry = self.in_use.landed[submission_id]
            contract = load_contract(entry["form"])
            same = [
                parse_raw_path(row["raw_path"])
                for row in self.in_use.landed.values()
                if row["form"] == entry["form"]
                and row["received_at"] >= entry["received_at"]
                and (not contract.complete_extract or row["period"] == entry["period"])
            ]
            found = (item for item in same if item is not None)
            self._versions[submission_id] = Versions(self.in_use.home, contract, found)
        return self._versions[submission_id]


def _no_source(submission_id: str, archive: Archive) -> Misfit:
    if submission_id in archive.withdrawn():
        reason = (
            "lần nộp này đã được rút, số liệu của nó không còn hiệu lực",
            "that submission was withdrawn, its figures are no longer in force",
        )
    else:
        reason = (
            "không có lần nộp số liệu nào được tiếp nhận mang mã này",
            "no submission of figures that landed has this identifier",
        )
    return _other_source("corrected_submission_id", submission_id, *reason)


def _factor(entry: Row, sheet: str | None, column: Column, archive: Archive) -> Decimal:
    """What amounts of a column were multiplied with at landing: a correction is in the file's own unit."""
    contract = load_contract(entry["form"])
    identified = identify(read_source(archive.home.raw / entry["raw_path"]).tables, contract.form)
    for table, match in zip(identified.tables, identified.matches, strict=True):
        if table.sheet == sheet:
            return column_factors(table, match, contract).get(column.name, _ONE)
    return _ONE


def _place(entry: Row, sheet: str | None, cell: str) -> tuple[str | None, int, str] | Misfit:
    """Sheet, row number and column name of a cell of a submission."""
    sheets: dict[str, dict[str, int]] = json.loads(entry["columns"] or "{}")
    named = [known for known in sheets if fold(known) == fold(sheet or "")]
    # Whose file has one sheet need not name it.
    named = named or (list(sheets) if not sheet and len(sheets) == 1 else [])
    if len(named) != 1:
        listed = ", ".join(f"'{known}'" for known in sheets)
        return _other_source(
            "corrected_sheet",
            sheet,
            f"lần nộp đó không có trang tính này (có: {listed})",
            f"that submission has no such sheet (it has {listed})",
        )
    address = split_cell(cell)
    columns = {number: name for name, number in sheets[named[0]].items()}
    if address is None or address[1] not in columns:
        return _other_source(
            "cell",
            cell,
            "không phải địa chỉ một ô số liệu của tệp đã nộp (ví dụ đúng: E12)",
            "this is no cell of figures of the submitted file (written like E12)",
        )
    return named[0] or None, address[0], columns[address[1]]


def _new_value(
    row: Mapping[str, Any],
    contract: Contract,
    column: Column,
    landed: Value,
    factor: Decimal,
    references: References,
) -> Value | Misfit:
    """The new value, where the old one is what landed and the column is one a correction may touch."""
    if column.name in _names_of_rows(contract) or column.pseudonym:
        return _not_taken(
            "cell",
            row["cell"],
            f"Cột '{column.label_vi}' cho biết dòng này là của ai, kỳ nào nên không đính chính được; hãy rút "
            "lần nộp đó và nộp lại tệp đúng.",
            f"Column '{column.label_en}' says whose row this is and cannot be corrected; withdraw that "
            "submission and submit the right file.",
        )
    codes = references.codes_of(column.type)
    if parse_cell(row["old_value"], column, codes, factor) != landed:
        shown = "" if contract.keeps_values_private else f" ('{as_sent(landed, column, factor)}')"
        return _other_source(
            "old_value",
            row["old_value"],
            f"ô {row['cell']} trong tệp đã nộp có giá trị khác{shown}",
            f"cell {row['cell']} of the submitted file holds another value{shown}",
        )
    value = parse_cell(row["new_value"], column, codes, factor)
    if isinstance(value, CellProblem):
        return _not_taken("new_value", row["new_value"], value.message_vi, value.message_en)
    if value is None and column.required:
        return _not_taken(
            "new_value",
            None,
            f"Ô '{column.label_vi}' là ô bắt buộc, không được để trống. Hãy điền giá trị mới.",
            f"'{column.label_en}' is a required cell and cannot be emptied. Give the new value.",
        )
    return value


def as_sent(value: Value, column: Column, factor: Decimal = _ONE) -> str:
    """A landed value as its sender would write it, in the unit of the file: as `old_value` it is taken."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        if isinstance(value, date) and not isinstance(value, datetime):
            return f"{value:%d/%m/%Y}"
        spellings = column.choices.get(value) if isinstance(value, str) else None
        return spellings[0] if spellings else cell_text(value) or ""
    if isinstance(value, int) and factor == 1:
        return str(value)
    text = f"{Decimal(value) / factor:f}"
    text = text.rstrip("0").rstrip(".").replace(".", ",") if "." in text else text
    return f"{text}0" if _EITHER.fullmatch(text) else text


def _names_of_rows(contract: Contract) -> frozenset[str]:
    """Columns that name a row or its place: with another value there it would be another row."""
    named = {*contract.key, *contract.replaces, contract.organisation_column, contract.period_column}
    sources = {derived.source for derived in contract.derived if derived.name in named}
    return frozenset(name for name in named | sources if name)


def _broken_rule(
    at: tuple[str, str, int], changes: list[Change], archive: Archive, references: References
) -> Misfit | None:
    """The rule of its form that a row would break with these changes and the corrections before them."""
    submission_id, sheet, row_number = at
    entry = archive.landed[submission_id]
    contract = load_contract(entry["form"])
    row = archive.frame(submission_id).filter(at_row(sheet, row_number))
    row = row.with_columns(row=pl.lit(0, dtype=pl.Int64))
    every_change = (*_earlier_changes(at, archive, references), *changes)
    context = RuleContext(contract, references, entry["org_code"], entry["period"])
    findings = check_rules(with_changes(row, every_change, contract), context)
    if not findings:
        return None
    fault = findings[0].problem
    return _not_taken("new_value", cell_text(changes[0].value), fault.message_vi, fault.message_en)


def _earlier_changes(at: tuple[str, str, int], archive: Archive, references: References) -> list[Change]:
    withdrawn = archive.withdrawn()
    rows = [
        row
        for row in archive.rows_of(CORRECTION)
        if row["corrected_submission_id"] == at[0] and row["submission_id"] not in withdrawn
    ]
    read = [read_change(row, archive, references, has_landed=True) for row in rows]
    return [change for change in read if isinstance(change, Change) and change.at == at]


def _other_source(column: str, value: str | None, reason_vi: str, reason_en: str) -> Misfit:
    return Misfit(column, problem("TD-223", value, reason_vi=reason_vi, reason_en=reason_en))


def _not_taken(column: str, value: str | None, reason_vi: str, reason_en: str) -> Misfit:
    return Misfit(
        column,
        CellProblem(
            "TD-224",
            value,
            f"Không nhận được giá trị đính chính. {reason_vi}",
            f"The correction cannot be taken. {reason_en}",
        ),
    )
