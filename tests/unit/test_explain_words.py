"""Numbers, days and suffixes of an explanation are those of the status reasons it stands beside."""

import csv

import pytest

from tiendo.cli_explain_parts import PartWords
from tiendo.cli_explain_words import SUFFIXES
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
