"""What F11 says of a target is read when the warehouse is loaded; what cannot be read is told."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from tiendo.registry.plans import load_registry
from tiendo.settings import SHIPPED_PLANS
from tiendo.warehouse.adjustments import ADJUSTMENT_SCHEMA, read_adjustments

# 5G coverage of Đắk Lắk: '95% dân số' by 2026.
ROW: dict[str, Any] = {
    "plan_id": "dak-lak-2026-kh-bcd",
    "row_ref": "I.1.2.3.1-1",
    "milestone_year": 2026,
    "field": "target_raw",
    "old_value": "95% dân số",
    "new_value": "≥ 97,5% dân số",
    "new_reading": "≥ 97,5% dân số",
    "decision_number": "85/QĐ-UBND",
    "decided_on": date(2026, 4, 15),
    "submission_id": "first",
    "received_at": datetime(2026, 4, 20, 8),
    "row_number": 5,
}
# The same of the older plan has milestones of 2025 and 2030.
DAY = {
    **ROW,
    "plan_id": "dak-lak-2025-kh-ubnd",
    "row_ref": "PL1.I.1",
    "milestone_year": 2025,
    "field": "milestone_on",
    "old_value": "31/12/2025",
    "new_value": "30/6/2026",
    "new_reading": "2026-06-30",
}


@pytest.fixture(scope="module")
def registry() -> dict[str, pl.DataFrame]:
    return load_registry(SHIPPED_PLANS)


def line_of(registry: dict[str, pl.DataFrame], row: dict[str, Any]) -> dict[str, Any]:
    return (
        registry["plan_targets"]
        .filter(
            plan_id=row["plan_id"], row_ref=row["row_ref"], milestone_year=str(row["milestone_year"] or 2026)
        )
        .row(0, named=True)
    )


def test_an_adjusted_target_is_read_as_its_plan_is(registry: dict[str, pl.DataFrame]):
    frame, findings = read_adjustments([ROW], registry)
    assert findings == []
    assert dict(frame.schema) == dict(ADJUSTMENT_SCHEMA)
    read = frame.row(0, named=True)
    assert read["line_number"] == line_of(registry, ROW)["line_number"]
    assert (read["comparator"], read["target_low"], read["target_high"]) == (
        "at_least",
        Decimal("97.5"),
        None,
    )
    assert (read["target_raw"], read["pace"], read["is_strict"]) == ("≥ 97,5% dân số", "level", False)
    assert read["milestone_on"] is None


def test_a_moved_milestone_is_the_day_it_says(registry: dict[str, pl.DataFrame]):
    frame, findings = read_adjustments([DAY], registry)
    assert findings == []
    read = frame.row(0, named=True)
    assert (read["milestone_on"], read["target_raw"], read["comparator"]) == (date(2026, 6, 30), None, None)


def test_a_blank_target_gets_the_pace_of_its_indicator(registry: dict[str, pl.DataFrame]):
    blank = {
        **ROW,
        "row_ref": "III.2-2a",
        "milestone_year": None,
        "old_value": "....%",
        "new_value": "đạt 12%",
    }
    frame, findings = read_adjustments([blank], registry)
    assert findings == []
    read = frame.row(0, named=True)
    assert (read["comparator"], read["target_low"], read["pace"]) == ("equal", Decimal(12), "level")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"new_value": "cao nhất có thể"}, "không đọc được"),
        ({"new_value": "5 dự án"}, "đơn vị"),
        ({"old_value": "90% dân số"}, "trong kế hoạch là"),
        ({"milestone_year": 2031}, "không có năm mốc 2031"),
        ({"row_ref": "I.99"}, "không có nội dung"),
    ],
    ids=["words", "unit", "old value", "year", "row"],
)
def test_what_does_not_fit_is_told_and_changes_nothing(
    registry: dict[str, pl.DataFrame], changes: dict[str, Any], said: str
):
    frame, findings = read_adjustments([ROW | changes], registry)
    assert frame.is_empty()
    finding = findings[0]
    assert (finding.finding_kind, finding.submission_id) == ("plan_adjustment_not_used", "first")
    assert "85/QĐ-UBND" in finding.message_vi
    assert said in finding.message_vi
    assert "is not used" in finding.message_en


def test_no_two_milestones_of_a_row_fall_on_one_day(registry: dict[str, pl.DataFrame]):
    onto_the_other = {**DAY, "new_reading": "2030-12-31"}
    frame, findings = read_adjustments([onto_the_other], registry)
    assert frame.is_empty()
    assert "mốc khác vào ngày 31/12/2030" in findings[0].message_vi


def test_no_milestone_is_moved_to_before_the_decision(registry: dict[str, pl.DataFrame]):
    """It would be missed from the start; most often a year was mistyped."""
    frame, findings = read_adjustments([{**DAY, "new_reading": "2026-04-14"}], registry)
    assert frame.is_empty()
    assert "mốc mới 14/04/2026 trước ngày quyết định" in findings[0].message_vi
    assert "before the day of the decision" in findings[0].message_en


def test_other_fields_are_left_to_the_tasks(registry: dict[str, pl.DataFrame]):
    frame, findings = read_adjustments([], registry)
    assert frame.is_empty()
    assert findings == []
