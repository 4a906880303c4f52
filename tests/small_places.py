"""Curated tables of two places, a few rows each, as the pages of overviews and themes read them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from tiendo.report.site.data import ReleaseFacts, SiteData

Row = dict[str, Any]

AS_OF = date(2026, 10, 31)
TODAY = date(2025, 7, 1)
COLOURS = {
    "achieved": "green",
    "on_track": "green",
    "in_term": "green",
    "at_risk": "yellow",
    "off_track": "red",
    "deteriorating": "red",
    "missed": "red",
    "no_data": "grey",
    "withheld": "grey",
    "no_target": "grey",
}
ENDS = {
    "2025-12": date(2025, 12, 31),
    "2026-08": date(2026, 8, 31),
    "2026-09": date(2026, 9, 30),
    "2026-10": date(2026, 10, 31),
    "2026-Q2": date(2026, 6, 30),
    "2026-Q3": date(2026, 9, 30),
}
INDICATORS = ("a_share", "b_share", "c_share", "d_share", "a_words")
FIXED: dict[str, list[Row]] = {
    "dim_status": [
        {
            "status": status,
            "colour": colour,
            "colour_vi": colour,
            "label_vi": f"V {status}",
            "label_en": status,
        }
        for status, colour in COLOURS.items()
    ],
    "dim_indicator": [
        {
            "indicator_code": code,
            "theme": f"theme_{code[0]}",
            "theme_vi": f"Lĩnh vực {code[0]}",
            "theme_en": f"Theme {code[0]}",
            "direction": "higher",
            "frequency": "month",
        }
        for code in INDICATORS
    ],
    "dim_org_unit": [
        {
            "org_code": code,
            "valid_from": TODAY,
            "org_name_vi": name,
            "org_level": "province",
            "province_code": code,
            "is_current": True,
        }
        for code, name in (("66", "Tỉnh Đắk Lắk"), ("75", "Tỉnh Đồng Nai"))
    ],
    "dim_plan": [{"plan_id": "kh-1", "org_code": "66"}],
    "dim_agency": [
        {"agency_code": code, "agency_name_vi": f"Sở {code}", "agency_name_en": f"Department {code}"}
        for code in ("s1", "s2", "s3")
    ],
}
EMPTY: dict[str, dict[str, Any]] = {
    "submissions": {"submission_id": pl.String, "received_at": pl.Datetime("us")},
    "agency_calendar": {
        "agency_code": pl.String, "due_on": pl.Date, "kind": pl.String, "plan_id": pl.String,
        "reference": pl.String, "title_vi": pl.String, "is_open": pl.Boolean,
    },
    "task_progress": {
        "org_code": pl.String, "plan_id": pl.String, "row_ref": pl.String, "title_vi": pl.String,
        "lead_agency_codes": pl.String, "due_on": pl.Date, "alert": pl.Boolean,
    },
    "evidence_register": {
        "org_code": pl.String, "waiting_for_vi": pl.String, "verdict": pl.String, "days_waiting": pl.Int64,
    },
}  # fmt: skip
NUMBERS = ("actual", "target", "target_low", "target_high", "expected_now", "gap", "schedule_ratio")
NUMBERS = (*NUMBERS, "coverage_share", "attainment_pct")


def judged(indicator: str, period: str, status: str, actual: float | None = 50.0, **more: Any) -> Row:
    """A row of `indicator_progress` of Đắk Lắk, against a target of its own."""
    kind = "quarter" if "Q" in period else "month"
    return {
        "province_code": "66", "org_code": "66", "org_valid_from": TODAY, "org_name_vi": "Tỉnh Đắk Lắk",
        "indicator_code": indicator, "indicator_name_vi": f"Tỷ lệ {indicator}",
        "indicator_name_en": f"Share {indicator}", "theme": f"theme_{indicator[0]}",
        "plan_id": "kh-1", "row_ref": f"I.{indicator}", "is_primary": True, "is_inherited_target": False,
        "pace": "level", "period": period, "period_kind": kind, "period_end": ENDS[period],
        "basis": None, "actual": actual, "unit": "percent", "maturity": "final",
        "comparator": "at_least", "is_strict": False,
        "target": 95.0, "target_low": None, "target_high": None, "target_text": "95%",
        "milestone_on": date(2026, 12, 31), "expected_now": 80.0, "gap": -30.0, "schedule_ratio": 0.5,
        "attainment_pct": 52.6, "status": status, "colour": COLOURS[status],
        "status_reason": f"Vì {status}", "status_reason_en": f"Because {status}", "coverage_share": None,
        "is_verified": True, "is_plan_date_assumed": False, "is_interpolated_target": False,
        "is_series_break": False, "is_synthetic": False, "submission_id": None,
    } | more  # fmt: skip


def figure_only(org_code: str, indicator: str) -> Row:
    """A figure of a place without a target."""
    none = dict.fromkeys(("plan_id", "row_ref", "target", "target_text", "milestone_on", "expected_now"))
    none |= dict.fromkeys(("gap", "schedule_ratio", "comparator", "attainment_pct"))
    return judged(
        indicator, "2026-10", "no_target", is_primary=None, org_code=org_code, province_code=org_code, **none
    )


def site_of(folder: Path, progress: Sequence[Row], **tables: Sequence[Row]) -> SiteData:
    """The tables as a release that is being made; the latest of a target row is its newest figure."""
    newest: dict[tuple[Any, ...], Row] = {}
    for row in sorted(progress, key=lambda row: (row["actual"] is not None, row["period_end"])):
        newest[row["org_code"], row["indicator_code"], row["plan_id"], row["row_ref"]] = row
    schema = dict.fromkeys(NUMBERS, pl.Float64) | {"milestone_on": pl.Date, "is_primary": pl.Boolean}
    schema |= dict.fromkeys(("plan_id", "row_ref", "basis", "target_text", "submission_id"), pl.String)
    for name, rows in (("indicator_progress", progress), ("indicator_latest", list(newest.values()))):
        pl.DataFrame(list(rows), schema_overrides=schema).write_parquet(folder / f"{name}.parquet")
    for name, rows in FIXED.items():
        pl.DataFrame(rows).write_parquet(folder / f"{name}.parquet")
    for name, columns in EMPTY.items():
        pl.DataFrame(list(tables.get(name, ())), schema=columns).write_parquet(folder / f"{name}.parquet")
    facts = ReleaseFacts("r", AS_OF, datetime(2026, 11, 5, tzinfo=UTC), False, "1", folder / "none.json")
    return SiteData(folder, facts, duckdb.connect())
