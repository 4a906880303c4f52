"""Finds a form's columns among the headers a sender wrote, however they are spelt.

A header is taken for a column only where it folds to one of the contract's spellings, whole or from a lower
row of the header on, and apart from a unit in parentheses or a year; nothing is guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from tiendo.intake.contracts import Column, Contract, load_contracts
from tiendo.intake.folding import fold
from tiendo.intake.tables import HeaderPath
from tiendo.intake.units import is_counted, unit_named
from tiendo.messages import TiendoError

_IN_PARENTHESES = re.compile(r"\s*\(([^()]*)\)\s*$")
_FOOTNOTE = re.compile(r"\d{0,2}|[*]+")
_YEAR_AT_END = re.compile(r" (?:nam )?(?:19|20)\d\d$")
_ORDINAL = frozenset({"stt", "tt", "so tt", "so thu tu", "s tt", "s t t"})
# Last period's values and titles of tasks, printed by our own templates for reference.
_REFERENCES = ("ky truoc", "tham khao")
# What stands below such a heading is another figure than the one the form asks for.
_OTHER_TIME = re.compile(r"\b(?:ky|nam|thang|quy) truoc\b|\bcung ky\b")
_STEPS = 3
# At this likeness a header is worth proposing ('Dân só', 'Mã đơn vi hành chinh'), found by trying.
_LIKENESS = 0.8


class _Spelled(NamedTuple):
    """What a header may be read as: `keys` from the most literal on, and the unit it names itself."""

    keys: tuple[str | None, ...]
    unit: str | None


@dataclass(frozen=True)
class HeaderMatch:
    """How headers fit a contract.

    Attributes:
        mapping: Canonical column name and position of its header, from 0.
        unknown: Non-empty headers that no column took, save row numbers and our templates' reference columns.
        missing: Columns the form needs, without a header.
        units: Canonical column name and the unit its own header names ('million_dong').
        repeated: Headers that stand twice for one column, and that column.
        vacant: All columns without a header.
    """

    mapping: dict[str, int]
    unknown: tuple[str, ...]
    missing: tuple[Column, ...]
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    repeated: tuple[tuple[str, Column], ...] = ()
    vacant: tuple[Column, ...] = ()

    @cached_property
    def proposals(self) -> list[tuple[str, Column]]:
        """Unknown headers that nearly spell a column the file lacks; for people to decide, never taken."""
        spellings = {fold(s): column for column in reversed(self.vacant) for s in column.spellings}
        found: dict[str, tuple[str, Column]] = {}
        for header in self.unknown:
            for near in get_close_matches(fold(header), spellings, n=1, cutoff=_LIKENESS):
                found.setdefault(spellings[near].name, (header, spellings[near]))
        return list(found.values())


def match_headers(headers: Sequence[str] | Sequence[HeaderPath], contract: Contract) -> HeaderMatch:
    """Matches headers, or the paths of a header of several rows, with the columns of a contract.

    Where several headers fit one column ('Tên đơn vị' beside 'Đơn vị'), the more literal one wins, then the
    spelling the contract lists first; the others count as unknown.

    Raises:
        TiendoError: TD-104 where two headers that read the same fit one column.
    """
    return unambiguous(try_headers(headers, contract))


def unambiguous(match: HeaderMatch) -> HeaderMatch:
    """The match itself; raises TD-104 where a header stands twice."""
    if match.repeated:
        raise _stands_twice(*match.repeated[0])
    return match


def try_headers(headers: Sequence[str] | Sequence[HeaderPath], contract: Contract) -> HeaderMatch:
    """Like `match_headers`, but lists headers that stand twice instead of raising."""
    paths = [(header,) if isinstance(header, str) else header for header in headers]
    readings = [spelled(path) for path in paths]
    mapping: dict[str, int] = {}
    repeated: list[tuple[str, Column]] = []
    for step in range(max((len(reading.keys) for reading in readings), default=0)):
        for column, positions in _found(step, readings, contract.headers, mapping).values():
            mapping[column.name] = positions[0]
            if len(positions) > 1:
                repeated.append((" ".join(paths[positions[0]]), column))
    taken = set(mapping.values())
    vacant = tuple(column for column in contract.columns if column.name not in mapping)
    return HeaderMatch(
        mapping,
        tuple(text for i, path in enumerate(paths) if i not in taken and (text := _unknown(path))),
        tuple(column for column in vacant if column.is_needed),
        {name: unit for name, position in mapping.items() if (unit := readings[position].unit)},
        tuple(repeated),
        vacant,
    )


def _found(
    step: int,
    readings: Sequence[_Spelled],
    columns: Mapping[str, tuple[int, Column]],
    mapping: Mapping[str, int],
) -> dict[str, tuple[Column, list[int]]]:
    """Columns not mapped yet that headers spell at this step, with the positions of the best spelling."""
    taken = set(mapping.values())
    ranked: dict[str, tuple[int, Column, list[int]]] = {}
    for position, reading in enumerate(readings):
        key = reading.keys[step] if step < len(reading.keys) and position not in taken else None
        rank, column = columns.get(key, (0, None)) if key else (0, None)
        if column is None or column.name in mapping or (_drops_year(step) and not column.is_quantity):
            continue
        known = ranked.get(column.name)
        if known is None or rank < known[0]:
            ranked[column.name] = (rank, column, [position])
        elif rank == known[0]:
            known[2].append(position)
    return {name: (column, positions) for name, (_, column, positions) in ranked.items()}


def _drops_year(step: int) -> bool:
    return step % _STEPS == _STEPS - 1


@lru_cache(maxsize=16384)
def spelled(path: HeaderPath) -> _Spelled:
    """Folded spellings of a header: whole, without unit, without year; then the same from lower rows on."""
    keys: list[str | None] = []
    bare, unit = _without_units(path)
    for start in range(len(path)):
        if start and _OTHER_TIME.search(fold(path[start - 1])):
            break
        literal = fold(" ".join(path[start:]))
        without_unit = fold(" ".join(bare[start:]))
        for key in (literal, without_unit, _YEAR_AT_END.sub("", without_unit)):
            keys.append(key if key and key not in keys and not literal.startswith(_REFERENCES) else None)
    return _Spelled(tuple(keys), unit)


def _without_units(path: HeaderPath) -> tuple[list[str], str | None]:
    """The parts without units and footnote marks in parentheses at their end, and the lowest unit named."""
    bare: list[str] = []
    unit: str | None = None
    for part in path:
        words = part
        while match := _IN_PARENTHESES.search(words):
            if not (is_counted(match[1]) or _FOOTNOTE.fullmatch(match[1].strip())):
                break
            unit = unit_named(match[1]) or unit
            words = words[: match.start()]
        # A row of the header may hold nothing but the units.
        if bare and (named := unit_named(words)):
            unit, words = named, ""
        bare.append(words)
    return bare, unit


def _unknown(path: HeaderPath) -> str:
    header = " ".join(path).strip()
    return "" if is_ordinal(header) or is_reference(path) else header


def is_reference(path: HeaderPath) -> bool:
    """Whether a column of one of our templates only shows something, such as last period's value."""
    return fold(" ".join(path)).startswith(_REFERENCES)


