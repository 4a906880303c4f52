"""How a value stands in the report: numbers and days as Vietnamese writes them, what senders wrote as text.

Statuses carry a shape beside the word, so that a black-and-white print still tells red from green.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from tiendo.report.rule_words import SUFFIXES
from tiendo.report.site.words import HANOI, MARKS, QUARTERS, SHAPES, UNSEEN, vietnamese

# More of a text is not shown: a cell of Excel is at most 409 points high, a page of Word ends.
LONGEST = 400
NOTHING = "\N{EN DASH}"
# What every row of a report shares is told once, in large letters.
TOLD_ONCE = ("is_synthetic",)


def shown(text: str, longest: int = LONGEST) -> str:
    """What somebody wrote: marks that hide or turn text made visible, a very long text cut and saying so."""
    seen = UNSEEN.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text[:longest])
    seen = seen.replace("\ufffe", "⟦U+FFFE⟧").replace("\uffff", "⟦U+FFFF⟧")
    return seen if len(text) <= longest else f"{seen}… ({number(len(text))} ký tự)"


def brief(text: str, longest: int = 90) -> str:
    """A text for the one page of the summary, cut between words."""
    plain = shown(" ".join(text.split()), 1000)
    return plain if len(plain) <= longest else plain[:longest].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def number(value: float | None, decimals: int | None = None) -> str:
    """A number such as 1.234,5; two decimals at most, four below one."""
    if value is None:
        return NOTHING
    places = decimals if decimals is not None else 4 if abs(value) < 1 else 2
    plain = f"{value:.{places}f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return vietnamese("0" if plain in ("-0", "") else plain)


def amount(value: float | None, unit: str) -> str:
    """A value with the suffix of its unit."""
    if value is None:
        return NOTHING
    if unit == "boolean":
        return "có" if value else "chưa"
    return number(value) + SUFFIXES.get(unit, ("", ""))[0]


def gap_text(value: float | None, unit: str) -> str:
    """A difference; between percentages it counts points."""
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else ""
    points = " điểm %" if unit.startswith("percent") else SUFFIXES.get(unit, ("", ""))[0]
    return f"{sign}{number(value)}{points}"


def signed(value: int) -> str:
    """A change of a count: +2, -1 or 0."""
    return f"+{value}" if value > 0 else number(value)


def day(value: date | None) -> str:
    """A day as 31/10/2026."""
    return NOTHING if value is None else f"{value:%d/%m/%Y}"


def moment(value: datetime) -> str:
    """A moment as the time in Vietnam, to the minute."""
    return f"{value.replace(tzinfo=value.tzinfo or UTC).astimezone(HANOI):%H:%M %d/%m/%Y}"


def period(value: str | None) -> str:
    """`2026-10` as 10/2026, `2026-Q3` as quý III/2026, `2026-H1` as 6 tháng đầu năm 2026."""
    if not value:
        return NOTHING
    year, _, rest = value.partition("-")
    if rest.startswith("Q"):
        return f"quý {QUARTERS[rest[1]]}/{year}"
    if rest.startswith("H"):
        return f"6 tháng {'đầu' if rest == 'H1' else 'cuối'} năm {year}"
    return f"{rest}/{year}" if rest else f"năm {year}"


def status(colour: str, label: str) -> str:
    """A status in its word, behind the shape of its colour."""
    return f"{SHAPES.get(colour, SHAPES['grey'])} {label}"


def marks(row: Mapping[str, Any]) -> str:
    """What makes a figure uncertain, in words; empty where nothing does."""
    told = [
        vi
        for column, value, vi, _ in MARKS
        if column not in TOLD_ONCE and row.get(column) == value and row.get(column) is not None
    ]
    share = row.get("coverage_share")
    if share is not None and share < 1:
        told.append(f"Phủ {number(100 * share, 0)}%")
    return "; ".join(told)
