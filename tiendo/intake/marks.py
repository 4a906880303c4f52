"""What a cell shows beyond what it holds: a percent sign, leading zeros, an error, a font of old letters.

Readers give the bare value, so that 14,5% arrives as 0.145 and the unit 01139 as 1139. Where a format says
so, the cell is replaced by the text its sender sees; dates and all other formats stay typed values.
"""

import re
import unicodedata
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from tiendo.intake.legacy import legacy_encoding_of, modern_text
from tiendo.intake.problems import Cell


class Look(NamedTuple):
    """How a cell shows what it holds.

    Attributes:
        is_percent: 0.145 shows as 14,5%.
        digits: A whole number is filled up with zeros to so many digits; 0 where not.
        font: Name of a font that draws other letters than the text holds.
    """

    is_percent: bool = False
    digits: int = 0
    font: str | None = None


class Modern:
    """Turns the texts of one file into Unicode and remembers which old encodings it met."""

    def __init__(self) -> None:
        """Nothing met yet."""
        self.encodings: set[str] = set()

    def __call__(self, text: str, font: str | None = None) -> str:
        """The text in Unicode; see `modern_text`."""
        if text.isascii():
            return text
        modern, encoding = _in_unicode(text, font)
        if encoding:
            self.encodings.add(encoding)
        return modern


# The texts of a form stand in every file of a month.
@lru_cache(maxsize=65536)
def _in_unicode(text: str, font: str | None) -> tuple[str, str | None]:
    composed = unicodedata.normalize("NFC", text)
    modern = modern_text(composed, font)
    return modern, legacy_encoding_of(composed, font) if modern != composed else None


_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_OLD_FONT = re.compile(r"\.?vn", re.IGNORECASE)


@lru_cache(maxsize=4096)
def look_of(format_code: str, font: str | None) -> Look | None:
    """The look of a number format ('0.0%', '00000') and a font; None where it shows just the value."""
    positive = _LITERAL.sub("", format_code).split(";")[0].strip()
    digits = len(positive) if len(positive) > 1 and not positive.strip("0") else 0
    old = font if font and _OLD_FONT.match(font) else None
    look = Look("%" in positive, digits, old)
    return None if look == Look() else look


def shown(cell: Cell | timedelta, look: Look | None, modern: Modern) -> Cell:
    """The cell as its sender sees it where that is another value, else the cell."""
    if isinstance(cell, str):
        return modern(cell, look.font if look else None)
    if isinstance(cell, timedelta):
        return hours(cell)
    if look is None or isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    if look.is_percent:
        return percent(cell)
    if look.digits and cell >= 0 and cell == int(cell):
        return f"{int(cell):0{look.digits}d}"
    return cell


def percent(number: float) -> str:
    """A number as the percentage it stands for, exactly: 0.145 gives '14.5%'.

    Three decimals get a fourth, since '1.139' could also be a thousand: 0.01139 gives '1.1390%'.
    """
    points = Decimal(repr(number)) * 100
    if not points.is_finite():
        return f"{number}"
    text = f"{points.normalize():f}"
    return f"{text}0%" if len(text.partition(".")[2]) == 3 else f"{text}%"


def hours(span: timedelta) -> str:
    """A length of time as hours, minutes and seconds: '30:00:00'."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
