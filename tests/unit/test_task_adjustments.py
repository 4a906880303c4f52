"""What F11 says of a task is read when the warehouse is loaded; what does not fit the plan is told."""

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from tiendo.registry.plans import load_registry
from tiendo.settings import SHIPPED_PLANS
from tiendo.warehouse.task_adjustments import (
    READING_SCHEMA,
    TASK_ADJUSTMENT_SCHEMA,
    deadline_readings,
    read_task_adjustments,
)

# 'Quý I/2026' of Đắk Lắk's plan of 2026, issued on 10 January.
ROW: dict[str, Any] = {
    "plan_id": "dak-lak-2026-kh-bcd",
    "row_ref": "row-66",
    "milestone_year": None,
    "field": "due_on",
    "old_value": "Quý I năm 2026",
    "new_value": "Quý III/2026",
    "new_reading": "2026-09-30",
    "decision_number": "85/QĐ-UBND",
    "decided_on": date(2026, 4, 15),
    "submission_id": "first",
    "received_at": datetime(2026, 4, 20, 8),
    "row_number": 5,
}
# '31/11/2025' of the plan issued on 6 November 2025.
IMPOSSIBLE = {**ROW, "plan_id": "dak-lak-2025-kh02-bcd", "row_ref": "row-10", "old_value": "31/11/2025"}
OLDER = {
    **ROW,
    "field": "continues",
    "old_value": None,
    "new_value": "dak-lak-2025-kh02-bcd row-34",
    "new_reading": "dak-lak-2025-kh02-bcd row-34",
}


@pytest.fixture(scope="module")
def registry() -> dict[str, pl.DataFrame]:
    return load_registry(SHIPPED_PLANS)


def one(row: dict[str, Any], registry: dict[str, pl.DataFrame]) -> dict[str, Any]:
    frame, findings = read_task_adjustments([row], registry)
    assert findings == []
    assert dict(frame.schema) == dict(TASK_ADJUSTMENT_SCHEMA)
    return frame.row(0, named=True)


def test_a_moved_deadline_is_the_last_day_it_names(registry: dict[str, pl.DataFrame]):
    read = one(ROW, registry)
    assert (read["due_on"], read["deliverable_vi"], read["recurrence"]) == (date(2026, 9, 30), None, None)


def test_a_day_that_never_was_may_be_set_by_a_later_decision(registry: dict[str, pl.DataFrame]):
    mended = {**IMPOSSIBLE, "new_value": "30/11/2025", "new_reading": "2025-11-30"}
    read = one({**mended, "decided_on": date(2025, 12, 5)}, registry)
    assert read["due_on"] == date(2025, 11, 30)


def test_a_confirmed_older_task_is_taken_apart(registry: dict[str, pl.DataFrame]):
    read = one(OLDER, registry)
    assert (read["older_plan_id"], read["older_row_ref"]) == ("dak-lak-2025-kh02-bcd", "row-34")


@pytest.mark.parametrize("rhythm", ["monthly", "none"])
def test_a_rhythm_and_a_product_land_in_their_columns(registry: dict[str, pl.DataFrame], rhythm: str):
    standing = {**ROW, "field": "recurrence", "old_value": None, "new_reading": rhythm}
    assert one(standing, registry)["recurrence"] == rhythm
    product = {**ROW, "field": "deliverable_vi", "old_value": "Đề án phát triển kinh tế số"}
    assert one({**product, "new_reading": "Kế hoạch"}, registry)["deliverable_vi"] == "Kế hoạch"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({**ROW, "old_value": "Quý II/2026"}, "trong kế hoạch là '31/03/2026'"),
        (
            {
                **ROW,
                "plan_id": "dak-lak-2025-kh02-bcd",
                "row_ref": "row-50",
                "field": "recurrence",
                "old_value": None,
                "new_reading": "quarterly",
            },
            "trong kế hoạch là 'Hằng tháng'",
        ),
        ({**ROW, "row_ref": "row-999"}, "không có nội dung 'due_on'"),
        ({**ROW, "new_reading": "2026-04-14"}, "trước ngày quyết định"),
        (
            {**ROW, "decided_on": date(2026, 1, 5), "new_reading": "2026-01-09"},
            "trước ngày ban hành kế hoạch",
        ),
        ({**IMPOSSIBLE, "new_reading": "2025-11-05"}, "trước ngày ban hành kế hoạch"),
        ({**OLDER, "new_reading": "dak-lak-2025-kh02-bcd row-999"}, "không phải là nhiệm vụ"),
        ({**OLDER, "new_reading": "lam-dong-2026-kh3450 PL2.I.1"}, "cùng địa phương"),
        ({**OLDER, "new_reading": "dak-lak-2026-kh-bcd row-1"}, "ban hành trước"),
        (
            {
                **OLDER,
                "plan_id": "dak-lak-2025-kh02-bcd",
                "row_ref": "row-34",
                "new_reading": "dak-lak-2026-kh-bcd row-66",
            },
            "ban hành trước",
        ),
    ],
)
def test_what_does_not_fit_the_plan_is_told_and_changes_nothing(
    registry: dict[str, pl.DataFrame], row: dict[str, Any], words: str
):
    frame, (finding,) = read_task_adjustments([row], registry)
    assert frame.is_empty()
    assert (finding.finding_kind, finding.submission_id) == ("plan_adjustment_not_used", "first")
    assert words in finding.message_vi
    assert finding.subject == f"{row['plan_id']} {row['row_ref']} {row['field']}"


def test_a_day_on_the_day_of_its_decision_is_not_in_the_past(registry: dict[str, pl.DataFrame]):
    assert one({**ROW, "new_reading": "2026-04-15"}, registry)["due_on"] == date(2026, 4, 15)


def test_every_deadline_is_read_and_what_cannot_be_says_why(registry: dict[str, pl.DataFrame]):
    read = deadline_readings(registry)
    assert dict(read.schema) == dict(READING_SCHEMA)
    assert read.height == 496
    row = read.filter(plan_id="dak-lak-2025-kh02-bcd", row_ref="row-10").row(0, named=True)
    assert row["problem_vi"] == "không có ngày 31/11/2025: tháng 11 chỉ có 30 ngày"
    given = registry["plan_tasks"].select("plan_id", "row_ref", "due_on")
    both = read.join(given, on=["plan_id", "row_ref"]).drop_nulls(["due_as_read_on", "due_on"])
    assert both.filter(pl.col("due_as_read_on") != pl.col("due_on")).is_empty()
