"""Finds a form's columns among the headers a sender wrote, however they are spelt.

A header is taken for a column only where it folds to one of the contract's spellings; nothing is guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tiendo.intake.contracts import Column, Contract
from tiendo.intake.folding import fold
from tiendo.messages import TiendoError

__all__ = ["HeaderMatch", "fold", "match_headers"]


@dataclass(frozen=True)
class HeaderMatch:
    """How headers fit a contract.

    Attributes:
        mapping: Canonical column name and position of its header, from 0.
        unknown: Non-empty headers that no column took.
        missing: Required columns without a header.
    """

    mapping: dict[str, int]
    unknown: tuple[str, ...]
    missing: tuple[Column, ...]


def match_headers(headers: Sequence[str], contract: Contract) -> HeaderMatch:
    """Matches headers with the columns of a contract.

    Where several headers fit one column ('Tên đơn vị' beside 'Đơn vị'), the spelling the contract lists first
    wins and the others count as unknown.

    Raises:
        TiendoError: TD-104 where two headers that read the same fit one column.
    """
    positions: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        positions.setdefault(fold(header), []).append(position)
    mapping: dict[str, int] = {}
    for column in contract.columns:
        found = next((at for s in column.spellings if (at := positions.get(fold(s)))), None)
        if found is None:
            continue
        if len(found) > 1:
            raise _stands_twice(headers[found[0]], column)
        mapping[column.name] = found[0]
    taken = set(mapping.values())
    unknown = tuple(h for i, h in enumerate(headers) if i not in taken and h.strip())
    missing = tuple(c for c in contract.columns if c.required and c.name not in mapping)
    return HeaderMatch(mapping, unknown, missing)


def _stands_twice(header: str, column: Column) -> TiendoError:
    return TiendoError(
        "TD-104",
        f"Có hai cột cùng tên '{header}', không rõ cột nào là '{column.label_vi}'.",
        f"Two columns are called '{header}', so it is unclear which one is '{column.label_en}'.",
        "Hãy giữ lại một cột và nộp lại.",
        "Keep one of them and submit again.",
    )
