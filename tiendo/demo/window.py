"""The demo's time: a fixed window of months that ends with October 2026, never the clock.

Every date in a synthetic file follows from the window, so that two runs write the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from tiendo.settings import TIMEZONE

Cadence = Literal["month", "quarter", "half_year", "year"]
CADENCE_MONTHS: dict[Cadence, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month.

    Attributes:
        year: Calendar year.
        number: 1 to 12.
    """

    year: int
    number: int

    @property
    def code(self) -> str:
        """Canonical period, `YYYY-MM`."""
        return f"{self.year}-{self.number:02d}"

    @property
    def first(self) -> date:
        """First day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Last day."""
        return self.plus(1).first - timedelta(days=1)

    @property
    def ordinal(self) -> int:
        """Months counted from year 0, for distances."""
        return self.year * 12 + self.number - 1

    def plus(self, months: int) -> "Month":
        """The month that many months later (earlier where negative)."""
        year, index = divmod(self.ordinal + months, 12)
        return Month(year, index + 1)

    def at(self, day: int, hour: int = 8, minute: int = 0) -> datetime:
        """A moment in this month, Asia/Ho_Chi_Minh."""
        return datetime(self.year, self.number, day, hour, minute, tzinfo=TIMEZONE)


PATH_START = Month(2025, 11)
LAST_MONTH = Month(2026, 10)
YEAR_START, YEAR_END = Month(2025, 12), Month(2026, 12)


def window(months: int, last: Month = LAST_MONTH) -> tuple[Month, ...]:
    """That many months, oldest first; the demo's last is October 2026."""
    return tuple(last.plus(-back) for back in reversed(range(months)))


def progress(month: Month) -> float:
    """How far along the fixed path a month lies: 0 in November 2025, 1 in October 2026.

    Independent of the window's length, so that a shorter demo shows the same figures for the same months.
    """
    return (month.ordinal - PATH_START.ordinal) / (LAST_MONTH.ordinal - PATH_START.ordinal)


@dataclass(frozen=True)
class Period:
    """A reporting period.

    Attributes:
        cadence: Its length.
        last_month: The month it ends with.
    """

    cadence: Cadence
    last_month: Month

    @property
    def months(self) -> tuple[Month, ...]:
        """Its months, oldest first."""
        return tuple(self.last_month.plus(-back) for back in reversed(range(CADENCE_MONTHS[self.cadence])))

    @property
    def months_of_year(self) -> tuple[Month, ...]:
        """The months of its calendar year up to its end: what a year-to-date figure counts."""
        return tuple(Month(self.last_month.year, number) for number in range(1, self.last_month.number + 1))

    @property
    def code(self) -> str:
        """Canonical period: `YYYY-MM`, `YYYY-Qn`, `YYYY-Hn` or `YYYY`."""
        year, number = self.last_month.year, self.last_month.number
        return {
            "month": self.last_month.code,
            "quarter": f"{year}-Q{number // 3}",
            "half_year": f"{year}-H{number // 6}",
            "year": f"{year}",
        }[self.cadence]


def ended(months: Sequence[Month], cadence: Cadence) -> list[Period]:
    """The periods of one length whose last day lies in the window, oldest first."""
    length = CADENCE_MONTHS[cadence]
    return [Period(cadence, month) for month in months if month.number % length == 0]


_ROMAN = ("", "I", "II", "III", "IV")
_HALVES = ("", "6 tháng đầu năm", "6 tháng cuối năm")


def spell_period(code: str, manner: int) -> str:
    """A canonical period as a sender writes it; `manner` 0 is canonical, others are Vietnamese spellings."""
    if manner == 0 or len(code) < 4:
        return code
    year, _, rest = code.partition("-")
    if not rest:
        return f"Năm {year}"
    if rest.startswith("Q"):
        number = int(rest[1])
        return (f"Quý {_ROMAN[number]}/{year}", f"Q{number}.{year}")[manner % 2]
    if rest.startswith("H"):
        return f"{_HALVES[int(rest[1])]} {year}"
    return (f"Tháng {int(rest)}/{year}", f"{rest}/{year}", f"T{int(rest)}/{year}")[manner % 3]
