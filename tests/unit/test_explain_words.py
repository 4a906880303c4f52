"""Numbers, days and suffixes of an explanation are those of the status reasons it stands beside."""

import csv

import pytest

from tiendo.report.explain import stated_row
from tiendo.report.explain_part_words import PartWords
from tiendo.report.explain_words import SUFFIXES
from tiendo.settings import DBT_PROJECT


def test_suffixes_are_those_of_the_seed() -> None:
    with (DBT_PROJECT / "seeds/rules/unit_factors.csv").open(encoding="utf-8") as file:
        seed = {row["unit"]: (row["suffix_vi"], row["suffix_en"]) for row in csv.DictReader(file)}
    assert {unit: SUFFIXES.get(unit, ("", "")) for unit in seed} == seed


@pytest.mark.parametrize(
    ("number", "vietnamese", "english"),
    [
        (1234567, "1.234.567", "1,234,567"),
        (62.300611, "62,3", "62.3"),
        (0.8241, "0,8241", "0.8241"),
        (95.0, "95", "95"),
        (-6.280695, "-6,28", "-6.28"),
    ],
)
def test_numbers_are_written_as_readers_write_them(number: float, vietnamese: str, english: str) -> None:
    assert PartWords("vi", "percent").value(number) == f"{vietnamese}%"
    assert PartWords("en", "count").number(number) == english


def test_missing_periods_name_their_year_once() -> None:
    unit = {"org_code": "24133", "org_name_vi": "Phường Buôn Ma Thuột", "org_valid_to": None}
    words = PartWords("vi", "percent")
    gaps = words.missing([unit | {"periods": ["2026-01", "2026-03"]}], 20)
    assert gaps == "Chưa báo cáo: Phường Buôn Ma Thuột (24133): 2026-01, 03"
    whole = words.missing([unit | {"periods": ["2026-Q1", "2026-Q2", "2026-Q3"]}], 20)
    assert whole.endswith(": 2026-Q1…Q3")
    assert words.missing([unit | {"periods": ["2026-06"]}] * 3, 2).endswith("; và 1 đơn vị nữa")


def test_an_adjustment_tells_the_old_target_with_its_unit_and_the_milestone_moved() -> None:
    expected = {
        "pace": "level", "target": 90, "is_strict": True, "comparator": "at_least",
        "milestone_on": "2027-06-30", "is_interpolated_target": False, "baseline_on": None,
        "required_rest": None,
        "adjustment": {
            "target_as_issued": 95, "milestone_as_issued_on": "2026-12-31", "adjusted_by": "22/QĐ",
            "adjusted_on": "2026-04-17",
        },
    }  # fmt: skip
    told = PartWords("vi", "percent").target_lines(expected)[-1]
    assert told == "Đã điều chỉnh: 95% → trên 90%; mốc 31/12/2026 → 30/06/2027, 22/QĐ 17/04/2026"
    moved = expected | {"adjustment": expected["adjustment"] | {"target_as_issued": 90}}
    told = PartWords("en", "percent").target_lines(moved)[-1]
    assert told == "Adjusted: milestone 2026-12-31 → 2027-06-30, 22/QĐ 2026-04-17"


def test_the_row_of_a_moved_milestone_is_the_one_that_was_moved() -> None:
    first = {"milestone_on": "2025-12-31", "adjusted_milestone_on": None, "target_raw": "≥ 60%"}
    last = {"milestone_on": "2030-12-31", "adjusted_milestone_on": "2031-06-30", "target_raw": "100%"}
    assert stated_row([first, last], "2031-06-30") == last
    assert stated_row([first, last], "2025-12-31") == first
    assert stated_row([first, last], "2027-12-31") == last
    assert stated_row([], None) == {}
