"""Reads numbers the way Vietnamese offices write them, exactly, and refuses what can mean two things.

Dot and comma both group and both part decimals here; the column's type decides, else the cell is quarantined.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from tiendo.intake.contracts import Column
from tiendo.intake.problems import Cell, CellProblem, cell_problem, cell_text, problem

SCALE = Decimal("0.000001")
# From here on a number rounds to 10¹², which DECIMAL(18,6) cannot hold.
LARGEST = Decimal(10) ** 12 - SCALE / 2
_ONE = Decimal(1)
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})

_PLAIN = re.compile(r"\d+")
_DOTS_GROUP = re.compile(r"[1-9]\d{0,2}(\.\d{3})+,\d+|[1-9]\d{0,2}(\.\d{3}){2,}")
_COMMAS_GROUP = re.compile(r"[1-9]\d{0,2}(,\d{3})+\.\d+|[1-9]\d{0,2}(,\d{3}){2,}")
_SPACES_GROUP = re.compile(r"[1-9]\d{0,2}( \d{3})+([.,]\d+)?")
_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_DECIMAL = re.compile(r"(0|[1-9]\d*)[.,]\d+")


def parse_number(cell: Cell, column: Column, factor: Decimal = _ONE) -> int | Decimal | CellProblem:
    """A non-empty cell of an integer or decimal column, in the column's unit.

    Text is read by its spelling, a typed number as it stands. Decimals keep six places; further ones are
    rounded half up, which also takes the binary tail off a computed float. A percent sign is read in decimal
    columns only and leaves the number in percentage points ('14,5%' is 14.5).

    Args:
        cell: What the file holds.
        column: The contract's column.
        factor: What the amount is multiplied with, before rounding, where the sender counts in another unit;
            then even a count is written with decimals ('1,5' thousand people).
    """
    if isinstance(cell, str):
        number = _read_text(cell, is_count=column.type == "integer" and factor == 1)
    elif isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        number = None
    else:
        number = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
    if isinstance(number, CellProblem):
        return number
    if number is None or not number.is_finite():
        return cell_problem("TD-202", cell, column)
    return _fit(number * factor, cell, column)


def _fit(number: Decimal, cell: Cell, column: Column) -> int | Decimal | CellProblem:
    """The number in the column's type and limits."""
    lowest = -LARGEST if column.minimum is None else Decimal(str(column.minimum))
    highest = LARGEST if column.maximum is None else Decimal(str(column.maximum))
    if column.type == "integer" and number != number.to_integral_value():
        return cell_problem("TD-203", cell, column)
    if not lowest <= number <= highest or abs(number) >= LARGEST:
        return _out_of_limits(cell, column)
    return int(number) if column.type == "integer" else number.quantize(SCALE, ROUND_HALF_UP)


def _out_of_limits(cell: Cell, column: Column) -> CellProblem:
    low = None if column.minimum is None else f"{column.minimum}"
    high = f"{column.maximum}" if column.maximum is not None else "999 999 999 999"
    return problem(
        "TD-211",
        cell_text(cell),
        limits_vi=f"từ {low} đến {high}" if low else f"không quá {high}",
        limits_en=f"from {low} to {high}" if low else f"at most {high}",
    )


def _read_text(text: str, *, is_count: bool) -> Decimal | CellProblem | None:
    """The number a text spells, a problem where it spells two, None where it spells none."""
    body = text.translate(_MINUS).strip()
    if not is_count and body.endswith("%"):
        body = body[:-1].rstrip()
    sign, digits = ("-", body[1:].lstrip()) if body.startswith("-") else ("", body)
    if not digits.isascii():
        return None
    if not is_count and _EITHER.fullmatch(digits):
        return problem(
            "TD-218",
            text,
            thousands=sign + digits.replace(".", "").replace(",", ""),
            fraction=sign + digits.replace(".", ","),
        )
    plain = _plain_digits(digits)
    return None if plain is None else Decimal(sign + plain)


def _plain_digits(digits: str) -> str | None:
    """The digits with a dot for the decimals and nothing else; in a count '1.139' can only be grouped."""
    if _PLAIN.fullmatch(digits):
        return digits
    if _EITHER.fullmatch(digits):
        return digits.replace(".", "").replace(",", "")
    if _DOTS_GROUP.fullmatch(digits):
        return digits.replace(".", "").replace(",", ".")
    if _COMMAS_GROUP.fullmatch(digits):
        return digits.replace(",", "")
    if _SPACES_GROUP.fullmatch(digits) or _DECIMAL.fullmatch(digits):
        return digits.replace(" ", "").replace(",", ".")
    return None
