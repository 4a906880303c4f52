"""Roll-ups over places: sums of parts, never means of ratios, with the share of units that reported."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from reference.observations import Indicator, Observation, least_mature, ratio
from reference.periods import Period
from reference.places import Place, Places


@dataclass(frozen=True)
class CoverageRow:
    """One accepted row of F04: the union of all operators, or one operator alone."""

    org_code: str
    period: Period
    operator: str
    population: int
    population_5g: int | None
    received_at: datetime


def coverage_in_force(rows: Iterable[CoverageRow], known_at: datetime, as_of: date) -> list[CoverageRow]:
    """A later file replaces unit, period and operator; figures of one operator are 'kept apart'."""
    latest: dict[tuple[str, str, str], CoverageRow] = {}
    for row in sorted(rows, key=lambda row: row.received_at):
        if row.received_at <= known_at and row.period.end <= as_of:
            latest[row.org_code, row.period.name, row.operator] = row
    return [row for row in latest.values() if row.operator == "all_operators"]


def coverage_5g(rows: list[CoverageRow], indicator: Indicator, places: Places) -> list[Observation]:
    """`Σ population_5g / Σ population` over the communes of a place, 'never the mean of percentages'."""
    of_place = {
        (place, row.period): row for row in rows if (place := places.on(row.org_code, row.period.end))
    }
    # A commune that left the cell blank is in neither sum; nobody lives in a commune of population 0.
    answered = {
        key: row for key, row in of_place.items() if row.population_5g is not None and row.population > 0
    }
    found = [
        _observation(place, period, [row], Fraction(1), indicator)
        for (place, period), row in answered.items()
        if place.level != "province"
    ]
    below: dict[tuple[Place, Period], list[CoverageRow]] = defaultdict(list)
    for (place, period), row in answered.items():
        province = places.on(place.province_code, period.end)
        if place.level == "commune" and province is not None:
            below[province, period].append(row)
    for (province, period), told in below.items():
        weights = _weights(province, period, rows, places)
        share = sum((weights[row.org_code] for row in told), Fraction(0))
        found.append(_observation(province, period, told, share, indicator))
    # 0004 i: 'a province's own row speaks only where none of its communes answered'.
    found += [
        _observation(place, period, [row], Fraction(1), indicator)
        for (place, period), row in answered.items()
        if place.level == "province" and (place, period) not in below
    ]
    return found


def _observation(
    place: Place, period: Period, told: list[CoverageRow], share: Fraction | None, indicator: Indicator
) -> Observation:
    numerator = Fraction(sum(row.population_5g or 0 for row in told))
    denominator = Fraction(sum(row.population for row in told))
    actual = ratio(indicator, numerator, denominator)
    code = indicator["indicator_code"]
    return Observation(place, code, period, period.end, actual, numerator, denominator, coverage=share)


def _weights(province: Place, period: Period, rows: list[CoverageRow], places: Places) -> dict[str, Fraction]:
    """0004 f: communes weigh by population where every one is known (newest so far), else alike."""
    communes = [place.org_code for place in places.communes(province.province_code, period.end)]
    newest = {
        row.org_code: row.population
        for row in sorted(rows, key=lambda row: row.period.end)
        if row.period.end <= period.end
    }
    people = {code: newest.get(code, 0) for code in communes}
    if all(people.values()):
        return {code: Fraction(number, sum(people.values())) for code, number in people.items()}
    return dict.fromkeys(communes, Fraction(1, len(communes)))


def rolled_up(
    indicators: Mapping[str, Indicator],
    observations: list[Observation],
    rows: list[CoverageRow],
    places: Places,
) -> list[Observation]:
    """F01 of communes becomes the province's 'by the indicator's over_places', where it sent none itself."""
    own = {(o.place, o.indicator_code, o.period) for o in observations if not o.is_estimate}
    below: dict[tuple[Place, str, Period], list[Observation]] = defaultdict(list)
    for observation in observations:
        place = observation.place
        province = places.on(place.province_code, observation.period.end)
        is_told = observation.is_of_year and not observation.is_estimate
        if place.level == "commune" and province is not None and is_told:
            below[province, observation.indicator_code, observation.period].append(observation)
    rolled = [
        _rolled(*key, indicators[key[1]], told, _weights(key[0], key[2], rows, places))
        for key, told in below.items()
        if key not in own
    ]
    return [observation for observation in rolled if observation is not None]


def _rolled(
    province: Place,
    code: str,
    period: Period,
    indicator: Indicator,
    told: list[Observation],
    weights: Mapping[str, Fraction],
) -> Observation | None:
    """Parts add up, a ratio known only as a value does not; units weigh by what they told of the year."""
    added = indicator["over_places"]
    usable = [o for o in told if (o.actual if added == "sum" else o.denominator) is not None]
    if added == "none" or not usable:
        return None
    numerator, denominator, actual = _added(
        indicator, [(o.numerator, o.denominator, o.actual) for o in usable]
    )
    trends = [(o.trend.numerator, o.trend.denominator, o.trend.value) for o in usable if o.trend]
    judged_on = max(o.judged_on for o in usable)
    share = sum((weights[o.place.org_code] * _told(o) for o in usable), Fraction(0))
    return Observation(
        province,
        code,
        period,
        judged_on,
        actual,
        numerator,
        denominator,
        in_period=_added(indicator, trends)[2] if trends else None,
        basis=usable[0].basis,
        data_cutoff=judged_on if judged_on < period.end else None,
        maturity=least_mature([o.maturity for o in usable]),
        coverage=share,
        is_rolled_up=True,
    )


def _told(observation: Observation) -> Fraction:
    """The share of the year so far that a unit told."""
    return Fraction(1) if observation.coverage is None else observation.coverage


Parts = tuple[Fraction | None, Fraction | None, Fraction | None]


def _added(indicator: Indicator, parts: list[Parts]) -> Parts:
    """Numerator, denominator and value of a sum."""
    if indicator["over_places"] == "sum":
        return None, None, sum((value for *_, value in parts if value is not None), Fraction(0))
    numerator = sum((part for part, _, _ in parts if part is not None), Fraction(0))
    denominator = sum((whole for _, whole, _ in parts if whole is not None), Fraction(0))
    return numerator, denominator, ratio(indicator, numerator, denominator)
