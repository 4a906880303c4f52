"""A home of synthetic plans and reports: files for the real door, figures for the reference."""

import csv
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from reference import case_registry, case_reports
from reference.observations import Figure
from reference.periods import Period, periods_between
from reference.places import Places
from reference.reference import World
from reference.rollups import CoverageRow

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
AS_OF = date(2026, 9, 30)
KNOWN_AT = datetime.fromisoformat("2026-10-20T00:00:00+07:00")
BASIS = {
    "in_period": "Trong kỳ",
    "year_to_date": "Lũy kế từ đầu năm",
    "full_year_estimate": "Ước cả năm",
    None: "",
}
MATURITY = {"provisional": "Ước tính", "final": "Chính thức", None: ""}
REGISTRY_COLUMNS = {
    "agencies": "agency_code name_vi name_en short_name kind province_code aliases",
    "plan_tasks": "plan_id row_ref group_no group_vi title_vi lead_raw coordinating_raw head_responsible_raw "
    "deliverable_vi kpi_vi deadline_raw deadline_kind due_on start_on recurrence assigned_by_raw note",
    "task_agencies": "plan_id row_ref role agency_code",
}


@dataclass(frozen=True)
class Cases:
    registry: Mapping[str, list[dict[str, str]]]
    reports: Sequence[case_reports.Report]
    coverage: Sequence[CoverageRow]


def make_cases(seed: int) -> Cases:
    rng = random.Random(seed)
    indicators = case_registry.indicators()
    targets = case_registry.plan_targets(rng)
    registry = {
        "plans": case_registry.plans(),
        "indicators": indicators,
        "plan_targets": targets,
        "indicator_measures": case_registry.measures(),
    }
    places = Places(SEEDS / "reference" / "org_units.csv")
    reports = case_reports.reports(rng, indicators, targets, AS_OF)
    return Cases(registry, reports, _coverage(rng, places))


def _coverage(rng: random.Random, places: Places) -> list[CoverageRow]:
    """F04 of two provinces: one tells its population whole, the other in part; a blank cell is no answer."""
    rows: list[CoverageRow] = []
    for province, shares in (("04", (1, 0.9, 0.85, 0.75, 0.4)), ("66", (0.95, 0.82, 0.8, 0.78, 0.5))):
        communes = sorted(place.org_code for place in places.communes(province, AS_OF))
        people = {code: rng.randrange(2_000, 60_000) for code in communes}
        covered = {code: rng.random() * 0.4 for code in communes}
        first = date(2025, 9, 30) if province == "04" else date(2026, 4, 30)
        for number, period in enumerate(periods_between("month", first, AS_OF)):
            share = 1 if province == "04" and number == 0 else rng.choice(shares)
            for code in communes:
                covered[code] = min(covered[code] + rng.random() * 0.08, 1)
                if rng.random() < share:
                    reach = int(people[code] * covered[code])
                    told = rng.choice((reach, reach, reach, reach, 0 if rng.random() < 0.2 else reach, None))
                    rows.append(
                        CoverageRow(code, period, "all_operators", people[code], told, case_reports.SENT)
                    )
                    if rng.random() < 0.02:
                        rows.append(
                            CoverageRow(code, period, "viettel", people[code], reach, case_reports.SENT)
                        )
        rows += [
            CoverageRow(province, period, "all_operators", 900_000, reach, case_reports.SENT)
            for period in periods_between("month", date(2024, 11, 30), date(2025, 10, 31))
            for reach in (rng.randrange(90_000, 400_000),)
            if rng.random() < 0.6
        ]
    late = [
        CoverageRow(row.org_code, row.period, row.operator, row.population, int(row.population * 0.9), at)
        for row in rows
        if row.operator == "all_operators" and rng.random() < 0.03
        for at in (rng.choice((case_reports.CORRECTED, case_reports.TOO_LATE)),)
    ]
    return rows + late


def world(cases: Cases) -> World:
    return World(
        cases.registry["plans"],
        cases.registry["plan_targets"],
        {row["indicator_code"]: row for row in cases.registry["indicators"]},
        [_figure(report) for report in cases.reports],
        cases.coverage,
        Places(SEEDS / "reference" / "org_units.csv"),
        thresholds(),
        AS_OF,
        KNOWN_AT,
    )


def thresholds() -> dict[str, Fraction]:
    with (SEEDS / "rules" / "thresholds_seed.csv").open(encoding="utf-8", newline="") as file:
        return {row["threshold_code"]: Fraction(row["value"]) for row in csv.DictReader(file)}


def _figure(report: Mapping[str, object]) -> Figure:
    def exact(name: str) -> Fraction | None:
        value = report[name]
        return Fraction(value) if isinstance(value, Decimal) else None

    return Figure(
        str(report["org_code"]),
        str(report["indicator_code"]),
        report["period"],  # type: ignore[arg-type]
        report["basis"],  # type: ignore[arg-type]
        report["data_cutoff"],  # type: ignore[arg-type]
        exact("numerator"),
        exact("denominator"),
        exact("value"),
        report["maturity"],  # type: ignore[arg-type]
        report["received_at"],  # type: ignore[arg-type]
    )


def write_registry(cases: Cases, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, rows in cases.registry.items():
        _write(folder / f"{name}.csv", list(rows[0]), rows)
    for name, columns in REGISTRY_COLUMNS.items():
        _write(folder / f"{name}.csv", columns.split(), [])


def _write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def write_files(cases: Cases, folder: Path) -> dict[datetime, list[Path]]:
    """The files to submit, by the moment they are received, in the order of time."""
    folder.mkdir(parents=True)
    files: dict[datetime, list[Path]] = {}
    for moment in (case_reports.SENT, case_reports.CORRECTED, case_reports.TOO_LATE):
        reports = [_f01(report) for report in cases.reports if report["received_at"] == moment]
        covered = [_f04(row) for row in cases.coverage if row.received_at == moment]
        for name, rows in (("bieu-01", reports), ("bieu-04", covered)):
            if rows:
                path = folder / f"{name}-{moment:%Y%m%d}.csv"
                _write(path, list(rows[0]), rows)
                files.setdefault(moment, []).append(path)
    return files


def _number(value: object) -> str:
    """Whole, or with a comma and four places, which reads one way only."""
    if value is None:
        return ""
    assert isinstance(value, Decimal)
    return f"{value:.0f}" if value == int(value) else f"{value:.4f}".replace(".", ",")


def _day(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else ""


def _f01(report: Mapping[str, object]) -> dict[str, str]:
    period = report["period"]
    assert isinstance(period, Period)
    return {
        "Mã chỉ tiêu": str(report["indicator_code"]),
        "Mã đơn vị": str(report["org_code"]),
        "Kỳ báo cáo": period.name,
        "Cách tính": BASIS[report["basis"]],  # type: ignore[index]
        "Số liệu đến ngày": _day(report["data_cutoff"]),
        "Tử số": _number(report["numerator"]),
        "Mẫu số": _number(report["denominator"]),
        "Giá trị": _number(report["value"]),
        "Tính chất số liệu": MATURITY[report["maturity"]],  # type: ignore[index]
    }


def _f04(row: CoverageRow) -> dict[str, str]:
    return {
        "Mã đơn vị": row.org_code,
        "Kỳ báo cáo": row.period.name,
        "Đơn vị cung cấp": "UBND" if row.operator == "all_operators" else "Viettel",
        "Dân số": str(row.population),
        "Dân số được phủ sóng 5G": "" if row.population_5g is None else str(row.population_5g),
    }
