"""Reports for a synthetic registry: early, late, corrected, partial, and to the digit on a threshold."""

import random
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal

from reference.case_registry import COMMUNES, PROVINCES, Row
from reference.periods import MONTHS, Period, periods_between, share_of_year

FIRST = date(2023, 11, 30)
Report = dict[str, object]
Maker = Callable[[Period], list[Report]]

# What was sent: at once, corrected later, and after the moment of knowledge.
SENT = datetime.fromisoformat("2026-10-05T09:00:00+07:00")
CORRECTED = datetime.fromisoformat("2026-10-10T09:00:00+07:00")
TOO_LATE = datetime.fromisoformat("2026-10-25T09:00:00+07:00")


def reports(
    rng: random.Random, indicators: Iterable[Row], targets: Iterable[Row], as_of: date
) -> list[Report]:
    """Rows of F01 with their moment of receipt."""
    values: dict[str, list[Decimal]] = {}
    for row in targets:
        bounds = (row["target_low"], row["target_high"])
        values.setdefault(row["indicator_code"], []).extend(Decimal(bound) for bound in bounds if bound)
    rows: list[Report] = []
    for indicator in indicators:
        code = indicator["indicator_code"]
        if indicator["kind"] == "text" or (
            indicator["primary_source"] == "computed" and code != "infra_5g_coverage"
        ):
            continue
        for place in _reporting_places(rng, indicator):
            series = _series(rng, indicator, place, values.get(code, []), as_of)
            rows += series
            rows += _corrections(rng, indicator, series)
    return rows


def _reporting_places(rng: random.Random, indicator: Row) -> list[str]:
    places = [code for code in PROVINCES if rng.random() < 0.92]
    if indicator["applies_to_level"] == "both":
        places += [code for codes in COMMUNES.values() for code in codes if rng.random() < 0.7]
    return places


def _series(
    rng: random.Random, indicator: Row, place: str, marks: list[Decimal], as_of: date
) -> list[Report]:
    """One place's reports of an indicator: its own frequency, a finer or a longer one, with gaps."""
    shift = rng.random()
    kinds = [indicator["frequency"]]
    if shift < 0.2 and indicator["frequency"] != "month":
        kinds = ["month"]
    elif shift < 0.3:
        kinds.append(rng.choice(("month", "quarter", "year")))
    presence = rng.choice((1, 1, 0.9, 0.7, 0.3))
    start = rng.choice((FIRST, FIRST, date(2024, 12, 30), date(2025, 6, 30), date(2025, 12, 30)))
    if indicator["indicator_code"].startswith("edge"):
        kinds, presence, start = ["month"], 0.95, date(2024, 12, 30)
    if len(place) == 5 and place[:2] != "24":
        start = max(start, date(2025, 6, 30))
    maker = _maker(rng, indicator, marks)
    return [
        {**row, "indicator_code": indicator["indicator_code"], "org_code": place, "received_at": SENT}
        for kind in dict.fromkeys(kinds)
        for period in periods_between(kind, start, as_of)
        if rng.random() < presence and not _contradicts(indicator, kinds, period)
        for row in maker(period)
    ]


def _contradicts(indicator: Row, kinds: list[str], period: Period) -> bool:
    """What adds up over a year is told in one length until June and in the other after it, so that no two
    reports are of the same months: which of them is right would be anyone's guess.
    """
    if indicator["over_time"] not in ("sum_in_year", "ratio_of_sums") or len(set(kinds)) == 1:
        return False
    is_late = period.start.month > 6 if period.kind != "year" else period.kind != kinds[0]
    return is_late if period.kind == kinds[0] else not is_late or period.kind == "year"


def _maker(rng: random.Random, indicator: Row, marks: list[Decimal]) -> Maker:
    """How the figures of one series come about."""
    style = _Style(rng, indicator, marks)
    if indicator["indicator_code"].startswith("edge"):
        return lambda period: [_edge(rng, indicator["indicator_code"], period)]
    if indicator["over_time"] == "sum_in_year":
        return style.year_count
    if indicator["over_time"] == "ratio_of_sums":
        return style.flow
    return style.level