def is_ordinal(header: str) -> bool:
    """Whether a header is that of the column that numbers the rows."""
    return fold(header) in _ORDINAL


def may_fit(headers: Sequence[str] | Sequence[HeaderPath], contract: Contract) -> bool:
    """Whether every column the form needs is spelled somewhere; told fast, for all the forms it is not."""
    keys = {
        key for header in headers for key in spelled((header,) if isinstance(header, str) else header).keys
    }
    return all(not keys.isdisjoint(spellings) for spellings in contract.needed_headers)


@cache
def known_spellings() -> frozenset[str]:
    """Folded headers of all forms."""
    return frozenset(key for contract in load_contracts().values() for key in contract.headers)


@cache
def _quantity_spellings() -> frozenset[str]:
    columns = (column for contract in load_contracts().values() for column in contract.columns)
    return frozenset(fold(s) for column in columns if column.is_quantity for s in column.spellings)


def is_quantity(path: HeaderPath) -> bool:
    """Whether a header is that of amounts or counts in any form."""
    return any(key in _quantity_spellings() for key in spelled(path).keys if key)


def _stands_twice(header: str, column: Column) -> TiendoError:
    return TiendoError(
        "TD-104",
        f"Có hai cột cùng tên '{header}', không rõ cột nào là '{column.label_vi}'.",
        f"Two columns are called '{header}', so it is unclear which one is '{column.label_en}'.",
        "Hãy giữ lại một cột và nộp lại.",
        "Keep one of them and submit again.",
    )
