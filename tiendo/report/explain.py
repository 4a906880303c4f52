"""The tree of a number: status, target and path, figure, formula, and the parts of units down to cells.

It reads the published release only, since analysts have nothing else. Nothing is judged here: what is shown
was published, and where the parts do not add up to the figure that is said.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tiendo.intake.options import canonical_period
from tiendo.messages import TiendoError
from tiendo.publish.query import literal
from tiendo.report.explain_parts import explain_parts, narrowed
from tiendo.report.explain_sources import Record, records
from tiendo.report.status import unknown_code

Explanation = dict[str, Any]

FIGURES_SQL = """
select
    progress.*,
    dim_period.period_start, dim_org_unit.valid_to as org_valid_to,
    dim_status.label_vi as status_label_vi, dim_status.label_en as status_label_en, dim_status.colour_vi
from indicator_progress as progress
inner join dim_period using (period)
inner join dim_status using (status)
inner join dim_org_unit
    on progress.org_code = dim_org_unit.org_code and progress.org_valid_from = dim_org_unit.valid_from
where indicator_code = {indicator} and progress.org_code = {place} and period = {period}
order by
    org_valid_from <= progress.period_end desc, org_valid_from desc,
    is_primary desc, is_inherited_target, status = 'not_scored', milestone_on, plan_id, row_ref
"""
PERIODS_SQL = """
select period, count(actual) > 0 as has_figure
from indicator_progress
where indicator_code = {indicator} and org_code = {place}
group by period, period_end
order by period_end desc, period
"""
PLACES_SQL = """
select distinct org_code
from indicator_progress
where indicator_code = {indicator}
order by org_code
"""
INDICATOR_SQL = "select * from dim_indicator where indicator_code = {indicator}"
PLACE_SQL = "select * from dim_org_unit where org_code = {place} limit 1"
PLAN_ROWS_SQL = """
select
    dim_plan.plan_number, dim_plan.issuer_vi, dim_plan.issued_on, dim_plan.valid_from,
    dim_plan.is_date_assumed, targets.*
from plan_targets as targets
inner join dim_plan using (plan_id)
where plan_id = {plan} and row_ref = {row_ref}
order by milestone_on
"""
THRESHOLDS_SQL = """
select * from thresholds
where {day} between valid_from and coalesce(valid_to, date '9999-12-31')
order by threshold_code
"""
BASELINE_SQL = """
select period
from indicator_progress
where indicator_code = {indicator} and org_code = {place} and org_valid_from = {valid_from}
    and judged_on = {day} and actual = {baseline}
