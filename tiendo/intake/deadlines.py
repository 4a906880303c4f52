"""Reads what a plan's deadline cell says: the kind of deadline, its last day, its start and its rhythm.

A text is read only where every number in it is understood, because a guessed day makes an agency late; what
is not understood stays without a day and says which part of it stands in the way.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from tiendo.intake.contracts import Column
from tiendo.intake.dates import day_of, parse_date, period_end, period_kind, period_of, period_start
from tiendo.intake.folding import clean_text, fold, strip_accents
from tiendo.intake.problems import Cell, CellProblem, cell_problem, cell_text

DeadlineKind = Literal[
    "date", "month", "quarter", "year", "school_year", "period", "recurring", "schedule", "unparseable"
]
Recurrence = Literal["continuous", "monthly", "quarterly", "yearly"]
RHYTHMS = frozenset({"continuous", "monthly", "quarterly", "yearly"})
Sentence = tuple[str, str]


@dataclass(frozen=True)
class Deadline:
    """One reading of a deadline cell.

    Attributes:
        kind: What sort of deadline the text names.
        due_on: The last day of it; 'before' a day or period counts it in, as the plans mean it.
        start_on: First day, where the text names one.
        recurrence: Rhythm, where the text names one.
        problem: Why it cannot be read, in Vietnamese and English; given with `unparseable` and only with it.
    """

    kind: DeadlineKind
    due_on: date | None = None
    start_on: date | None = None
    recurrence: Recurrence | None = None
    problem: Sentence | None = None


@dataclass(frozen=True)
class _Span:
    """A day or period that a text names."""

    kind: DeadlineKind
    start: date
    end: date


_YEAR = r"(?:19|20)\d{2}"
_MARK = r" ?[/.-] ?"
# What names a day or a period, in small letters without accents; the longest spelling first.
_NAMED = re.compile(
    rf"\b(?:"
    rf"(?:ngay )?\d{{1,2}}{_MARK}\d{{1,2}}{_MARK}{_YEAR}"
    rf"|(?:ngay )?\d{{1,2}} thang \d{{1,2}},? nam {_YEAR}"
    rf"|{_YEAR}-\d{{1,2}}-\d{{1,2}}"
    rf"|(?P<school>nam hoc {_YEAR} ?- ?{_YEAR})"
    rf"|(?:6|sau) thang (?:dau|cuoi)(?: nam)? {_YEAR}"
    rf"|(?:thang )?\d{{1,2}}(?: ?[/.-] ?|,? nam ){_YEAR}"
    rf"|quy ?(?:\d{{1,2}}|[ivx]+)(?: ?[/.-] ?|,? nam | ){_YEAR}"
    rf"|(?:nam )?{_YEAR}"
    rf")(?!\d)",
    re.ASCII,
)
_DAY = re.compile(rf"(\d{{1,2}})(?:{_MARK}| thang )(\d{{1,2}})(?:{_MARK}|,? nam )({_YEAR})", re.ASCII)
_UNFINISHED = re.compile(r"\d|\bquy (?:[ivx]+|\d)\b")
_STAGE = re.compile(r"\bgiai doan (?:\d|[ivx]+) ?: ?")
_ASIDE = re.compile(r"\([^()]*\)")
_LOST = re.compile(r"\.{3,}")
_LOST_QUARTER = re.compile(r"\bquy ?\.{3}")
_QUARTER_LOST = ("mất số quý", "the number of the quarter is lost")
_ILLEGIBLE = ("có chỗ không đọc được", "a part is illegible")
_OPEN = re.compile(r"\bva (?:cac|nhung) nam (?:tiep theo|sau)\b|\btro di\b")
_FROM = re.compile(r"(?:bat dau )?tu ")
_SCHEDULE = re.compile(r"(?:trien khai |thuc hien )?(?:theo|phan ky) ")
_RHYTHMS: tuple[tuple[re.Pattern[str], Recurrence | None], ...] = (
    (re.compile(r"\b(?:hang|moi) thang\b"), "monthly"),
    (re.compile(r"\b(?:hang|moi) quy\b"), "quarterly"),
    (re.compile(r"\b(?:hang|moi) nam\b|\bthuong nien\b"), "yearly"),
    (re.compile(r"\bthuong xuyen\b|\blien tuc\b"), "continuous"),
    (re.compile(r"\bdinh ky\b|\b(?:hang|moi) (?:ngay|tuan)\b"), None),
)
_KINDS: dict[str, DeadlineKind] = {
    "month": "month", "quarter": "quarter", "half_year": "period", "year": "year",
}  # fmt: skip
# School years end on 31 May by the yearly frame of the Ministry of Education and Training.
_SCHOOL_YEAR_ENDS = (5, 31)


def parse_deadline(text: str | None) -> Deadline:
    """Reads one deadline of a plan annex.

    Args:
        text: The cell as printed, such as 'Trước ngày 15/01/2026', 'Quý II năm 2026' or 'Thường xuyên'.

    Returns:
        The reading. Of two days or periods the first begins and the last ends a `period`; what follows a
        semicolon or stands in parentheses is a remark. Never raises.
    """
    plain = _plain(text or "")
    said = plain.strip(" .,")
    if _LOST.search(plain):
        return _unread(*(_QUARTER_LOST if _LOST_QUARTER.search(plain) else _ILLEGIBLE))
    if not said:
        return _unread("ô thời hạn để trống", "the deadline is empty")
    if _SCHEDULE.match(said):
        return Deadline("schedule")
    matches = list(_NAMED.finditer(said))
    rest = _NAMED.sub(" ", said)
    rhythms: list[Recurrence | None] = [rhythm for pattern, rhythm in _RHYTHMS if pattern.search(said)]
    spans: list[_Span] = []
    for match in matches:
        span = _span(match)
        if not isinstance(span, _Span):
            return Deadline("unparseable", problem=span)
        spans.append(span)
    if not spans and rhythms:
        return Deadline("recurring", recurrence=rhythms[0])
    if not spans or _UNFINISHED.search(rest):
        return _unread("không đọc được thành ngày hay kỳ", "no day or period can be read from it")
    return _dated(spans, said, rhythms[0] if rhythms else None)


def parse_due_on(cell: Cell, column: Column) -> date | CellProblem:
    """A non-empty cell that moves a deadline: the last day of what it names."""
    day = parse_date(cell, column)
    due_on = parse_deadline(cell).due_on if isinstance(cell, str) else None
    return due_on or day


def parse_rhythm(cell: Cell, column: Column) -> str | CellProblem:
    """A non-empty cell that makes a task a standing one: its rhythm; `none` where it says it is none."""
    text = cell_text(cell) or ""
    if fold(text) == "khong":
        return "none"
    read = parse_deadline(text)
    named = read.recurrence if read.kind == "recurring" else None
    return named or cell_problem("TD-206", cell, column)


def _dated(spans: Sequence[_Span], said: str, rhythm: Recurrence | None) -> Deadline:
    first, last = spans[0], spans[-1]
    if _OPEN.search(said) or (len(spans) == 1 and _FROM.match(said)):
        return Deadline("period", start_on=first.start, recurrence=rhythm or "continuous")
    if len(spans) == 1:
        start = first.start if first.kind == "period" else None
        return Deadline(first.kind, first.end, start, rhythm)
    if any(later.end < earlier.end for earlier, later in pairwise(spans)):
        return _unread(
            f"mốc sau ({last.end:%d/%m/%Y}) trước mốc đầu ({first.end:%d/%m/%Y})",
            f"the later day ({last.end.isoformat()}) is before the first ({first.end.isoformat()})",
        )
    return Deadline("period", last.end, first.start, rhythm)


def _span(match: re.Match[str]) -> _Span | Sentence:
    """The day or period, or which part of it does not exist."""
    words = match.group().removeprefix("ngay ")
    if match["school"]:
        first, last = (int(year) for year in re.findall(_YEAR, words))
        if last != first + 1:
            return f"không có năm học {first} - {last}", f"there is no school year {first} - {last}"
        return _Span("school_year", date(first, 9, 1), date(last, *_SCHOOL_YEAR_ENDS))
    day = day_of(words)
    if day is not None:
        return _Span("date", day, day)
    numbers = _DAY.fullmatch(words)
    if numbers is not None:
        return _impossible(*(int(number) for number in numbers.groups()))
    period = period_of(words)
    if period is None:
        name = words.replace("thang", "tháng").replace("nam", "năm")
        if name.startswith("quy"):
            name = f"quý {name.removeprefix('quy').strip().upper()}"
        return f"không có {name}", f"there is no {name}"
    return _Span(_KINDS[period_kind(period)], period_start(period), period_end(period))


def _impossible(day: int, month: int, year: int) -> Sentence:
    if not 1 <= month <= 12:
        return f"không có tháng {month}", f"there is no month {month}"
    days = calendar.monthrange(year, month)[1]
    return (
        f"không có ngày {day:02d}/{month:02d}/{year}: tháng {month} chỉ có {days} ngày",
        f"there is no {day:02d}/{month:02d}/{year}: month {month} has {days} days",
    )


def _plain(text: str) -> str:
    """Small letters without accents, single slashes and hyphens, without remarks and names of stages."""
    plain = re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"/{2,}", "/", strip_accents(clean_text(text))))
    return _STAGE.sub("", " ".join(_ASIDE.sub(" ", plain).split(";")[0].split()))


def _unread(vi: str, en: str) -> Deadline:
    return Deadline("unparseable", problem=(vi, en))
