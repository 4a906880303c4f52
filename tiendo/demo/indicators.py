"""Form 01: what agencies report on indicators that no other form computes, by month up to year.

One workbook per place and period. Some never come, some weeks late, some are corrected; yearly figures come
first as provisional, then as final, and published indices months after the year they speak of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import polars as pl

from tiendo.demo.files import csv, workbook
from tiendo.demo.paths import IndicatorPath, indicator_paths, places_with_plans
from tiendo.demo.spelling import COMMUNE_MANNER, MANNERS, Manner
from tiendo.demo.window import CADENCE_MONTHS, LAST_MONTH, Cadence, Month, Period, ended
from tiendo.demo.world import PROVINCE_NAMES, WARD, Parcel, World

FORM = "indicator_report"
NOTE = "Số liệu mô phỏng"
UNIT_NAMES = {
    "percent": "%", "percent_grdp": "% GRDP", "percent_budget": "% ngân sách", "count": "số lượng",
    "project": "dự án", "rank": "hạng", "per_10k_people": "người/vạn dân", "score": "điểm", "hour": "giờ",
    "index_0_1": "chỉ số 0-1", "boolean": "có/không",
}  # fmt: skip
# Workbooks that never come, and those that come weeks late.
MISSING = {("68", "2026-07"), (WARD, "2026-05"), ("66", "2026-05")}
LATE = {("68", "2026-05"), ("66", "2026-Q2"), (WARD, "2026-03")}
LATE_BY_MONTHS = 1
CORRECTED = {("66", "2026-09"), ("68", "2026-Q1"), (WARD, "2026-06")}
CELL_MISSING = 0.03
PUBLISHED_AFTER = {"month": 0, "quarter": 0, "half_year": 1, "year": 4}
REPORTED_ON: dict[Cadence, int] = {"month": 8, "quarter": 15, "half_year": 18, "year": 20}


@dataclass(frozen=True)
class Report:
    """What one workbook says: figures of some indicators for one place and period."""

    paths: tuple[IndicatorPath, ...]
    period: Period
    maturity: str = "final"
    estimate_for: int | None = None


def indicator_parcels(world: World) -> Iterator[Parcel]:
    """All indicator reports of the demo."""
    for org_code in places_with_plans(world):
        paths = indicator_paths(world, org_code)
        for cadence in CADENCE_MONTHS:
            for period in ended(world.months, cadence):
                yield from _reported(world, org_code, paths, period)
                yield from _published(world, org_code, paths, period)


def _reported(
    world: World, org_code: str, paths: Sequence[IndicatorPath], period: Period
) -> Iterator[Parcel]:
    chosen = _due(paths, period)
    if not chosen or (org_code, period.code) in MISSING:
        return
    late_by = LATE_BY_MONTHS if (org_code, period.code) in LATE else 0
    minute = int(world.stream("report arrives", org_code, period.code).integers(60))
    sent_at = period.last_month.plus(1 + late_by).at(REPORTED_ON[period.cadence], 16, minute)
    first_word = "provisional" if period.cadence in ("quarter", "year") else "final"
    estimate = (
        period.last_month.year if period.last_month == LAST_MONTH and period.cadence == "month" else None
    )
    yield _parcel(org_code, "", Report(chosen, period, first_word, estimate), sent_at)
    if period.cadence == "year" or (period.cadence == "quarter" and period.last_month.number == 12):
        final_at = period.last_month.plus(4).at(10, 8, minute)
        yield _parcel(org_code, "_chinh-thuc", Report(chosen, period, "final"), final_at)
    if (org_code, period.code) in CORRECTED:
        # Two weeks later a few figures are put right: what was counted too high by a tenth.
        again_at = sent_at.replace(day=sent_at.day + 12)
        shares = tuple(path for path in chosen if path.indicator["unit"] == "percent")
        yield _parcel(org_code, "_dieu-chinh", Report(shares[:3], period), again_at)


def _published(
    world: World, org_code: str, paths: Sequence[IndicatorPath], period: Period
) -> Iterator[Parcel]:
    """Indices that somebody else publishes, once the period they speak of is really over."""
    chosen = tuple(
        path
        for path in paths
        if path.indicator["primary_source"] == "published" and path.indicator["frequency"] == period.cadence
    )
    if not chosen:
        return
    minute = int(world.stream("published", org_code, period.code).integers(60))
    sent_at = period.last_month.plus(1 + PUBLISHED_AFTER[period.cadence]).at(17, 14, minute)
    yield _parcel(org_code, "_cong-bo", Report(chosen, period), sent_at)


def _due(paths: Sequence[IndicatorPath], period: Period) -> tuple[IndicatorPath, ...]:
    """Reported indicators of the period's frequency, and some yearly ones told in between."""
    return tuple(
        path
        for path in paths
        if path.indicator["primary_source"] == "reported"
        and (path.indicator["frequency"] == period.cadence or _told_in_between(path, period))
    )