order by period_end, period
limit 1
"""
TARGET_COLUMNS = (
    "plan_id", "row_ref", "is_primary", "is_inherited_target", "pace", "comparator", "is_strict", "target",
    "target_low", "target_high", "target_text", "is_interpolated_target", "milestone_on", "milestone_actual",
    "milestone_met", "expected_now", "gap", "attainment_pct", "schedule_ratio", "required_rest",
    "is_out_of_reach", "baseline", "baseline_on", "forecast",
)  # fmt: skip
PLACE_COLUMNS = (
    "org_code", "org_valid_from", "org_valid_to", "org_name_vi", "org_level", "province_code",
)  # fmt: skip
STATUS_COLUMNS = (
    "status", "status_label_vi", "status_label_en", "colour", "colour_vi", "status_reason",
    "status_reason_en", "is_verified",
)  # fmt: skip
MILESTONE_COLUMNS = ("milestone_on", "target_raw", "target_low", "target_high", "comparator")
SHOWN_PERIODS, SHOWN_PLACES = 24, 40


def read_explanation(
    release: Path, indicator: str, place: str, period: str, plan: str | None = None, unit: str | None = None
) -> Explanation:
    """How the number of one indicator, place and period came about.

    Args:
        release: Folder of a release.
        indicator: Code of an indicator.
        place: Code of a province or commune; the period decides which unit of that code is meant.
        period: A period in any spelling the intake reads, such as `2026-Q2` or `Quý II/2026`.
        plan: The plan whose target is explained; the primary target where not given.
        unit: Code of the one unit whose part is asked for.

    Returns:
        `indicator`, `place`, `period`, `status` with the thresholds used, `expected` (None without target),
        `actual` with formula and parts, and `other_targets`; values as published, percentages from 0 to 100.

    Raises:
        TiendoError: All with exit code 2. TD-205 for what is no period, TD-707 for an unknown indicator or
            place, TD-710 where the release has no such row, TD-711 where the plan sets no target for it,
            TD-712 where the unit has no part in it.
    """
    asked = canonical_period(period) or period
    named = {"indicator": literal(indicator), "place": literal(place), "period": literal(asked)}
    indicators = records(release, INDICATOR_SQL, named)
    if not indicators or not records(release, PLACE_SQL, named):
        raise unknown_code(place if indicators else indicator)
    figures = _of_one_unit(records(release, FIGURES_SQL, named))
    if not figures:
        raise _no_such_row(release, named, indicator, place, asked)
    figure = _of_plan(figures, plan)
    actual = explain_parts(release, figure, indicators[0])
    return {
        "indicator": indicators[0],
        "place": _some(figure, PLACE_COLUMNS),
        "period": _some(figure, ("period", "period_start", "period_end", "judged_on", "data_cutoff")),
        "status": _status(release, figure),
        "expected": _expected(release, figure) if figure["plan_id"] else None,
        "actual": actual if unit is None else narrowed(actual, unit),
        "other_targets": [
            _some(other, (*TARGET_COLUMNS, *STATUS_COLUMNS)) for other in figures if other is not figure
        ],
    }


def _status(release: Path, figure: Record) -> Record:
    used = thresholds_used(figure)
    known = records(release, THRESHOLDS_SQL, {"day": _day(figure["judged_on"])}) if used else []
    return _some(figure, (*STATUS_COLUMNS, "schedule_ratio", "coverage_share")) | {
        "thresholds": [row for code in used for row in known if row["threshold_code"] == code]
    }


def thresholds_used(figure: Record) -> Sequence[str]:
    """Codes of the thresholds that decided a status, the deciding one first."""
    is_percent = str(figure["unit"]).startswith("percent")
    materiality = "materiality_points" if is_percent else "materiality_share"
    pace = figure["pace"]
    paced = {
        "off_track": [f"{pace}_off_track", materiality],
        "at_risk": [f"{pace}_at_risk", f"{pace}_off_track"],
        "on_track": [f"{pace}_at_risk"],
        "deteriorating": [materiality],
        "early": ["early_days", "early_share"],
        "withheld": ["coverage_share"],
    }.get(figure["status"], [])
    if figure["status"] == "at_risk" and figure["schedule_ratio"] is None:
        # Held from the start and lost by less than the band.
        paced = [materiality]
    return [*paced, "out_of_reach"] if figure["is_out_of_reach"] else paced


def _expected(release: Path, figure: Record) -> Record:
    rows = records(
        release, PLAN_ROWS_SQL, {"plan": literal(figure["plan_id"]), "row_ref": literal(figure["row_ref"])}
    )
    return expected_of(figure, rows, _baseline_period(release, figure))


def expected_of(figure: Record, rows: Sequence[Record], baseline_period: str | None) -> Record:
    """What was due and where that is written.

    Args:
        figure: A row of `indicator_progress` with a target; days as text.
        rows: The milestones of its row of the plan, with the plan.
        baseline_period: The period of the figure it starts from, where that is known.
    """
    row = stated_row(rows, figure["milestone_on"])
    plan = ("plan_number", "issuer_vi", "issued_on", "valid_from", "is_date_assumed")
    text = ("section_vi", "name_vi", "target_raw", "unit_raw", "lead_raw", "note", "line_number")
    return _some(figure, TARGET_COLUMNS) | {
        "path": path_of(figure),
        "baseline_period": baseline_period,
        "plan": _some(row, plan) | {"plan_id": figure["plan_id"]},
        "row": _some(row, text) | {"milestones": [_some(each, MILESTONE_COLUMNS) for each in rows]},
        # What an adjustment (F11) changed, where the release tells.
        "adjustment": {
            name: figure[name]
            for name in ("target_as_issued", "milestone_as_issued_on", "adjusted_on", "adjusted_by")
            if figure.get(name) is not None
        }
        or None,
    }


def stated_row(rows: Sequence[Record], milestone_on: str | None) -> Record:
    """The milestone of a plan row that a figure is judged by, as issued; of an interpolated year the next."""
    for name in ("adjusted_milestone_on", "milestone_on"):
        for row in rows:
            if row.get(name) is not None and row[name] == milestone_on:
                return row
    later = [row for row in rows if milestone_on is not None and row["milestone_on"] > milestone_on]
    return (later or rows or [{}])[0]


def path_of(figure: Record) -> Record | None:
    """The straight line behind `expected_now`: days gone and days in all; None where it is no such line."""
    target, expected, milestone_on = figure["target"], figure["expected_now"], figure["milestone_on"]
    if target is None or expected is None or milestone_on is None:
        return None
    end, start_value = date.fromisoformat(milestone_on), 0.0
    day = min(date.fromisoformat(figure["judged_on"]), end)
    if figure["pace"] == "level" and figure["baseline_on"] is not None:
        start, start_value = date.fromisoformat(figure["baseline_on"]), float(figure["baseline"])
    elif figure["pace"] == "cumulative":
        start = date(day.year - 1, 12, 31)
    else:
        return None
    gone, whole = (day - start).days, (end - start).days
    if whole <= 0 or abs(start_value + (target - start_value) * gone / whole - expected) > 1e-5:
        return None
    return {"start": start_value, "target": target, "days_elapsed": gone, "days": whole}


def _baseline_period(release: Path, figure: Record) -> str | None:
    if figure["baseline_on"] is None:
        return None
    found = records(
        release,
        BASELINE_SQL,
        {
            "indicator": literal(figure["indicator_code"]),
            "place": literal(figure["org_code"]),
            "valid_from": _day(figure["org_valid_from"]),
            "day": _day(figure["baseline_on"]),
            "baseline": repr(float(figure["baseline"])),
        },
    )
    return found[0]["period"] if found else None


def _of_one_unit(figures: Sequence[Record]) -> list[Record]:
    """Codes are reused: the rows of the unit that stood when the period ended, else of the newest."""
    return [figure for figure in figures if figure["org_valid_from"] == figures[0]["org_valid_from"]]


def _of_plan(figures: Sequence[Record], plan: str | None) -> Record:
    """The primary target's row, or the first of a plan."""
    found = [figure for figure in figures if plan is None or figure["plan_id"] == plan]
    if found:
        return found[0]
    plans = list(dict.fromkeys(figure["plan_id"] for figure in figures if figure["plan_id"]))
    listed = ", ".join(plans)
    raise TiendoError(
        "TD-711",
        f"Kế hoạch “{plan}” không đặt mục tiêu cho chỉ tiêu này ở địa bàn và kỳ đã hỏi.",
        f"Plan “{plan}” sets no target for this indicator, place and period.",
        f"Các kế hoạch có mục tiêu: {listed}." if plans else "Không kế hoạch nào đặt mục tiêu; bỏ --plan.",
        f"Plans that do: {listed}." if plans else "No plan does; leave out --plan.",
        exit_code=2,
    )