class _Style:
    def __init__(self, rng: random.Random, indicator: Row, marks: list[Decimal]) -> None:
        self.rng = rng
        self.indicator = indicator
        self.marks = marks
        # Rates of growth can be negative.
        self.is_growth = indicator["indicator_code"].startswith("level_alone") and rng.random() < 0.3
        self.now = Decimal(rng.randrange(0, 60)) if rng.random() < 0.9 else Decimal(0)
        self.step = Decimal(rng.randrange(-60, 260)) / 100
        self.hover = marks and rng.random() < 0.15
        if indicator["direction"] == "lower":
            self.now, self.step = Decimal(rng.randrange(2, 40)), Decimal(rng.randrange(-200, 60)) / 100
        if self.is_growth:
            self.now, self.step = Decimal(-5), Decimal(rng.randrange(-100, 100)) / 100
        self.basis = rng.choice(("in_period", "year_to_date", "mixed"))
        self.with_parts = rng.random() < 0.6
        self.cuts = rng.random() < 0.25

    def level(self, period: Period) -> list[Report]:
        rng, indicator = self.rng, self.indicator
        lowest = Decimal(-100 if self.is_growth else 0)
        self.now = round(max(self.now + self.step * MONTHS[period.kind] / 3, lowest), 2)
        value = self.now
        if indicator["kind"] == "boolean":
            value = Decimal(rng.random() < 0.4)
        elif indicator["kind"] == "rank":
            value = Decimal(rng.randrange(1, 34))
        elif self.marks and rng.random() < 0.12:
            value = rng.choice(self.marks)
        elif self.hover:
            # Around one target: a baseline that meets it, then a little or much less.
            value = max(
                self.marks[0] + Decimal(rng.choice((-300, -60, -50, -40, -10, 0, 20, 200))) / 100, Decimal(0)
            )
        row = self._row(period, None, value)
        if indicator["kind"] == "ratio" and self.with_parts and value >= 0:
            row |= self._parts(value)
        if rng.random() < 0.02:
            row["basis"] = "full_year_estimate"
        return [row]

    def flow(self, period: Period) -> list[Report]:
        basis = self.rng.choice(("in_period", "year_to_date")) if self.basis == "mixed" else self.basis
        near = self.marks and self.rng.random() < 0.5
        value = self.rng.choice(self.marks) if near else Decimal(self.rng.randrange(0, 10000)) / 100
        if near and self.rng.random() < 0.7:
            value = max(value + Decimal(self.rng.randrange(-300, 120)) / 100, Decimal(0))
        row = self._row(period, basis, value)
        if self.with_parts:
            row |= self._parts(value)
        return self._with_estimate(row)

    def year_count(self, period: Period) -> list[Report]:
        basis = self.rng.choice(("in_period", "year_to_date")) if self.basis == "mixed" else self.basis
        pace = self.rng.choice(self.marks) / 12 if self.marks else Decimal(2)
        value = Decimal(int(pace * MONTHS[period.kind] * Decimal(self.rng.choice((0, 0.5, 0.8, 1, 1, 1.5)))))
        if basis == "year_to_date":
            value = Decimal(int(pace * period.end.month * Decimal(self.rng.choice((0.4, 0.8, 1, 1.2)))))
            if self.marks and self.rng.random() < 0.1:
                value = self.rng.choice(self.marks)
        return self._with_estimate(self._row(period, basis, value))

    def _with_estimate(self, row: Report) -> list[Report]:
        if self.rng.random() < 0.05:
            estimate = {**row, "basis": "full_year_estimate", "value": Decimal(99)}
            estimate["numerator"] = estimate["denominator"] = None
            return [estimate] if self.rng.random() < 0.4 else [row, estimate]
        return [row]

    def _row(self, period: Period, basis: str | None, value: Decimal) -> Report:
        cutoff = None
        if self.cuts and self.rng.random() < 0.5:
            cutoff = period.end.replace(day=self.rng.randrange(5, 29))
        maturity = self.rng.choice(("final", "final", "provisional", None))
        return _report(period, basis, value, cutoff, maturity)

    def _parts(self, value: Decimal) -> Report:
        factor = Decimal(10_000 if self.indicator["unit"] == "per_10k_people" else 100)
        denominator = Decimal(self.rng.choice((100, 200, 320, 997, 12_345)))
        if self.rng.random() < 0.04:
            return {"numerator": Decimal(0), "denominator": Decimal(0), "value": None}
        exact = denominator * value / factor
        numerator = exact if exact == int(exact) else Decimal(int(exact))
        return {"numerator": numerator, "denominator": denominator, "value": None}


