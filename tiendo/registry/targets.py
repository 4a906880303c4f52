"""Reads what a plan's target cell says: comparator, bounds and unit, from the printed text alone.

One ordered table of patterns holds every spelling; what no pattern understands is kept as text and never
scored, because a guessed number is worse than none.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

TargetKind = Literal["at_least", "at_most", "equal", "range", "boolean", "rank_text", "qualitative"]
Per = Literal["", "year"]


@dataclass(frozen=True)
class ParsedTarget:
    """One reading of a target cell.

    Attributes:
        kind: Comparator; a bare value is `equal` (where higher is better the plans mean 'reach').
        low: Lower bound, in percentage points where `unit` is a percent; None where there is none.
        high: Upper bound, likewise.
        unit: A unit of the registry: percent, percent_grdp, percent_budget, count, project, index_0_1, rank,
            per_10k_people, score, hour, boolean or text.
        strict: Whether the bound itself does not count ('>' and '<').
        per: 'year' where the text asks for an amount each year.
    """

    kind: TargetKind
    low: Decimal | None
    high: Decimal | None
    unit: str
    strict: bool = False
    per: Per = ""


@dataclass(frozen=True)
class _Rule:
    """One spelling: a pattern of the whole cell, the kind it means, and what it fixes by itself."""

    kind: TargetKind
    pattern: re.Pattern[str]
    strict: bool = False
    unit: str | None = None
    value: Decimal | None = None


TEXT = ParsedTarget("qualitative", None, None, "text")

_GROUPED_VIETNAMESE = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_GROUPED_ENGLISH = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_UNGROUPED = re.compile(r"[0-9]+(?:[.,][0-9]+)?")

# The second number of a range is called `high`; every other pattern has `low` only, whatever its kind.
_LOW = r"(?P<low>[0-9](?:[0-9.,]*[0-9])?)(?P<percent> ?%)?"
_HIGH = r"(?P<high>[0-9](?:[0-9.,]*[0-9])?)(?P<high_percent> ?%)?"
# Words after the number name what is counted. They hold no further digit (dates, second targets), and do not
# open with a magnitude or a time unit, which would change what the number means.
_SCALES = r"nghìn|ngàn|vạn|triệu|tỷ|tỉ|phút|ngày|tuần|tháng|quý|năm"
_WORDS = rf"(?P<words>(?:(?:(?<=%)|/| (?!(?:{_SCALES})\b))[^0-9]*)?)"
_REACH = r"(?:phấn đấu )?(?:đạt )?"


def _comparison(signs: str) -> re.Pattern[str]:
    return re.compile(rf"{_REACH}(?:{signs}) ?{_LOW}{_WORDS}")


def _closing(words: str) -> re.Pattern[str]:
    return re.compile(rf"{_REACH}(?:từ )?{_LOW}{_WORDS} {words}(?: [^0-9]*)?")


_RULES = (
    _Rule("at_most", re.compile(r"(?:thuộc )?(?:top|nhóm) (?P<low>[0-9]+)(?: [^0-9%]*)?"), unit="rank"),
    _Rule("range", re.compile(rf"{_REACH}(?:từ )?{_LOW} ?(?:-|đến) ?{_HIGH}{_WORDS}")),
    _Rule("at_least", _comparison("≥|tối thiểu|ít nhất|không dưới|không thấp hơn")),
    _Rule("at_least", _comparison(">|trên|hơn|cao hơn"), strict=True),
    _Rule("at_least", _closing("trở lên")),
    _Rule("at_most", _comparison("≤|tối đa|không quá|nhiều nhất|trong vòng")),
    _Rule("at_most", _comparison("<|dưới|thấp hơn"), strict=True),
    _Rule("at_most", _closing("trở xuống")),
    _Rule("equal", _comparison("=?")),
    _Rule("equal", re.compile("toàn bộ|tất cả"), unit="percent", value=Decimal(100)),
    _Rule(
        "boolean",
        re.compile(r"có|ứng dụng|hoàn thành(?: (?:trong|trước) [^%]*)?|năm [0-9]{4} xây dựng"),
        unit="boolean",
        value=Decimal(1),
    ),
    _Rule(
        "rank_text",
        re.compile(r"(?:trung bình )?khá|trung bình|tốt|đạt mức (?:trung bình|khá|tốt|tiên tiến)\b.*"),
        unit="text",
    ),
)

_MEASURED = (
    ("per_10k_people", re.compile(r".*vạn dân\b.*")),
    ("project", re.compile(r"dự án\b.*")),
    ("hour", re.compile(r"giờ\b.*")),
    ("score", re.compile(r"điểm")),
)
_YEARLY = re.compile(r"/ ?năm\b|\b(?:hằng|hàng|mỗi) năm\b")
# Amounts per month or quarter have no place in the registry's columns, so they stay text.
_OTHER_RHYTHM = re.compile(r"(?:/|\b(?:hằng|hàng|mỗi)) ?(?:ngày|tuần|tháng|quý)\b")
# Non-breaking hyphen, en and em dash, minus; slanted signs; what LaTeX and web pages leave around numbers.
_SIGNS = str.maketrans("\u2011\u2013\u2014\u2212\u2a7e\u2a7d", "----\u2265\u2264", "$\u200b")
_SPELLED_SIGNS = {"\\geq": "≥", "\\leq": "≤", "\\ge": "≥", "\\le": "≤", "\\%": "%", ">=": "≥", "<=": "≤"}


def parse_target(target_raw: str | None, unit_raw: str | None) -> ParsedTarget:
    """Reads one target of a plan annex.

    Args:
        target_raw: The target cell as printed, such as '≥ 1,0% GRDP', '80-90%' or 'nhóm 15 tỉnh dẫn đầu'.
        unit_raw: The unit cell as printed; blank or '-' where the annex has none.

    Returns:
        The reading; kind `qualitative` in unit `text` for anything not understood, blanks to be filled
        ('....%') and dashes included. Never raises.
    """
    text, unit = _normalise(target_raw or ""), _normalise(unit_raw or "").strip("-")
    for rule in _RULES:
        match = rule.pattern.fullmatch(text)
        if match is not None:
            return _read(rule, match.groupdict(), text, unit)
    return TEXT


def parse_number_vi(text: str) -> Decimal | None:
    """Reads a number as Vietnamese plans spell it.

    A point followed by three digits groups thousands ('1.139'), unless the number starts with 0 ('0.600');
    a comma is the decimal sign ('14,5'), unless a point or a second group shows English spelling.

    Args:
        text: Digits, points and commas only, such as '07', '1.139', '1,0' or '0.60'.

    Returns:
        The exact value, or None where the marks do not form a number.
    """
    if _GROUPED_VIETNAMESE.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _GROUPED_ENGLISH.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Decimal(text.replace(",", ".")) if _UNGROUPED.fullmatch(text) else None


def _normalise(text: str) -> str:
    """Lower case, composed accents, one space between words, one spelling for each sign."""
    folded = unicodedata.normalize("NFC", text).lower().translate(_SIGNS)
    for spelled, sign in _SPELLED_SIGNS.items():
        folded = folded.replace(spelled, sign)
    return " ".join(folded.split()).rstrip(" .;,")


def _read(rule: _Rule, parts: dict[str, str | None], text: str, unit: str) -> ParsedTarget:
    """What a matched rule says; plain text where its digits form no number or a range runs backwards."""
    if "low" not in parts:
        return ParsedTarget(rule.kind, rule.value, rule.value, rule.unit or "text")
    said = f"{unit} {text}"
    first = parse_number_vi(parts["low"] or "")
    last = parse_number_vi(parts["high"] or "") if rule.kind == "range" else first
    if first is None or last is None or first > last or _OTHER_RHYTHM.search(said):
        return TEXT
    return ParsedTarget(
        kind=rule.kind,
        low=None if rule.kind == "at_most" else first,
        high=None if rule.kind == "at_least" else last,
        unit=rule.unit or _unit_of(parts, unit, said, last),
        strict=rule.strict,
        per="year" if _YEARLY.search(said) else "",
    )


def _unit_of(parts: dict[str, str | None], unit: str, said: str, value: Decimal) -> str:
    """The unit that the two cells support; the text's own percent sign outranks the unit cell."""
    if parts["percent"] or parts.get("high_percent") or "%" in unit:
        if "grdp" in said:
            return "percent_grdp"
        return "percent_budget" if "ngân sách" in said else "percent"
    measured = unit or (parts["words"] or "").strip()
    for name, pattern in _MEASURED:
        if pattern.fullmatch(measured):
            return name
    # A bare fraction counts nothing: only indices that run from 0 to 1 are printed so.
    return "index_0_1" if not measured and 0 < value < 1 else "count"
