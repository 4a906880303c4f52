"""Turns one cell into one canonical value by its column's type, or says what is wrong with it.

Typed cells are taken as typed, text by the column's type; what that cannot decide is a problem, not a guess.
"""

import math
from collections.abc import Callable, Set
from functools import cache

from tiendo.intake.contracts import Choices, Column
from tiendo.intake.dates import parse_date, parse_period, parse_timestamp
from tiendo.intake.folding import clean_text, fold
from tiendo.intake.numbers import parse_number
from tiendo.intake.problems import Cell, CellProblem, Value, cell_problem, cell_text

_YES = frozenset({"co", "x", "1", "true", "v"})
_NO = frozenset({"khong", "0", "false"})
_TICKS = frozenset({"✓", "✔", "☑"})


def parse_cell(cell: Cell, column: Column, known_codes: Set[str] = frozenset()) -> Value | CellProblem:
    """The canonical value of a cell, None for an empty one, or the problem with it.

    Args:
        cell: What the file holds: text, or a typed value of Excel or Parquet.
        column: The contract's column.
        known_codes: Unit codes, to restore the zeros Excel drops: '1139' is read as '01139' only where that
            unit is known and '1139' is not.
    """
    if isinstance(cell, str):
        cell = clean_text(cell)
    if cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if column.type in {"org_code", "organisation"}:
        return _unit_code(cell_text(cell) or "", known_codes)
    return _PARSERS[column.type](cell, column)


def choice_of(text: str, choices: Choices) -> str | None:
    """The canonical value of which `text` is a spelling, None where it is none."""
    return _spellings(tuple(choices.items())).get(fold(text))


@cache
def _spellings(choices: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    return {fold(spelling): value for value, listed in choices for spelling in (value, *listed)}


def _unit_code(text: str, known_codes: Set[str]) -> str:
    candidates = (text, text.lower(), text.zfill(5), text.zfill(2))
    return next((code for code in candidates if code in known_codes), text)


def _parse_text(cell: Cell, column: Column) -> str | None:  # noqa: ARG001
    return cell_text(cell)


def _parse_choice(cell: Cell, column: Column) -> str | CellProblem:
    return choice_of(cell_text(cell) or "", column.choices) or cell_problem("TD-206", cell, column)


def _parse_boolean(cell: Cell, column: Column) -> bool | CellProblem:
    if isinstance(cell, bool):
        return cell
    text = cell_text(cell) or ""
    folded = fold(text)
    if folded in _YES or text in _TICKS:
        return True
    return False if folded in _NO else cell_problem("TD-207", cell, column)


_PARSERS: dict[str, Callable[[Cell, Column], Value | CellProblem]] = {
    "text": _parse_text,
    "code": _parse_text,
    "indicator_code": _parse_text,
    "integer": parse_number,
    "decimal": parse_number,
    "boolean": _parse_boolean,
    "date": parse_date,
    "timestamp": parse_timestamp,
    "period": parse_period,
    "choice": _parse_choice,
}
