"""Checks corrections against the submissions they speak of: the cell must be there and hold the old value.

Where it holds another one the correction trips, since it means another file.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
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
from tiendo.intake.problems import CellProblem, Value, cell_text
from tiendo.intake.readers import read_source
from tiendo.intake.references import References
from tiendo.intake.rule_context import RuleContext
from tiendo.intake.rules import check_rules
from tiendo.intake.values import parse_cell

_ONE = Decimal(1)

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
    for number, row in enumerate(good.iter_rows(named=True)):
        read = read_change(row, archive, references)
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
        return _other_source(
            "corrected_submission_id",
            row["corrected_submission_id"],
            "không có lần nộp số liệu nào được tiếp nhận mang mã này",
            "no submission of figures that landed has this identifier",
        )
    place = _place(entry, row["corrected_sheet"], row["cell"])
    if isinstance(place, Misfit):
        return place
    sheet, row_number, name = place
    frame = archive.frame(entry["submission_id"])
    is_sheet = pl.col("sheet").is_null() if sheet is None else pl.col("sheet") == sheet
    landed = frame.filter(is_sheet, pl.col("row_number") == row_number)
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
        spelt |= {"old_value": cell_text(landed[name][0]), "new_value": cell_text(value.value)}
    return Change((entry["submission_id"], sheet or "", row_number), name, value.value, spelt)


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


class _Read(NamedTuple):
    value: Value


def _new_value(
    row: Mapping[str, Any],
    contract: Contract,
    column: Column,
    landed: Value,
    factor: Decimal,
    references: References,
) -> _Read | Misfit:
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
    codes = references.org_codes if column.type == "org_code" else references.any_codes
    if parse_cell(row["old_value"], column, codes, factor) != landed:
        shown = "" if contract.keeps_values_private else f" ('{cell_text(landed) or ''}')"
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
    return _Read(value)


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
    frame = archive.frame(submission_id).filter(
        pl.col("sheet").fill_null("") == sheet, pl.col("row_number") == row_number
    )
    values = {
        change.column: change.value for change in (*_earlier_changes(at, archive, references), *changes)
    }
    changed = frame.with_columns(
        pl.lit(value, dtype=frame.schema[name]).alias(name) for name, value in values.items()
    ).with_columns(row=pl.lit(0, dtype=pl.Int64))
    context = RuleContext(contract, references, entry["org_code"], entry["period"])
    findings = check_rules(with_derived(changed, contract), context)
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
    return Misfit(
        column,
        CellProblem(
            "TD-223",
            value,
            f"Đọc được '{value or ''}': {reason_vi}. Đính chính phải khớp với tệp đã nộp: hãy xem lại mã lần "
            "nộp, trang tính, ô và giá trị cũ.",
            f"Read '{value or ''}': {reason_en}. A correction has to fit the submitted file: check the "
            "submission, sheet, cell and old value.",
        ),
    )


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
