"""Names the lines of published tables, whose rows have no code: by their words and the heading above them.

'Chi khoa học và công nghệ' stands once below investment and once below recurrent spending; only the heading
tells them apart.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from tiendo.intake.contracts import Line
from tiendo.intake.folding import fold

# Outline levels: capital letters, Roman numbers, and headings known by their words alone.
_LETTER, _ROMAN, _NAMED = 0, 1, 2

_LETTER_NUMBER = re.compile(r"[A-HĐ]")
_ROMAN_NUMBER = re.compile(r"[IVX]+")
_NUMBER_IN_TEXT = re.compile(r"\s*([A-HĐ]|[IVX]+)\s*[.)/]\s*(?=\S)")
# What may stand before the words of a line, once folded: an enumeration or 'Trong đó:'.
_BEFORE = re.compile(r"^(?:(?:trong do|bao gom|gom|chia ra|[a-h]|[ivx]+|\d+) )+(?=\D)")
_FOOTNOTE = re.compile(r"\s*\(\d+\)\s*$")


def line_keys(
    texts: Sequence[str | None], numbers: Sequence[str | None], lines: Mapping[str, Line]
) -> list[str | None]:
    """The name of each line of a table in its order, None for those nobody asks for.

    Args:
        texts: What each line says.
        numbers: Its number as printed; it may stand in the text instead.
        lines: The lines looked for.
    """
    known = _words(tuple(lines.items()))
    headings = {below for line in lines.values() for below in map(fold, line.below)}
    above: dict[int, str] = {}
    found: list[str | None] = []
    for text, number in zip(texts, numbers, strict=True):
        words = _said(text or "")
        level = _level(text or "", number or "")
        if level is None and words in headings:
            level = _NAMED
        nearest = max((upper for upper in above if level is None or upper < level), default=None)
        heading = None if nearest is None else above[nearest]
        found.append(
            next((key for key, below in known.get(words, ()) if not below or heading in below), None)
        )
        if level is not None:
            above = {upper: said for upper, said in above.items() if upper < level} | {level: words}
    return found


@lru_cache(maxsize=8)
def _words(lines: tuple[tuple[str, Line], ...]) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Names and headings of lines by what they say."""
    known: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for key, line in lines:
        for text in line.text:
            known.setdefault(fold(text), []).append((key, frozenset(map(fold, line.below))))
    return known


def _said(text: str) -> str:
    """The words of a line without its enumeration, 'Trong đó:' and footnote mark."""
    return _BEFORE.sub("", fold(_FOOTNOTE.sub("", text))) if text else ""


def _level(text: str, number: str) -> int | None:
    """Outline level of a heading, None for a line below headings."""
    inside = _NUMBER_IN_TEXT.match(text)
    mark = number.strip().rstrip(".)") or (inside[1] if inside else "")
    if _ROMAN_NUMBER.fullmatch(mark):
        return _ROMAN
    return _LETTER if _LETTER_NUMBER.fullmatch(mark) else None
