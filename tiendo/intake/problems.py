"""What can be wrong with a cell or a row, in words a clerk can act on: read, expected, how to repair."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType

import polars as pl

from tiendo.intake.contracts import Column
from tiendo.intake.sentences import EXPECTED, SENTENCES

Cell = str | int | float | bool | date | datetime | time | Decimal | None
Value = str | int | bool | date | datetime | Decimal | None

# One row per problem; a row with several problems has several. `cell` is its address in a grid, such as E12.
QUARANTINE_SCHEMA: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "submission_id": pl.String(),
        "sheet": pl.String(),
        "row_number": pl.Int64(),
        "cell": pl.String(),
        "column_name": pl.String(),
        "column_label": pl.String(),
        "value": pl.String(),
        "rule_code": pl.String(),
        "message_vi": pl.String(),
        "message_en": pl.String(),
    }
)

_FREE_TYPES = frozenset({"text", "code", "organisation"})
_LONGEST_SHOWN = 20
_LONGEST_VALUE = 80
# Stands in sentences for what a cell of a private form held.
HIDDEN = "…"


@dataclass(frozen=True)
class CellProblem:
    """Why a cell cannot be taken.

    Attributes:
        code: Rule code such as `TD-203`.
        value: What was read, as text.
        message_vi: What was read, what is expected and how to repair it, in Vietnamese.
        message_en: The same in English.
        words: What the sentences were filled with beside the value.
    """

    code: str
    value: str | None
    message_vi: str
    message_en: str
    words: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)


def problem(code: str, value: str | None, **words: str) -> CellProblem:
    """A problem with its sentences filled in; `words` are the further names its sentences hold."""
    vi, en = (sentence.format(value=shortened(value or ""), **words) for sentence in SENTENCES[code])
    return CellProblem(code, value, vi, en, words)


def shortened(text: str, longest: int = _LONGEST_VALUE) -> str:
    """The text, or its beginning where it is longer."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def without_private_value(found: CellProblem, column: Column) -> CellProblem:
    """The problem as it may be published of a form whose cells can name a case or a person.

    Of identifiers and text nothing is left, of a wrong choice its beginning; numbers and dates stay unless
    they are longer than any number or date, and so something else.
    """
    if found.value is None:
        return found
    if column.type in _FREE_TYPES or (column.type != "choice" and len(found.value) > _LONGEST_SHOWN):
        hidden = problem(found.code, HIDDEN, **found.words)
        return replace(hidden, value=None)
    return problem(found.code, found.value[:_LONGEST_SHOWN], **found.words)


def cell_problem(code: str, cell: Cell, column: Column) -> CellProblem:
    """A problem of one cell against its column's type."""
    expected_vi, expected_en = expected(column)
    return problem(
        code,
        cell_text(cell),
        expected_vi=expected_vi,
        expected_en=expected_en,
        label_vi=column.label_vi,
        label_en=column.label_en,
    )


def expected(column: Column) -> tuple[str, str]:
    """What a column's cells may hold, in Vietnamese and English."""
    if column.choices:
        listed = ", ".join(spellings[0] for spellings in column.choices.values())
        return listed, listed
    words = EXPECTED.get(column.type)
    if words is None:
        words = f"'{column.label_vi}'", f"'{column.label_en}'"
        if column.example:
            words = f"{words[0]}, ví dụ {column.example}", f"{words[1]} such as {column.example}"
    return words


def cell_text(cell: Cell) -> str | None:
    """A cell as text, the way a message or the quarantine shows it; None for an empty one."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
