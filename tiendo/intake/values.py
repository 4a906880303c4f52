"""Turns one cell into one canonical value by its column's type, or says what is wrong with it.

Typed cells are taken as typed, text by the column's type; what that cannot decide is a problem, not a guess.
"""

import math
import re
from collections.abc import Callable, Set
from decimal import Decimal
from functools import cache

from tiendo.intake.contracts import Choices, Column
from tiendo.intake.dates import parse_date, parse_period, parse_timestamp
from tiendo.intake.deadlines import parse_due_on, parse_rhythm
from tiendo.intake.folding import clean_text, fold
from tiendo.intake.numbers import parse_number
from tiendo.intake.problems import Cell, CellProblem, Value, cell_problem, cell_text

_YES = frozenset({"co", "x", "1", "true", "v", "yes", "dung"})
_NO = frozenset({"khong", "0", "false", "no", "sai"})
_HASH = re.compile("[0-9a-f]{64}")
_ONE = Decimal(1)
_TICKED = frozenset({"✓", "✔", "☑", "☒"})
_UNTICKED = "☐"
# What a spreadsheet shows where a formula fails, in Excel and in LibreOffice.
_FORMULA_ERROR = re.compile(
    r"#(?:REF|DIV/0|VALUE|NAME|NULL|NUM|SPILL|CALC)[!?]|#N/A|Err:\d{3}", re.IGNORECASE
)


def parse_cell(
    cell: Cell, column: Column, known_codes: Set[str] = frozenset(), factor: Decimal = _ONE
) -> Value | CellProblem:
    """The canonical value of a cell, None for an empty one, or the problem with it.

    Args:
        cell: What the file holds: text, or a typed value of Excel or Parquet.
        column: The contract's column.
        known_codes: Unit codes, to restore the zeros Excel drops: '1139' is read as '01139' only where that
            unit is known and '1139' is not.
        factor: What amounts are multiplied with to be in the column's unit.
    """
    if isinstance(cell, str):
        cell = _without_apostrophe(clean_text(cell), column)
    if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if isinstance(cell, str) and cell[0] in "#Ee" and _FORMULA_ERROR.fullmatch(cell):
        return cell_problem("TD-221", cell, column)
    if column.type in {"org_code", "organisation"}:
        return _unit_code(cell_text(cell) or "", known_codes)
    if factor != 1:
        return parse_number(cell, column, factor)
    return _PARSERS[column.type](cell, column)


def _without_apostrophe(text: str, column: Column) -> str:
    """Exports keep the apostrophe by which Excel marks digits as text ("'01139")."""
    return text[1:].lstrip() if text[:1] in {"'", "\u2019"} and column.type != "text" else text


def choice_of(text: str, choices: Choices) -> str | None:
    """The canonical value of which `text` is a spelling, None where it is none."""
    return _spellings(tuple(choices.items())).get(fold(text))


def mention_of(text: str, choices: Choices) -> str | None:
    """The one canonical value a text speaks of ('Viettel Đắk Lắk'), None where it names none or several."""
    words = f" {fold(text)} "
    known = _spellings(tuple(choices.items()))
    said = {value for spelling, value in known.items() if f" {spelling} " in words}
    return said.pop() if len(said) == 1 else None


@cache
def _spellings(choices: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    return {fold(spelling): value for value, listed in choices for spelling in (value, *listed)}


def _unit_code(text: str, known_codes: Set[str]) -> str:
    given = next((code for code in (text, text.lower()) if code in known_codes), None)
    restored = {text.zfill(width) for width in (2, 5)} & known_codes
    # '4' may have been the province 04 or the commune 00004: then nothing is guessed.
    return given or (restored.pop() if len(restored) == 1 else text)


def _parse_text(cell: Cell, column: Column) -> str | None:  # noqa: ARG001
    return cell_text(cell)


def _parse_hash(cell: Cell, column: Column) -> str | CellProblem:
    text = (cell_text(cell) or "").lower()
    return text if _HASH.fullmatch(text) else cell_problem("TD-228", cell, column)


def _parse_choice(cell: Cell, column: Column) -> str | CellProblem:
    return choice_of(cell_text(cell) or "", column.choices) or cell_problem("TD-206", cell, column)


def _parse_boolean(cell: Cell, column: Column) -> bool | CellProblem:
    if isinstance(cell, bool):
        return cell
    text = cell_text(cell) or ""
    folded = fold(text)
    if folded in _YES or text in _TICKED:
        return True
    return False if folded in _NO or text == _UNTICKED else cell_problem("TD-207", cell, column)


_PARSERS: dict[str, Callable[[Cell, Column], Value | CellProblem]] = {
    "text": _parse_text,
    "code": _parse_text,
    "indicator_code": _parse_text,
    "plan_id": _parse_text,
    "row_ref": _parse_text,
    "sha256": _parse_hash,
    "integer": parse_number,
    "decimal": parse_number,
    "boolean": _parse_boolean,
    "date": parse_date,
    "deadline": parse_due_on,
    "rhythm": parse_rhythm,
    "timestamp": parse_timestamp,
    "period": parse_period,
    "choice": _parse_choice,
}
