"""The parts of a published figure: its formula, what each unit gave, and who has not reported.

The same choices as in the models decide which parts count: a place's own period, else the last within it; a
year to date as stated, else the sum of its periods; a province by its units.
"""

from collections.abc import Iterable, Sequence
from math import fsum
from pathlib import Path
from typing import Final

from tiendo.intake.contracts import load_contracts
from tiendo.messages import TiendoError
from tiendo.publish.query import literal
from tiendo.report.explain_missing import missing_units
from tiendo.report.explain_sources import Record, records, sources_of

REPORTED: Final = "indicator_report"
MEASURE_SQL = "select * from indicator_measures where indicator_code = {indicator} and variant = {variant}"
PARTS_SQL = """
with place as (

    select org_code, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to, org_level
    from dim_org_unit
    where org_code = {place} and valid_from = {valid_from}

),

units as (

    select org_code, valid_from, org_name_vi from dim_org_unit
    union all
    select agency_code, date '2000-01-01', agency_name_vi from dim_agency

)

select parts.*, dim_period.period_kind, dim_period.period_start, units.org_name_vi
from indicator_parts as parts
inner join dim_period using (period)
cross join place
left join units on parts.org_code = units.org_code and parts.org_valid_from = units.valid_from
where
    parts.indicator_code = {indicator}
    and parts.form = {form}
    and (parts.form = 'indicator_report' or parts.variant = {variant})
    and parts.period_end between {first_day} and {last_day}
    and (
        (parts.org_code = place.org_code and parts.org_valid_from = place.valid_from)
        or (
            place.org_level = 'province'
            and parts.province_code = place.org_code
            and parts.org_level <> 'province'
            and parts.period_end between place.valid_from and place.valid_to
        )
    )
order by parts.period_end, parts.period, parts.org_code, parts.submission_id, parts.sheet, parts.row_number
"""
FIGURE_COLUMNS = (
    "actual", "actual_in_period", "unit", "numerator", "denominator", "basis", "maturity", "source_kind",
    "coverage_share", "submission_count", "variant",
)  # fmt: skip
MEASURE_COLUMNS = (
    "variant", "is_default", "numerator_rule", "denominator_rule", "numerator_sum", "denominator_sum",
    "month_basis", "excluded_states", "org_basis", "note",
)  # fmt: skip


def explain_parts(release: Path, figure: Record, indicator: Record) -> Record:
    """The figure with its formula, the parts of units (largest first) and the units that have not reported.

    Args:
        release: Folder of a release.
        figure: A row of `indicator_progress` with the start of its period.
        indicator: Its row of `dim_indicator`.

    Returns:
        The figure as published, `formula`, `periods` (those the parts are of), `units` with numerator,
        denominator, value and rows each, `adds_up` (None where nothing can be added) and `missing`.
    """
    formula = _formula(release, figure, indicator)
    parts = _parts(release, figure, formula)
    rows = sources_of(release, parts, formula) if parts else []
    units = _units(parts, rows, figure["unit"].startswith("percent"))
    return {name: figure[name] for name in FIGURE_COLUMNS} | {
        "formula": formula,
        "periods": list(dict.fromkeys(part["period"] for part in parts)),
        "units": units,
        "adds_up": _adds_up(figure, units),
        "missing": missing_units(release, figure, formula, parts),
    }


def narrowed(actual: Record, unit: str) -> Record:
    """The same with the part of one unit; raises TD-712 (exit 2) where it has none."""
    found = [each for each in actual["units"] if each["org_code"] == unit]
    if found:
        return actual | {
            "units": found,
            "units_left_out": len(actual["units"]) - len(found),
            "missing": [each for each in actual["missing"] if each["org_code"] == unit],
        }
    late = any(each["org_code"] == unit for each in actual["missing"])
    codes = ", ".join(sorted(each["org_code"] for each in actual["units"]))
    raise TiendoError(
        "TD-712",
        f"Đơn vị {unit} chưa báo cáo nên không góp vào số này."
        if late
        else f"Đơn vị {unit} không góp vào số này.",
        f"Unit {unit} has not reported and has no part in this figure."
        if late
        else f"Unit {unit} has no part in this figure.",
        f"Các đơn vị có góp: {codes}." if codes else "Chưa đơn vị nào góp số liệu.",
        f"Units that have: {codes}." if codes else "No unit has contributed yet.",
        exit_code=2,
    )


def _formula(release: Path, figure: Record, indicator: Record) -> Record:
    """How the figure is made: by the registry's measure of a form, or as an agency reported it on F01."""
    words = {name: indicator[name] for name in ("numerator_vi", "denominator_vi", "over_places", "over_time")}
    numbers = {contract.number: form for form, contract in load_contracts().items()}
    measures = records(
        release,
        MEASURE_SQL,
        {"indicator": literal(figure["indicator_code"]), "variant": literal(figure["variant"])},
    )
    is_computed = figure["source_kind"] == "computed" or (
        figure["source_kind"] is None and indicator["primary_source"] == "computed"
    )
    if not measures or not is_computed:
        return words | {"form": REPORTED, "form_number": "F01", "variant": None}
    measure = measures[0]
    return (
        words
        | {name: measure[name] for name in MEASURE_COLUMNS}
        | {"form": numbers[measure["form"]], "form_number": measure["form"]}
    )


def _parts(release: Path, figure: Record, formula: Record) -> list[Record]:
    """The rows of `indicator_parts` behind the figure."""
    is_year_to_date = figure["basis"] == "year_to_date"
    first_day = f"{figure['period_end'][:4]}-01-01" if is_year_to_date else figure["period_start"]
    found = records(
        release,
        PARTS_SQL,
        {
            "place": literal(figure["org_code"]),
            "valid_from": f"date {literal(figure['org_valid_from'])}",
            "indicator": literal(figure["indicator_code"]),
            "variant": literal(formula["variant"]),
            "form": literal(formula["form"]),
            "first_day": f"date {literal(first_day)}",
            "last_day": f"date {literal(figure['period_end'])}",
        },
    )
    own = [part for part in found if part["org_code"] == figure["org_code"]]
    if formula["form"] == REPORTED and own:
        found = own
    if is_year_to_date:
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


def _units(parts: Iterable[Record], rows: Sequence[Record], is_percent: bool) -> list[Record]:
    """The parts gathered by unit, the unit with the largest denominator (or numerator) first."""
    units: list[Record] = []
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
                "rows": [row for row in rows if row["org_code"] == code],
            }
        )
    return sorted(
        units, key=lambda unit: (-(unit["denominator"] or unit["numerator"] or 0), unit["org_code"])
    )


def _has_figures(part: Record) -> bool:
    """False for a row that only names an extract of dossiers."""
    return any(part[name] is not None for name in ("numerator", "denominator", "value"))


def _adds_up(figure: Record, units: Sequence[Record]) -> bool | None:
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
