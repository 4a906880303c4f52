"""Release folders made by hand: the tables a comparison reads, with a few rows each, and descriptors."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]

TEXT, NUMBER, DAY, MOMENT, YES, COUNT = (
    pl.String, pl.Float64, pl.Date, pl.Datetime("us"), pl.Boolean, pl.Int64
)  # fmt: skip
AMOUNT = pl.Decimal(18, 6)
FIELD_TYPES = {
    TEXT: "string", NUMBER: "number", AMOUNT: "number", DAY: "date", MOMENT: "datetime", YES: "boolean",
    COUNT: "integer",
}  # fmt: skip


def columns(spec: str, data_type: Any) -> dict[str, Any]:
    return dict.fromkeys(spec.split(), data_type)


# Of each table: how many of its columns name a row, and its columns.
SCHEMAS: dict[str, tuple[int, dict[str, Any]]] = {
    "indicator_progress": (
        8,
        columns("province_code org_code", TEXT) | columns("org_valid_from", DAY)
        | columns("indicator_code plan_id row_ref", TEXT) | columns("period_end", DAY)
        | columns("period", TEXT)
        | columns("org_name_vi org_level indicator_name_vi indicator_name_en unit variant basis", TEXT)
        | columns("judged_on milestone_on", DAY) | columns("is_primary is_inherited_target is_verified", YES)
        | columns("milestone_met", YES) | columns("actual coverage_share", NUMBER)
        | columns("numerator denominator target target_low target_high", AMOUNT)
        | columns("target_text adjusted_by status colour maturity source_kind submission_id", TEXT),
    ),
    "task_progress": (
        2,
        columns("plan_id row_ref province_code org_code title_vi lead_agency_codes reported_state", TEXT)
        | columns("percent_complete", AMOUNT) | columns("is_done alert", YES)
        | columns("completed_on due_on", DAY)
        | columns("assignees_done assignees_total evidence_count", COUNT)
        | columns("deadline_kind recurrence adjusted_by state colour alert_rule evidence_verdict", TEXT)
        | columns("submission_id", TEXT),
    ),
    "submissions": (
        1,
        columns("submission_id form org_code period", TEXT) | columns("received_at", MOMENT)
        | columns("file_name status", TEXT),
    ),
    "indicator_parts": (
        6,
        columns("province_code org_code indicator_code variant", TEXT) | columns("period_end", DAY)
        | columns("submission_id form maturity", TEXT) | columns("numerator denominator", AMOUNT)
        | columns("value", NUMBER),
    ),
    "corrected_cells": (
        1, columns("submission_id corrected_submission_id", TEXT) | columns("is_applied", YES),
    ),
    "task_assignee_progress": (3, columns("plan_id row_ref assignee_code submission_id", TEXT)),
    "evidence_register": (1, columns("evidence_ref plan_id row_ref submission_id", TEXT)),
    "dim_period": (1, columns("period", TEXT) | columns("period_start period_end", DAY)),
    "dim_plan": (1, columns("plan_id org_code", TEXT)),
    "dim_status": (1, columns("status label_vi label_en", TEXT)),
    "dim_task_state": (1, columns("state label_vi label_en", TEXT)),
    "dim_org_unit": (
        2,
        columns("org_code", TEXT) | columns("valid_from", DAY) | columns("org_name_vi province_code", TEXT)
        | columns("is_current", YES),
    ),
    "dim_agency": (1, columns("agency_code agency_name_vi agency_name_en", TEXT)),
}  # fmt: skip
MONTHS = [(f"2026-{month:02}", date(2026, month, 1), date(2026, month, 28)) for month in (8, 9, 10)]
FIXED: Tables = {
    "dim_period": [
        dict(zip(("period", "period_start", "period_end"), month, strict=True)) for month in MONTHS
    ],
    "dim_plan": [{"plan_id": "kh-1", "org_code": "66"}],
    "dim_status": [
        {"status": "on_track", "label_vi": "Đúng tiến độ", "label_en": "On track"},
        {"status": "off_track", "label_vi": "Chậm tiến độ", "label_en": "Off track"},
    ],
    "dim_task_state": [{"state": "open", "label_vi": "Đang làm", "label_en": "Open"}],
    "dim_org_unit": [
        {
            "org_code": code,
            "valid_from": date(2025, 7, 1),
            "org_name_vi": name,
            "province_code": "66",
            "is_current": True,
        }
        for code, name in (("66", "Tỉnh Đắk Lắk"), ("24133", "Phường Tân An"), ("24154", "Xã Cuôr Đăng"))
    ],
}


def figure(org: str, actual: float | None, period: str = "2026-09", **more: Any) -> Row:
    """A row of `indicator_progress`: 5G coverage against a target of 95."""
    end = next(end for name, _, end in MONTHS if name == period)
    return {
        "province_code": "66", "org_code": org, "org_valid_from": date(2025, 7, 1),
        "indicator_code": "infra_5g",
        "plan_id": "kh-1", "row_ref": "I.1", "period_end": end, "period": period,
        "org_name_vi": f"Đơn vị {org}",
        "org_level": "province" if org == "66" else "commune", "indicator_name_vi": "Phủ sóng 5G",
        "indicator_name_en": "5G coverage", "unit": "percent", "variant": "population", "judged_on": end,
        "milestone_on": date(2026, 12, 31), "is_primary": True, "is_inherited_target": False,
        "actual": actual,
        "numerator": actual, "denominator": None if actual is None else 100, "target": 95,
        "target_text": "95%",
        "status": "on_track", "colour": "green", "maturity": "final", "source_kind": "computed",
    } | more  # fmt: skip


def part(org: str, actual: float, submission_id: str, period: str = "2026-09") -> Row:
    """A row of `indicator_parts` behind it."""
    end = next(end for name, _, end in MONTHS if name == period)
    return {
        "province_code": "66", "org_code": org, "indicator_code": "infra_5g", "variant": "population",
        "period_end": end, "submission_id": submission_id, "form": "coverage", "numerator": actual,
        "denominator": 100, "value": actual,
    }  # fmt: skip


def sent(submission_id: str, form: str = "coverage", org: str = "24133", day: int = 1, **more: Any) -> Row:
    """A row of `submissions`."""
    received = datetime(2026, 10, day, 1, 0)
    return {
        "submission_id": submission_id, "form": form, "org_code": org, "period": "2026-09",
        "status": "landed",
        "received_at": received, "file_name": f"{submission_id}.xlsx",
    } | more  # fmt: skip


def task(row_ref: str, percent: int, submission_id: str, **more: Any) -> Row:
    """A row of `task_progress`."""
    return {
        "plan_id": "kh-1", "row_ref": row_ref, "province_code": "66", "org_code": "66",
        "title_vi": "Lập đề án",
        "reported_state": "in_progress", "percent_complete": percent, "is_done": False, "state": "open",
        "due_on": date(2026, 12, 31), "submission_id": submission_id,
    } | more  # fmt: skip


def write_release(folder: Path, tables: Tables, **manifest: Any) -> Path:
    """Writes Parquet, data package and manifest; tables not given are empty."""
    folder.mkdir(parents=True)
    resources: list[Row] = []
    for name, (grain, schema) in SCHEMAS.items():
        rows = tables.get(name, FIXED.get(name, ()))
        pl.DataFrame(list(rows), schema=schema).write_parquet(folder / f"{name}.parquet")
        fields = [{"name": column, "type": FIELD_TYPES[data_type]} for column, data_type in schema.items()]
        described = {"fields": fields, "grain": list(schema)[:grain]}
        resources.append({"name": name, "path": f"{name}.parquet", "title": name, "schema": described})
    facts = {
        "release_id": folder.name, "as_of": "2026-09-30", "known_at": "2026-10-05T00:00:00+07:00",
        "edition": "internal", "is_synthetic": False, "code_version": "1", "code": {"sha256": "c"},
        "versions": {"duckdb": "1"}, "plans": {"plans.csv": "p"}, "seeds": {"thresholds_seed": "t"},
        "row_counts": {}, "inputs": [],
    } | manifest  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
    (folder / "datapackage.json").write_text(json.dumps({"resources": resources}), encoding="utf-8")
    return folder