def _report(
    period: Period,
    basis: str | None,
    value: Decimal | None,
    cutoff: date | None = None,
    maturity: str | None = None,
) -> Report:
    return {
        "period": period,
        "basis": basis,
        "data_cutoff": cutoff,
        "numerator": None,
        "denominator": None,
        "value": None if value is None else round(value, 4),
        "maturity": maturity,
    }


def _edge(rng: random.Random, code: str, period: Period) -> Report:
    """Figures on a threshold to the digit, for targets of 73, 365 and 80 from a base of 0."""
    day = period.end
    if period.end.month == 1 and rng.random() < 0.6:
        day = date(period.end.year, 1, rng.choice((10, 28, 29, 30)))
    gone, _ = share_of_year(day)
    is_base = period.end.month == 12 and code in ("edge_level", "edge_count")
    value = Decimal(0) if is_base else _edge_value(rng, code, gone)
    basis = "year_to_date" if code in ("edge_year", "edge_flow") else None
    return _report(period, basis, value, day if day < period.end else None)


def _edge_value(rng: random.Random, code: str, gone: int) -> Decimal:
    share = Decimal(rng.choice(("0.5", "0.95", "0.9", "1", "0.49", "0.94", "0.499", "0.949")))
    choices = {
        "edge_level": (
            gone * share / 5,
            gone * share / 5,
            max(Decimal(gone) / 100 - Decimal("0.5"), Decimal(0)),
        ),
        "edge_count": (gone * share, gone * share, max(gone - Decimal("3.65"), Decimal(0))),
        "edge_year": (gone * share, gone * share, max(gone - Decimal("3.65"), Decimal(0)), Decimal(365)),
        "edge_flow": (80 * share, Decimal("79.5"), Decimal("79.4"), Decimal("89.5")),
        "edge_fall": (
            Decimal(80),
            Decimal("80.2"),
            Decimal("79.8"),
            Decimal("79.5"),
            Decimal("79.4"),
            Decimal(76),
        ),
    }
    return rng.choice(choices[code])


def _corrections(rng: random.Random, indicator: Row, series: list[Report]) -> list[Report]:
    """Some figures are sent again: corrected, with a basis where none is needed, or too late to be known."""
    again: list[Report] = []
    for row in series:
        draw = rng.random()
        if draw > 0.08:
            continue
        value = row["value"]
        changed = dict(row)
        if isinstance(value, Decimal):
            changed["value"] = abs(value + Decimal(rng.choice((-3, -1, 1, 2, 5))))
            if indicator["kind"] == "boolean":
                changed["value"] = 1 - value
        elif isinstance(row["numerator"], Decimal):
            changed["numerator"] = row["numerator"] + 1
        changed["received_at"] = CORRECTED if draw < 0.05 else TOO_LATE
        if draw < 0.01 and indicator["over_time"] in ("last", "none"):
            changed["basis"] = rng.choice(("in_period", "full_year_estimate"))
        again.append(changed)
    return again
