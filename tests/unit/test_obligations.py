"""The page for clerks lists the obligations as the seed has them."""

import csv
from pathlib import Path

import pytest
import yaml

from tiendo.settings import CONTRACTS, DBT_PROJECT, SHIPPED_PLANS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reporting.md"
SEED = DBT_PROJECT / "seeds" / "rules" / "obligations.csv"
REPORTERS = {"task_leads": "nơi chủ trì nhiệm vụ", "place": "địa phương của kế hoạch"}
CADENCES = {
    "weekly": "hằng tuần",
    "monthly": "hằng tháng",
    "quarterly": "hằng quý",
    "first_half": "6 tháng đầu năm",
    "second_half": "6 tháng cuối năm",
    "yearly": "hằng năm",
    "on_request": "khi có yêu cầu",
}
WEEKDAYS = ["", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"]


def obligations() -> list[dict[str, str]]:
    with SEED.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def cut_off(obligation: dict[str, str]) -> str:
    """The last day in time as the page words it."""
    if obligation["cadence"] == "on_request":
        return "theo yêu cầu"
    limit = "hết" if obligation["includes_cut_off_day"] == "yes" else "trước"
    if obligation["cadence"] == "weekly":
        return f"{limit} {WEEKDAYS[int(obligation['cut_off_day'])]}"
    day = "ngày cuối tháng" if obligation["cut_off_day"] == "31" else f"ngày {obligation['cut_off_day']}"
    month = obligation["cut_off_month"]
    return f"{limit} {day}" + ("" if month == "1" else f", tháng thứ {month} tính từ đầu kỳ")


def line(obligation: dict[str, str]) -> str:
    contract = yaml.safe_load((CONTRACTS / f"{obligation['form']}.yml").read_text(encoding="utf-8"))
    cells = (
        f"`{obligation['obligation_code']}`",
        f"`{obligation['plan_id']}`",
        REPORTERS[obligation["reporters"]],
        f"`{obligation['receiver_code']}`",
        contract["number"],
        CADENCES[obligation["cadence"]],
        cut_off(obligation),
    )
    return f"| {' | '.join(cells)} |"


def test_the_page_lists_the_obligations_of_the_seed() -> None:
    listed = [text for text in PAGE.read_text(encoding="utf-8").splitlines() if text.startswith("| `")]
    in_seed = [line(obligation) for obligation in obligations()]
    assert [text for text in listed if text.count("|") == 8] == in_seed


@pytest.mark.parametrize("obligation", obligations(), ids=lambda obligation: obligation["obligation_code"])
def test_each_obligation_says_what_is_our_convention(obligation: dict[str, str]) -> None:
    assert "Quy ước của tiendo" in obligation["source_vi"]
    assert "tiendo's convention" in obligation["source_en"]


@pytest.mark.parametrize(
    ("table", "key", "column"),
    [("plans", "plan_id", "plan_id"), ("agencies", "agency_code", "receiver_code")],
)
def test_obligations_name_plans_and_receivers_of_the_shipped_registry(
    table: str, key: str, column: str
) -> None:
    """A home with plans of its own has other names, and none of these obligations."""
    with (SHIPPED_PLANS / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        known = {row[key] for row in csv.DictReader(stream)}
    assert {obligation[column] for obligation in obligations()} <= known
