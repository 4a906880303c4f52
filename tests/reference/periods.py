"""Periods as domain.md writes them: `YYYY-MM`, `YYYY-Qn`, `YYYY-Hn`, `YYYY`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    end: date
    start: date
    kind: str
    name: str

    @property
    def length(self) -> int:
        return MONTHS[self.kind]


def _first_of_next(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


def period(year: int, kind: str, number: int) -> Period:
    """The n-th month, quarter, half or the whole of a year."""
    length = MONTHS[kind]
    first, last = (number - 1) * length + 1, number * length
    name = {
        "month": f"{year}-{number:02d}",
        "quarter": f"{year}-Q{number}",
        "half_year": f"{year}-H{number}",
        "year": f"{year}",
    }[kind]
    return Period(_first_of_next(year, last) - _DAY, date(year, first, 1), kind, name)


def periods_between(kind: str, after: date, until: date) -> Iterator[Period]:
    """Periods of one kind that end after the one day and not after the other."""
    for year in range(after.year, until.year + 1):
        for number in range(1, 12 // MONTHS[kind] + 1):
            found = period(year, kind, number)
            if after < found.end <= until:
                yield found


def share_of_year(day: date) -> tuple[int, int]:
    """Days gone since 31 December, and days of the year."""
    before = date(day.year - 1, 12, 31)
    return (day - before).days, (date(day.year, 12, 31) - before).days


def months_of(first: date, last: date) -> list[date]:
    """First days of the months from one day to another."""
    months: list[date] = []
    day = first.replace(day=1)
    while day <= last:
        months.append(day)
        day = _first_of_next(day.year, day.month)
    return months


def enclosing(inner: Period, kind: str) -> Period:
    """The period of a kind in which another one ends."""
    return period(inner.end.year, kind, (inner.end.month - 1) // MONTHS[kind] + 1)
