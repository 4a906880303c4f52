"""Which parts make up a figure and what they add up to, by its formula, its basis and the units of its place.

The same choices as in the models decide which parts count: a place's own period, else the last within it; a
year to date as stated, else the sum of its periods; a province by its units.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from math import fsum
from typing import Final

from tiendo.intake.contracts import load_contracts
from tiendo.report.explain_sources import Record

REPORTED: Final = "indicator_report"
MEASURE_COLUMNS = (
    "variant", "is_default", "numerator_rule", "denominator_rule", "numerator_sum", "denominator_sum",
    "month_basis", "excluded_states", "org_basis", "note",
)  # fmt: skip


def formula_of(figure: Record, indicator: Record, measure: Record | None) -> Record:
    """How a figure is made: by the registry's measure of a form, or as an agency reported it on F01.

    Args:
        figure: A row of `indicator_progress`.
        indicator: Its row of `dim_indicator`.
        measure: The row of `indicator_measures` with the figure's variant, None where it has none.
    """
    words = {name: indicator[name] for name in ("numerator_vi", "denominator_vi", "over_places", "over_time")}
    is_computed = figure["source_kind"] == "computed" or (
        figure["source_kind"] is None and indicator["primary_source"] == "computed"
    )
    if measure is None or not is_computed:
        return words | {"form": REPORTED, "form_number": "F01", "variant": None}
    return (
        words
        | {name: measure[name] for name in MEASURE_COLUMNS}
        | {"form": form_names()[measure["form"]], "form_number": measure["form"]}
    )


@cache
def form_names() -> dict[str, str]:
    """Names of forms by number, such as `coverage` for F04."""
    return {contract.number: form for form, contract in load_contracts().items()}


def first_day_of(figure: Record) -> str:
    """The day from which periods can be in a figure: the year's first for what runs since January."""
    is_year_to_date = figure["basis"] == "year_to_date"
    return f"{figure['period_end'][:4]}-01-01" if is_year_to_date else figure["period_start"]


def chosen_parts(found: list[Record], figure: Record, formula: Record) -> list[Record]:
    """Which of the parts that a place and its units reported in a span of days make up its figure.

    Args:
        found: Rows of `indicator_parts` with kind and start of their periods, in order of their end.
        figure: A row of `indicator_progress` with the start of its period.
        formula: What `formula_of` gives for it.
    """
    own = [part for part in found if part["org_code"] == figure["org_code"]]
    if formula["form"] == REPORTED and own:
        found = own
    if figure["basis"] == "year_to_date":
        return [part for unit in _by_unit(found).values() for part in _year_to_date(unit)]
    within = [part for part in found if part["period_end"] >= figure["period_start"]]
    latest = sorted({(part["period_end"], _length(part), part["period"]) for part in within}, reverse=True)
    for period in (figure["period"], *(period for *_, period in latest)):
        chosen = [
            part for part in within if part["period"] == period and part["basis"] in (figure["basis"], None)
        ]
        if chosen:
            return chosen
    return []


def _year_to_date(parts: Iterable[Record]) -> list[Record]:
    """The parts that one unit's year to date goes on from and adds, as `int_year_to_date_pieces` takes them.

    Back from the last to what was stated of the year so far; of periods that end together the longest.
    """
    left: list[Record] = list(parts)
    chosen: list[Record] = []
    while left:
        day = max(part["period_end"] for part in left)
        at = [part for part in left if part["period_end"] == day]
        stated = [part for part in at if part["basis"] == "year_to_date"]
        stated = stated or [part for part in at if part["period_kind"] == "year"]
        longest = max(stated or at, key=_length)
        chosen += [part for part in stated or at if part["period"] == longest["period"]]
        left = [] if stated else [part for part in left if part["period_end"] < longest["period_start"]]
    return sorted(chosen, key=lambda part: part["period_end"])


def _by_unit(parts: Iterable[Record]) -> dict[str, list[Record]]:
    gathered: dict[str, list[Record]] = {}
    for part in parts:
        gathered.setdefault(part["org_code"], []).append(part)
    return gathered


def _length(part: Record) -> int:
    return ("month", "quarter", "half_year", "year").index(part["period_kind"])


def units_of(parts: Iterable[Record], rows: Sequence[Record], is_percent: bool) -> list[Record]:
    """The parts gathered by unit, the unit with the largest denominator (or numerator) first."""
    units: list[Record] = []
    rows_of = _by_unit(rows)
    for code, of_unit in _by_unit(parts).items():
        numerator = _sum(part["numerator"] for part in of_unit)
        denominator = _sum(part["denominator"] for part in of_unit)
        value = of_unit[0]["value"]
        if len(of_unit) > 1 and is_percent and numerator is not None and denominator:
            value = 100 * numerator / denominator
        elif len(of_unit) > 1:
            value = _sum(part["value"] for part in of_unit)
        units.append(
            {
                "org_code": code,
                "org_name_vi": of_unit[0]["org_name_vi"],
                "org_level": of_unit[0]["org_level"],
                "numerator": numerator,
                "denominator": denominator,
                "value": value,
                "row_count": sum(part["row_count"] or 0 for part in of_unit if _has_figures(part)),
                "rows": rows_of.get(code, []),
            }
        )
    return sorted(
        units, key=lambda unit: (-(unit["denominator"] or unit["numerator"] or 0), unit["org_code"])
    )


def _has_figures(part: Record) -> bool:
    """False for a row that only names an extract of dossiers."""
    return any(part[name] is not None for name in ("numerator", "denominator", "value"))


def adds_up(figure: Record, units: Sequence[Record]) -> bool | None:
    """Whether the parts give the published figure."""
    if not units or figure["actual"] is None:
        return None
    pairs = [
        (figure[name], _sum(unit[name] for unit in units))
        for name in ("numerator", "denominator")
        if figure[name] is not None
    ]
    if not pairs:
        pairs = [(figure["actual"], _sum(unit["value"] for unit in units))]
    return all(added is not None and abs(published - added) < 5e-6 for published, added in pairs)


def _sum(numbers: Iterable[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    total = round(fsum(known), 6)
    return None if not known else int(total) if total.is_integer() else total
