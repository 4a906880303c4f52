"""Writes into workbooks what senders wrote, so that nothing of it becomes a formula or breaks a title."""

import math
import re
from datetime import datetime
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tiendo.intake.problems import Cell

_LONGEST_TEXT = 32_767
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def write_text(cell: Any, text: str) -> None:
    """Writes text as text, whatever sign it begins with."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:_LONGEST_TEXT]
    cell.data_type = "s"
    if text.startswith(_FORMULA_SIGNS):
        cell.quotePrefix = True


def write_cell(cell: Any, value: Cell) -> None:
    """Writes what was read; moments with a zone and what is no number are kept as text."""
    has_zone = isinstance(value, datetime) and value.tzinfo is not None
    if isinstance(value, str) or has_zone or (isinstance(value, float) and not math.isfinite(value)):
        write_text(cell, str(value))
    elif value is not None:
        cell.value = value


def free_title(book: Any, wanted: str) -> str:
    """A title for a new sheet of the book, allowed in Excel and no other sheet's, case aside."""
    allowed = re.sub(r"[\\/*?:\[\]\x00-\x1f]", "_", wanted).strip("'")[:31] or "Trang"
    taken = {title.casefold() for title in book.sheetnames}
    title, number = allowed, 1
    while title.casefold() in taken:
        number += 1
        title = f"{allowed[:25]} ({number})"
    return title
