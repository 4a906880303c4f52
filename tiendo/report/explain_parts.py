"""The parts of a published figure: its formula, what each unit gave, and who has not reported."""

from pathlib import Path

from tiendo.messages import TiendoError
from tiendo.publish.query import literal
from tiendo.report.explain_choice import adds_up, chosen_parts, first_day_of, formula_of, units_of
from tiendo.report.explain_missing import missing_units
from tiendo.report.explain_sources import Record, records, sources_of

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
    units = units_of(parts, rows, figure["unit"].startswith("percent"))
    return {name: figure[name] for name in FIGURE_COLUMNS} | {
        "formula": formula,
        "periods": list(dict.fromkeys(part["period"] for part in parts)),
        "units": units,
        "adds_up": adds_up(figure, units),
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
    named = {"indicator": literal(figure["indicator_code"]), "variant": literal(figure["variant"])}
    measures = records(release, MEASURE_SQL, named)
    return formula_of(figure, indicator, measures[0] if measures else None)


def _parts(release: Path, figure: Record, formula: Record) -> list[Record]:
    """The rows of `indicator_parts` behind the figure."""
    found = records(
        release,
        PARTS_SQL,
        {
            "place": literal(figure["org_code"]),
            "valid_from": f"date {literal(figure['org_valid_from'])}",
            "indicator": literal(figure["indicator_code"]),
            "variant": literal(formula["variant"]),
            "form": literal(formula["form"]),
            "first_day": f"date {literal(first_day_of(figure))}",
            "last_day": f"date {literal(figure['period_end'])}",
        },
    )
    return chosen_parts(found, figure, formula)