def _told_in_between(path: IndicatorPath, period: Period) -> bool:
    """Whether a yearly indicator is also told for this half-year or third quarter."""
    if path.indicator["frequency"] != "year" or period.code not in ("2026-H1", "2026-Q3"):
        return False
    return bool(path.world.stream("in between", path.org_code, path.code).uniform() < 0.6)


def _parcel(org_code: str, suffix: str, report: Report, received_at: datetime) -> Parcel:
    kind = "csv" if org_code == WARD and report.period.cadence == "month" else "xlsx"
    manner = COMMUNE_MANNER if org_code == WARD else MANNERS.get(org_code, Manner())
    return Parcel(
        form=FORM,
        name=f"mo-phong_bieu-01_{org_code}_{report.period.code}{suffix}.{kind}",
        received_at=received_at,
        render=partial(_render, org_code, report, kind, manner, suffix == "_dieu-chinh"),
    )


def _render(org_code: str, report: Report, kind: str, manner: Manner, is_correction: bool) -> bytes:
    frame = report_figures(org_code, report)
    if is_correction:
        frame = _put_right(frame)
    return csv(frame, FORM, manner) if kind == "csv" else workbook(frame, FORM, manner)


def report_figures(org_code: str, report: Report) -> pl.DataFrame:
    """The form's columns, one row per indicator reported; a few indicators are forgotten each time."""
    rows = [
        _row(org_code, path, report)
        for path in report.paths
        if path.world.stream("forgotten", org_code, path.code, report.period.code).uniform() >= CELL_MISSING
    ]
    if report.estimate_for:
        rows += _estimate(org_code, report)
    return pl.DataFrame(
        rows or [_row(org_code, report.paths[0], report)], schema_overrides=_TYPES, orient="row"
    )


_TYPES: dict[str, type[pl.DataType]] = {
    "basis": pl.String,
    "data_cutoff": pl.Date,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "value": pl.Float64,
    "evidence_ref": pl.String,
}


def _row(org_code: str, path: IndicatorPath, report: Report) -> dict[str, str | float | date | None]:
    basis = path.basis
    if path.indicator["frequency"] == "year" and report.period.cadence != "year" and path.is_accumulating:
        basis = "year_to_date"
    numerator, denominator, value = path.figures(report.period, basis)
    given = path.world.stream("given", org_code, path.code).uniform()
    has_value, has_parts = given > 0.15 or numerator is None, given < 0.85
    needs_evidence = path.indicator["evidence_required"] == "yes"
    return {
        "indicator_code": path.code,
        "indicator_name": path.indicator["name_vi"],
        "org_code": org_code,
        "org_name": PROVINCE_NAMES.get(org_code, "Phường Trấn Biên"),
        "period": report.period.code,
        "basis": basis,
        "data_cutoff": report.period.last_month.last,
        "numerator": numerator if has_parts else None,
        "denominator": denominator if has_parts else None,
        "value": value if has_value else None,
        "unit": UNIT_NAMES[path.indicator["unit"]],
        "maturity": report.maturity,
        "evidence_ref": f"MP-{org_code}-{path.code}-{report.period.code}" if needs_evidence else None,
        "note": NOTE,
    }


def _estimate(org_code: str, report: Report) -> list[dict[str, str | float | date | None]]:
    """One indicator told as an estimate of the whole year, which can never achieve a target."""
    counts = [
        path
        for path in indicator_paths(report.paths[0].world, org_code)
        if path.indicator["over_time"] == "sum_in_year" and path.indicator["frequency"] == "year"
    ]
    year = Period("year", Month(report.period.last_month.year, 12))
    return [
        {
            **_row(org_code, path, Report(report.paths, year, "provisional")),
            "basis": "full_year_estimate",
            "data_cutoff": report.period.last_month.last,
            "value": path.full_year_estimate(year.last_month.year),
        }
        for path in counts[:1]
    ]


def _put_right(frame: pl.DataFrame) -> pl.DataFrame:
    """The figures a tenth lower, the value as its parts say where they are given."""
    lower = (pl.col("numerator") * 0.9).round(0)
    return frame.with_columns(
        lower.alias("numerator"),
        pl.coalesce(lower / pl.col("denominator") * 100, pl.col("value") * 0.9).round(2).alias("value"),
    )