def _no_such_row(
    release: Path, named: Mapping[str, str], indicator: str, place: str, period: str
) -> TiendoError:
    """Says which periods the place has, or which places the indicator has."""
    periods = records(release, PERIODS_SQL, named)
    with_figure = [row["period"] for row in periods if row["has_figure"]]
    listed = _listed(with_figure or [row["period"] for row in periods], SHOWN_PERIODS)
    if periods:
        way_out = (
            (f"Các kỳ có số liệu: {listed}.", f"Periods with a figure: {listed}.")
            if with_figure
            else (f"Các kỳ có mục tiêu, chưa có số liệu: {listed}.", f"Periods due, still empty: {listed}.")
        )
    else:
        places = _listed([row["org_code"] for row in records(release, PLACES_SQL, named)], SHOWN_PLACES)
        way_out = (
            (f"Các địa bàn có chỉ tiêu này: {places}.", f"Places that have it: {places}.")
            if places
            else (
                "Chưa địa bàn nào có mục tiêu hay số liệu cho chỉ tiêu này.",
                "No place has a target or a figure for this indicator yet.",
            )
        )
    return TiendoError(
        "TD-710",
        f"Bản phát hành không có mục tiêu hay số liệu “{indicator}” của địa bàn {place} kỳ {period}.",
        f"The release holds neither target nor figure “{indicator}” of place {place} for {period}.",
        *way_out,
        exit_code=2,
    )


def _listed(codes: Sequence[str], most: int) -> str:
    return ", ".join(codes[:most]) + (f" (và {len(codes) - most} …)" if len(codes) > most else "")


def _some(record: Record, names: Sequence[str]) -> Record:
    return {name: record.get(name) for name in names}


def _day(day: object) -> str:
    return f"date {literal(day)}"
