"""From reports to one observation for each place, indicator and period, as domain.md and decision 0004 say.

Numbers are fractions, so that nothing is rounded before the end.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from reference.periods import Period, enclosing, months_of
from reference.places import Place, Places

ACCUMULATING = ("sum_in_year", "ratio_of_sums")
FACTORS = {"percent": 100, "percent_grdp": 100, "percent_budget": 100, "per_10k_people": 10_000}
Indicator = Mapping[str, str]


@dataclass(frozen=True)
class Figure:
    """One accepted row of F01 (or of F04, as parts)."""

    org_code: str
    indicator_code: str
    period: Period
    basis: str | None
    data_cutoff: date | None
    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    maturity: str | None
    received_at: datetime


@dataclass(frozen=True)
class Observation:
    """What is known of a place and indicator for a period; no `actual` where nothing divides it."""

    place: Place
    indicator_code: str
    period: Period
    judged_on: date
    actual: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    in_period: Fraction | None = None
    basis: str | None = None
    data_cutoff: date | None = None
    maturity: str | None = None
    coverage: Fraction | None = None
    trend: Figure | None = None
    is_rolled_up: bool = False
    # False for a month's ratio where the year's cannot be made: it is shown, and nothing is judged by it.
    is_of_year: bool = True

    @property
    def is_estimate(self) -> bool:
        return self.basis == "full_year_estimate"


def value_of(indicator: Indicator, figure: Figure) -> Fraction | None:
    """'Numerator and denominator are the parts': with both the ratio is computed, else it is as stated."""
    if figure.numerator is not None and figure.denominator is not None:
        return ratio(indicator, figure.numerator, figure.denominator)
    return figure.value


def ratio(indicator: Indicator, numerator: Fraction, denominator: Fraction) -> Fraction | None:
    """'Division comes last'; never by zero."""
    if denominator == 0:
        return None
    return FACTORS.get(indicator["unit"], 1) * numerator / denominator


def in_force(figures: Iterable[Figure], known_at: datetime) -> list[Figure]:
    """`known_at` hides submissions received later; a later file replaces the keys it names."""
    latest: dict[tuple[str, str, str, str | None], Figure] = {}
    for figure in sorted(figures, key=lambda figure: figure.received_at):
        if figure.received_at <= known_at:
            latest[figure.indicator_code, figure.org_code, figure.period.name, figure.basis] = figure
    return list(latest.values())


def reported(
    indicators: Mapping[str, Indicator], figures: Iterable[Figure], places: Places, as_of: date
) -> list[Observation]:
    """F01: the observations of the periods that were reported, before quarters are taken from months."""
    grouped: dict[tuple[Place, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        place = places.on(figure.org_code, figure.period.end)
        # 'Periods ending after as_of are not there.'
        if place is not None and figure.period.end <= as_of:
            grouped[place, figure.indicator_code].append(figure)
    return [
        observation
        for (place, code), group in grouped.items()
        for observation in _of_group(place, indicators[code], group)
    ]


def _of_group(place: Place, indicator: Indicator, figures: list[Figure]) -> list[Observation]:
    found: list[Observation] = []
    for period in sorted({figure.period for figure in figures}):
        told = [figure for figure in figures if figure.period == period]
        real = [figure for figure in told if figure.basis != "full_year_estimate"]
        if not real:
            # 'A full-year estimate is shown as such'; nothing else is known of the period.
            found.append(_as_stated(place, indicator, max(told, key=lambda figure: figure.received_at)))
        elif indicator["over_time"] in ACCUMULATING:
            found.append(_year_to_date(place, indicator, figures, period))
        else:
            # 0006: 'the one received last speaks, even where one states a basis and the other does not'.
            found.append(_as_stated(place, indicator, max(real, key=lambda figure: figure.received_at)))
    return found


def _as_stated(place: Place, indicator: Indicator, figure: Figure) -> Observation:
    """'A row is judged at its period_end, or at data_cutoff where given.'"""
    return Observation(
        place,
        figure.indicator_code,
        figure.period,
        figure.data_cutoff or figure.period.end,
        value_of(indicator, figure),
        figure.numerator,
        figure.denominator,
        None,
        figure.basis,
        figure.data_cutoff,
        figure.maturity,
    )


def _year_to_date(place: Place, indicator: Indicator, figures: list[Figure], period: Period) -> Observation:
    """'Actual = Σ numerator / Σ denominator since 1 January', 'the year's count so far'.

    A stated year to date is taken as it is; else the reports of single periods are added up, back to a stated
    year to date or to 1 January (0004 f: 'or since the place exists'). Months nobody reported lower the share
    of coverage ('mean of the months'): late is not zero.
    """
    own_stated = next((f for f in figures if f.basis == "year_to_date" and f.period == period), None)
    own_single = next((f for f in figures if f.basis == "in_period" and f.period == period), None)
    trend = value_of(indicator, own_single) if own_single else None
    if own_stated is not None:
        observation = _as_stated(place, indicator, own_stated)
        return replace(observation, in_period=trend, trend=own_single)
    assert own_single is not None
    first = max(date(period.end.year, 1, 1), place.valid_from)
    if period.start <= first:
        # The whole year so far is this period.
        whole = _as_stated(place, indicator, own_single)
        return replace(whole, in_period=trend, basis="year_to_date", coverage=Fraction(1), trend=own_single)
    parts: list[Figure] = []
    gaps, before = 0, period.end
    while before >= first:
        part = _ending_on(before, figures)
        if part is None:
            gaps += 1
            before = before.replace(day=1) - timedelta(days=1)
            continue
        parts.append(part)
        if part.basis == "year_to_date":
            break
        before = part.period.start - timedelta(days=1)
    months = len(months_of(first, period.end))
    numerator, denominator, actual = _sum(indicator, parts, is_whole=not gaps)
    if actual is None and denominator is None:
        return replace(_as_stated(place, indicator, own_single), in_period=trend, is_of_year=False)
    return replace(
        _as_stated(place, indicator, own_single),
        actual=actual,
        numerator=numerator,
        denominator=denominator,
        in_period=trend,
        basis="year_to_date",
        maturity=least_mature([part.maturity for part in parts]),
        coverage=Fraction(months - gaps, months),
        trend=own_single,
    )


def least_mature(known: list[str | None]) -> str | None:
    """A sum is as provisional as its parts."""
    if "provisional" in known:
        return "provisional"
    return None if None in known else "final"


def _ending_on(day: date, figures: list[Figure]) -> Figure | None:
    """What is known up to a day: best the stated year to date, then the longest period."""
    known = [f for f in figures if f.period.end == day and f.basis in ("in_period", "year_to_date")]
    order = sorted(known, key=lambda f: (f.basis == "in_period", -f.period.length))
    return next(iter(order), None)


def _sum(
    indicator: Indicator, parts: list[Figure], is_whole: bool
) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """Counts add up; a ratio is computed from summed parts, so that one known only as a value is lost."""
    if len(parts) == 1 and is_whole:
        return parts[0].numerator, parts[0].denominator, value_of(indicator, parts[0])
    if indicator["over_time"] == "sum_in_year":
        values = [value_of(indicator, part) for part in parts]
        return None, None, None if None in values else sum(values, Fraction(0))  # type: ignore[arg-type]
    if any(part.numerator is None or part.denominator is None for part in parts):
        return None, None, None
    numerator = sum((part.numerator for part in parts), Fraction(0))  # type: ignore[misc]
    denominator = sum((part.denominator for part in parts), Fraction(0))  # type: ignore[misc]
    return numerator, denominator, ratio(indicator, numerator, denominator)


def with_own_frequency(
    indicators: Mapping[str, Indicator], observations: Iterable[Observation], as_of: date
) -> list[Observation]:
    """0004 l: a quarter of which only months are known takes the last month reported in it, and its day.

    We read it alike for halves and years. Where an indicator has no `over_time` nothing is taken from another
    period; estimates are of the year as a whole and are not taken either, but give way.
    """
    told = {(o.place, o.indicator_code, o.period): o for o in observations}
    taken: dict[tuple[Place, str, Period], Observation] = {}
    # The last one stays; what the place sent itself comes before a sum of the units below it.
    order = sorted(
        told.values(), key=lambda o: (not o.is_rolled_up, o.judged_on, o.period.end, o.period.length)
    )
    for source in order:
        indicator = indicators[source.indicator_code]
        if indicator["over_time"] == "none" or source.is_estimate or not source.is_of_year:
            continue
        longer = enclosing(source.period, indicator["frequency"])
        key = (source.place, source.indicator_code, longer)
        # 0005: a period belongs to the unit that bears the code on its last day.
        is_own = longer.end <= as_of and source.place.exists_on(longer.end)
        untold = key not in told or told[key].is_estimate
        if longer.length > source.period.length and is_own and untold:
            day = source.judged_on
            cutoff = day if day < longer.end else source.data_cutoff
            # The trend of a month is not that of the quarter.
            taken[key] = replace(source, period=longer, data_cutoff=cutoff, in_period=None, trend=None)
    return list((told | taken).values())
