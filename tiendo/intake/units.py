"""Units of quantities and how they are written, so that a table in tỷ and one in đồng give the same number.

A unit is taken only where a text says it outright; kinds never mix.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from tiendo.intake.folding import fold


class Unit(NamedTuple):
    """A unit: what it measures, how many of the kind's smallest it holds, and its spellings."""

    kind: str
    size: Decimal
    spellings: tuple[str, ...]


UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "dong": Unit("money", Decimal(1), ("đồng", "đ", "VNĐ", "đồng Việt Nam", "VND", "Việt Nam đồng")),
        "thousand_dong": Unit(
            "money",
            Decimal(1_000),
            (
                "nghìn đồng",
                "ngàn đồng",
                "1.000 đồng",
                "1000 đồng",
                "1000đ",
                "ng.đ",
                "nghìn đ",
                "thousand VND",
            ),
        ),
        "million_dong": Unit(
            "money",
            Decimal(1_000_000),
            (
                "triệu đồng",
                "triệu",
                "tr.đ",
                "trđ",
                "tr đồng",
                "triệu đ",
                "1.000.000 đồng",
                "million VND",
                "million dong",
                "VND million",
            ),
        ),
        "billion_dong": Unit(
            "money",
            Decimal(1_000_000_000),
            ("tỷ đồng", "tỷ", "tỷ đ", "tỷ VNĐ", "billion VND", "billion dong", "VND billion"),
        ),
        "person": Unit("people", Decimal(1), ("người", "nhân khẩu", "khẩu", "people", "persons")),
        "thousand_person": Unit(
            "people",
            Decimal(1_000),
            ("nghìn người", "ngàn người", "1.000 người", "1000 người"),
        ),
        "ha": Unit("area", Decimal(1), ("ha", "hecta", "héc ta", "hectare")),
        "km2": Unit("area", Decimal(100), ("km2", "km²", "kilômét vuông", "ki lô mét vuông")),
    }
)
# What headers count in parentheses ('Số trạm 5G (trạm)'): no unit to convert, and no part of the name.
_COUNTED = ("%", "phần trăm", "cái", "trạm", "thôn", "buôn", "thôn, buôn", "hồ sơ", "lượt", "thủ tục", "ngày")


@cache
def _by_spelling() -> Mapping[str, str]:
    named = {name: name for name in UNITS} | {fold(name): name for name in UNITS}
    return named | {fold(spelling): name for name, unit in UNITS.items() for spelling in unit.spellings}


@cache
def _counted() -> frozenset[str]:
    return frozenset(map(fold, _COUNTED))


_MONEY_WORDS = re.compile(
    r"\b(trieu|ty|nghin|ngan|dong|usd|eur|euro|do la|dollars?|jpy|yen|cny|nhan dan te|million|billion)\b"
)


def unit_named(text: str) -> str | None:
    """The unit a text is the name of ('Triệu đồng', 'tr.đ', 'million_dong'), None for anything else."""
    return _by_spelling().get(fold(text))


def is_unknown_money(text: str) -> bool:
    """Whether a text names money in a unit that is not ours ('Triệu USD') and must not pass for đồng."""
    return unit_named(text) is None and bool(_MONEY_WORDS.search(fold(text)) or set(text) & set("$€¥£"))


def is_counted(text: str) -> bool:
    """Whether a text in parentheses behind a header only says what is counted, as '(%)' or '(hồ sơ)'."""
    return fold(text) in _counted() or unit_named(text) is not None


def factor(from_unit: str, to_unit: str) -> Decimal | None:
    """What an amount in the first unit is multiplied with to be in the second.

    None where one of them is not known or they measure different things.
    """
    names = unit_named(from_unit), unit_named(to_unit)
    if names[0] is None or names[1] is None:
        return None
    source, target = UNITS[names[0]], UNITS[names[1]]
    return source.size / target.size if source.kind == target.kind else None
