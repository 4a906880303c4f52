"""Reads dates, moments and reporting periods in the spellings agencies use; impossible ones are refused.

Moments are local time (Asia/Ho_Chi_Minh) and stay local: a dossier is received on a day of the office.
"""

import re
from datetime import date, datetime, timedelta

from tiendo.intake.contracts import Column
from tiendo.intake.folding import strip_accents
from tiendo.intake.problems import Cell, CellProblem, cell_problem
from tiendo.settings import TIMEZONE

# Excel counts days from here; the bounds (1954 to 2119) keep years and counts from being read as days.
_SERIAL_ORIGIN = datetime(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2100

_CLOCK = r"(?P<hour>\d{1,2})[:hg](?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
_DAY_FIRST = r"(?P<day>\d{1,2}) ?(?P<mark>[/.-]) ?(?P<month>\d{1,2}) ?(?P=mark) ?(?P<year>\d{4})"
_YEAR_FIRST = r"(?P<year>\d{4})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"
_IN_WORDS = r"(?:ngay )?(?P<day>\d{1,2}) thang (?P<month>\d{1,2}),? nam (?P<year>\d{4})"
# In small letters without accents; the commonest spelling first, since extracts hold millions.
_MOMENTS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_DAY_FIRST}(?:[t ] ?{_CLOCK})?",
        rf"{_YEAR_FIRST}(?:[t ] ?{_CLOCK})?(?P<zone>z|[+-]\d{{2}}:?\d{{2}})?",
        rf"{_IN_WORDS}(?: {_CLOCK})?",
        rf"{_CLOCK},? {_DAY_FIRST}",
        rf"{_CLOCK},? {_IN_WORDS}",
    )
)
_SERIAL_TEXT = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_BETWEEN = r"(?: ?[/.-] ?|,? nam |[, ]+)"
_PERIODS = tuple(
    (re.compile(pattern, re.ASCII), form)
    for pattern, form in (
        (rf"(?:thang ?|t\.?)?(?P<number>\d{{1,2}}){_BETWEEN}{_YEAR}", "{year}-{number:02d}"),
        (rf"{_YEAR}[-/](?P<number>\d{{1,2}})", "{year}-{number:02d}"),
        (rf"(?:qu[yi] ?|q\.? ?)(?P<number>0?[1-4]|iv|i{{1,3}}){_BETWEEN}{_YEAR}", "{year}-Q{number}"),
        (rf"{_YEAR}[-/ ]?q(?P<number>[1-4])", "{year}-Q{number}"),
        (rf"{_YEAR}[-/ ]?h(?P<number>[12])", "{year}-H{number}"),
        (rf"h(?P<number>[12]){_BETWEEN}{_YEAR}", "{year}-H{number}"),
        (
            rf"(?:(?:6|sau) ?(?:thang|t)|nua) (?P<number>dau|cuoi)(?:,? nam|/)? ?{_YEAR}",
            "{year}-H{number}",
        ),
        (rf"(?:ca )?(?:nam )?{_YEAR}", "{year}"),
    )
)
_NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "dau": 1, "cuoi": 2}


def parse_date(cell: Cell, column: Column) -> date | CellProblem:
    """A non-empty cell of a date column; a time of day beside the date is left out."""
    moment = _moment(cell)
    return cell_problem("TD-204", cell, column) if moment is None else moment.date()


def parse_timestamp(cell: Cell, column: Column) -> datetime | CellProblem:
    """A non-empty cell of a timestamp column, in local time to the second; a bare date is its midnight."""
    moment = _moment(cell)
    return cell_problem("TD-204", cell, column) if moment is None else moment


def parse_period(cell: Cell, column: Column) -> str | CellProblem:
    """A non-empty cell of a period column (`YYYY-MM`, `-Qn`, `-Hn`, `YYYY`); a day gives its month."""
    return period_of(cell) or cell_problem("TD-205", cell, column)


def day_of(text: str) -> date | None:
    """The day a text names, None where it names none; numbers that Excel counts days by name none."""
    moment = _written(_plain(text))
    return None if moment is None else moment.date()


def period_of(cell: Cell) -> str | None:
    """The period a cell names, None where it names none."""
    if isinstance(cell, str):
        text = _plain(cell)
        named = next(
            (f for p, form in _PERIODS if (m := p.fullmatch(text)) and (f := _period(m, form))), None
        )
        moment = _written(text) if named is None else None
        return named or (f"{moment:%Y-%m}" if moment else None)
    if isinstance(cell, date):
        return f"{cell:%Y-%m}"
    is_year = isinstance(cell, int | float) and not isinstance(cell, bool) and float(cell).is_integer()
    return f"{int(cell)}" if is_year and _FIRST_YEAR <= int(cell) <= _LAST_YEAR else None  # type: ignore[arg-type]


def period_end(period: str) -> date:
    """The last day of a canonical period."""
    year, _, part = period.partition("-")
    month = int(part.lstrip("QH") or 1) * period_months(period)
    following = date(int(year) + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


def period_start(period: str) -> date:
    """The first day of a canonical period."""
    end = period_end(period)
    return date(end.year, end.month - period_months(period) + 1, 1)


def period_kind(period: str) -> str:
    """`month`, `quarter`, `half_year` or `year`, by the length of a canonical period."""
    return {1: "month", 3: "quarter", 6: "half_year", 12: "year"}[period_months(period)]


def period_months(period: str) -> int:
    """How many months a canonical period spans."""
    return {"": 12, "Q": 3, "H": 6}.get(period[5:6], 1)


def _period(match: re.Match[str], form: str) -> str | None:
    found = match.groupdict()
    raw = found.get("number") or "1"
    number = _NUMBERS.get(raw) or int(raw)
    return form.format(year=found["year"], number=number) if 1 <= number <= 12 else None


def _moment(cell: Cell) -> datetime | None:
    if isinstance(cell, datetime):
        return _local(cell)
    if isinstance(cell, date):
        return _local(datetime(cell.year, cell.month, cell.day))
    if isinstance(cell, str):
        text = _plain(cell)
        return _serial(float(text)) if _SERIAL_TEXT.fullmatch(text) else _written(text)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(float(cell))
    return None


def _serial(days: float) -> datetime | None:
    if not _FIRST_SERIAL <= days < _LAST_SERIAL:
        return None
    # A serial holds the time as a binary fraction of a day: whole seconds are what was meant.
    return _SERIAL_ORIGIN + timedelta(seconds=round(days * 86_400))


def _plain(text: str) -> str:
    return " ".join((text.lower() if text.isascii() else strip_accents(text)).split())


def _written(text: str) -> datetime | None:
    match = next((found for pattern in _MOMENTS if (found := pattern.fullmatch(text))), None)
    if match is None:
        return None
    found = match.groupdict()
    parts = [int(found.get(name) or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
    zone = (found.get("zone") or "").upper()
    try:
        moment = datetime(*parts)  # type: ignore[arg-type]
        return _local(datetime.fromisoformat(f"{moment.isoformat()}{zone}") if zone else moment)
    except (ValueError, OverflowError):
        return None


def _local(moment: datetime) -> datetime | None:
    if moment.tzinfo is not None:
        moment = moment.astimezone(TIMEZONE).replace(tzinfo=None)
    return moment.replace(microsecond=0) if _FIRST_YEAR <= moment.year <= _LAST_YEAR else None
