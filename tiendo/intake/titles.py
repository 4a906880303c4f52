"""Reads what stands above a table: number of the form, period, unit of amounts, and whose figures they are.

What is said twice in different words counts as not said: the sender then has to name it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import polars as pl

from tiendo.intake.dates import period_of
from tiendo.intake.folding import clean_text, fold, strip_accents
from tiendo.intake.references import References
from tiendo.intake.units import unit_named

_FORM_NUMBER = re.compile(r"\b(?:bieu|mau|phu luc)(?: mau)?(?: so)?[ :.]*(\d{1,3}(?: ?/ ?\w+(?: ?- ?\w+)*)?)")

# Days, numbers and titles of decisions name years that are not the reporting period.
_NOT_A_PERIOD = re.compile(
    r"ngay[ \d./…_-]*(?:thang[ \d.…_-]*)?(?:nam[ \d…_-]*)?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    r"|\S*\d/\d{4}/\S+"
    r"|\d{4} ?[-–] ?\d{4}"  # noqa: RUF001 - as typists write ranges
    r"|(?:ke hoach|giai doan) \d+ nam"
)
_YEAR = r"(?:19|20)\d{2}"
_PERIOD = re.compile(
    rf"\bthang ?\d{{1,2}} ?(?:/|-|\.| nam )? ?{_YEAR}\b"
    rf"|\bquy ?(?:iv|i{{1,3}}|[1-4]) ?(?:/|-|\.|nam)? ?{_YEAR}\b"
    rf"|\b(?:\w+) thang (?:dau |cuoi )?nam ?{_YEAR}\b"
    rf"|\bnam ?{_YEAR}\b"
)
_PERIOD_LABEL = re.compile(r"^\W*(?:ky bao cao|ky so lieu|ky|bao cao ky)\b(?: ?\([^)]*\))? ?:? ?(.*)$")

_UNIT_LABEL = re.compile(r"^(đơn vị|don vi|đvt|dvt)( tính| tinh)?\b[\s:]*", re.IGNORECASE)

_OFFICE = re.compile(
    r"^(?:(?:ten )?(?:don vi|co quan|dia phuong)(?: bao cao| lap| gui| cung cap)? )?"
    r"(?:(?:ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan)(?: va)? ?)*"
)
_SHORT_PLACE = {"tp": "thanh pho", "p": "phuong", "x": "xa", "tt": "thi tran"}
_PLACE_WORDS = frozenset({"tinh", "thanh", "xa", "phuong", "thi", "dac", "huyen"})
_LONGEST_NAME = 8


class _Place(NamedTuple):
    code: str
    level: str
    province: str


def form_number(texts: Iterable[str]) -> str | None:
    """Number of the published form as written, such as '64/CK-NSNN' of 'Biểu số 64/CK-NSNN'; the first."""
    for text in texts:
        words = " ".join(clean_text(text).split())
        plain = strip_accents(words)
        if match := _FORM_NUMBER.search(plain):
            # Without accents a text is as long as with them, save for rare signs.
            source = words if len(words) == len(plain) else plain
            return source[match.start(1) : match.end(1)].replace(" ", "")
    return None


def title_match(pattern: str, texts: Iterable[str]) -> str | None:
    """Group 1 of a pattern in the folded texts, also where a text runs over several cells."""
    match = re.search(pattern, " ".join(map(fold, texts)))
    return match[1] if match else None


def unit_line(texts: Iterable[str]) -> str | None:
    """The unit of amounts as stated ('Triệu đồng' of '(Đơn vị tính: Triệu đồng)'); None for none or two.

    A text that is a unit of money and nothing else says it too.
    """
    stated = [unit for text in texts if (unit := _stated_unit(text))]
    return stated[0] if len({unit_named(unit) or fold(unit) for unit in stated}) == 1 else None


def _stated_unit(text: str) -> str | None:
    words = clean_text(" ".join(text.split())).rstrip(" .;")
    if words.startswith("(") and words.endswith(")"):
        words = words[1:-1].strip(" .;")
    label = _UNIT_LABEL.match(words)
    rest = words[label.end() :] if label else words
    unit = unit_named(rest)
    if label is None:
        return rest if unit and unit.endswith("dong") and " " in rest else None
    # 'Đơn vị: xã Ea Kao' names the sender; 'Đơn vị tính:' can only mean units.
    names_measure = ":" in label[0] and (label[2] or label[1].lower().endswith("vt"))
    return rest if unit or (names_measure and rest) else None


def is_unit_line(text: str) -> bool:
    """Whether a text states the unit of amounts, rather than being the header 'Đơn vị tính'."""
    return _stated_unit(text) is not None


def period_in(texts: Sequence[str]) -> str | None:
    """The one reporting period that titles name, in canonical form.

    A period behind 'Kỳ báo cáo' decides. Days, numbers of decisions and 'Số liệu đến ngày …' are no periods.
    """
    labelled = set(_labelled_periods(texts))
    if labelled:
        return labelled.pop() if len(labelled) == 1 else None
    named = [_canonical(match[0]) for text in texts for match in _PERIOD.finditer(_without_documents(text))]
    return named[0] if len(set(named)) == 1 else None


def _labelled_periods(texts: Sequence[str]) -> Iterator[str]:
    for position, text in enumerate(texts):
        label = _PERIOD_LABEL.match(" ".join(strip_accents(text).split()))
        if label is None:
            continue
        # The period may stand in the next cell.
        value = label[1] or " ".join(" ".join(texts[position + 1 : position + 2]).split())
        if period := period_of(value.strip(" .;()")):
            yield period


def _without_documents(text: str) -> str:
    return _NOT_A_PERIOD.sub(" ; ", " ".join(strip_accents(text).split()))


def _canonical(words: str) -> str | None:
    """None stands for a period that is none of ours, as '9 tháng đầu năm 2026'; it counts as named."""
    return period_of(" ".join(words.split()))


def organisation_in(texts: Sequence[str], references: References, on: date | None = None) -> str | None:
    """Code of the unit that titles name as theirs, such as 'UBND xã Ea Kao' or 'TỈNH ĐỒNG NAI'.

    The name opens its text, alone or behind 'UBND'. Beside its province a commune is the unit.

    Args:
        texts: Texts above a table, in reading order.
        references: Known units; their names are in `org_units.org_name_vi`.
        on: Day on which the unit must exist; without it any unit of today, else any that ever was.

    Returns:
        None where no unit, or a name that several units carry, is found.
    """
    if "org_name_vi" not in references.org_units.columns:
        return None
    lines = [words for text in texts for line in text.splitlines() if (words := _after_office(line))]
    if not any(line[0] in _PLACE_WORDS for line in lines):
        return None
    places = _places(references, on)
    named = [found for line in lines for found in _opening_names(line, places)]
    provinces = {place for found in named for place in found if place.level == "province"}
    below = {place for found in named for place in found} - provinces
    if not below:
        return _only(provinces)
    within = {place.province for place in provinces}
    return _only({place for place in below if not within or place.province in within})


def _only(places: set[_Place]) -> str | None:
    codes = {place.code for place in places}
    return codes.pop() if len(codes) == 1 else None


def _after_office(text: str) -> list[str]:
    words = _OFFICE.sub("", fold(text), count=1).split()
    return [*_SHORT_PLACE.get(words[0], words[0]).split(), *words[1:]] if words else []


def _opening_names(words: list[str], places: dict[str, set[_Place]]) -> Iterator[set[_Place]]:
    """The unit that opens a line, and those right behind it ('xã Ea Kao, tỉnh Đắk Lắk')."""
    while words and words[0] in _PLACE_WORDS:
        lengths = range(min(_LONGEST_NAME, len(words)), 1, -1)
        length = next((n for n in lengths if " ".join(words[:n]) in places), None)
        if length is None:
            return
        yield places[" ".join(words[:length])]
        words = words[length:]


@lru_cache(maxsize=8)
def _places(references: References, on: date | None) -> dict[str, set[_Place]]:
    """Units by folded name, those valid on the day."""
    units = references.org_units
    if on is not None:
        start, end = pl.col("valid_from"), pl.col("valid_to")
        units = units.filter((start <= on) & (end.is_null() | (end >= on)))
    found: dict[str, set[_Place]] = {}
    columns = units.sort(pl.col("valid_to").is_not_null()).select(
        "org_name_vi", "org_code", "org_level", "province_code", pl.col("valid_to").is_null()
    )
    current: set[str] = set()
    for name, code, level, province, is_current in columns.iter_rows():
        key = fold(name)
        if is_current:
            current.add(key)
        if is_current or on is not None or key not in current:
            found.setdefault(key, set()).add(_Place(code, level, province))
    return found
