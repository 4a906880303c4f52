"""`tiendo explain`: every number of a small home is told back to the cell it came from."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from explained_home import COMMUNES, SHEET, build
from installed import tiendo

from tiendo.messages import TiendoError
from tiendo.publish.query import query
from tiendo.publish.release import current_release
from tiendo.report.explain import read_explanation
from tiendo.settings import Home

DAK_LAK, BUON_MA_THUOT, HA_NOI, PHU_YEN = "66", "24133", "01", "54"
COVERAGE = "infra_5g_coverage"
ONE_OF_EACH_KIND = """
select indicator_code, org_code, period
from indicator_progress
where actual is not null
qualify row_number() over (
    partition by source_kind, basis, period_kind, org_level, coverage_share < 1, left(indicator_code, 3)
    order by org_code, indicator_code, period, plan_id, row_ref
) = 1
order by all
"""


class Explained(NamedTuple):
    """The released home, its release, the folder of the sent files and the identifiers of the submissions."""

    home: Path
    release: Path
    files: Path
    submissions: dict[str, str]


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Explained:
    files = tmp_path_factory.mktemp("explained")
    home = files / "home"
    home.mkdir()
    submissions = build(home, files)
    release = current_release(Home(home))
    assert release is not None
    return Explained(home, release, files, submissions)


def explanation(explained: Explained, *asked: str, **options: str) -> dict[str, Any]:
    """An explanation that JSON can hold, whose parts add up."""
    found = read_explanation(explained.release, *asked, **options)
    assert found["actual"]["adds_up"] is not False
    return json.loads(json.dumps(found))


def unit_of(found: dict[str, Any], code: str) -> dict[str, Any]:
    (unit,) = [unit for unit in found["actual"]["units"] if unit["org_code"] == code]
    return unit


def cells_of(row: dict[str, Any]) -> dict[str, str]:
    return {cell["role"]: cell["cell"] for cell in row["source"]["cells"]}


def test_a_province_is_the_sum_of_its_communes_down_to_one_cell_of_one_workbook(explained: Explained) -> None:
    found = explanation(explained, COVERAGE, DAK_LAK, "2026-Q2")
    actual = found["actual"]
    assert (actual["numerator"], actual["denominator"], actual["actual"]) == (93_000, 150_000, 62)
    assert actual["adds_up"] is True
    # The quarter takes the last month reported in it.
    assert actual["periods"] == ["2026-06"]
    assert [unit["org_code"] for unit in actual["units"]] == ["22015", "24133", "24154", "24163", "24121"]
    page = openpyxl.load_workbook(explained.files / "june.xlsx")[SHEET]
    for code, (people, _, covered) in COMMUNES.items():
        (row,) = unit_of(found, code)["rows"]
        source, cells = row["source"], cells_of(row)
        assert (page[cells["denominator"]].value, page[cells["numerator"]].value) == (people, covered)
        assert page.cell(source["row"], 2).value == code
        assert (source["sheet"], source["submission_id"]) == (SHEET, explained.submissions["june"])
        assert [cell["label_vi"] for cell in source["cells"]] == ["Dân số được phủ sóng 5G", "Dân số"]
        stored = explained.home / "data/raw" / source["raw_path"]
        assert stored.read_bytes() == (explained.files / "june.xlsx").read_bytes()
        assert source["sha256"].startswith(source["submission_id"][-12:])


def test_a_corrected_cell_says_so(explained: Explained) -> None:
    found = explanation(explained, COVERAGE, BUON_MA_THUOT, "2026-06")
    (row,) = unit_of(found, BUON_MA_THUOT)["rows"]
    corrections = {cell["cell"]: cell["correction"] for cell in row["source"]["cells"]}
    assert corrections["F6"] is None
    assert (corrections["G6"]["old_value"], corrections["G6"]["new_value"]) == ("39000", "36000")
    assert corrections["G6"]["submission_id"] == explained.submissions["correction"]
    assert row["numerator"] == 36_000


def test_a_withheld_figure_names_who_has_not_reported(explained: Explained) -> None:
    found = explanation(explained, COVERAGE, DAK_LAK, "2026-06")
    assert found["status"]["status"] == "withheld"
    (threshold,) = found["status"]["thresholds"]
    assert (threshold["threshold_code"], threshold["value"]) == ("coverage_share", 0.8)
    assert threshold["valid_from"] == "2000-01-01"
    missing = {unit["org_code"] for unit in found["actual"]["missing"]}
    assert len(missing) == 102 - 5
    assert missing.isdisjoint(COMMUNES)


def test_what_was_due_is_a_line_from_the_baseline_to_the_row_of_the_plan(explained: Explained) -> None:
    found = explanation(explained, COVERAGE, BUON_MA_THUOT, "2026-06")
    expected = found["expected"]
    assert expected["is_inherited_target"]
    assert expected["path"] == {"start": 50, "target": 95, "days_elapsed": 181, "days": 365}
    assert round(expected["expected_now"], 4) == round(50 + 45 * 181 / 365, 4)
    assert (expected["baseline"], expected["baseline_on"], expected["baseline_period"]) == (
        50, "2025-12-31", "2025-12",
    )  # fmt: skip
    assert expected["plan"]["plan_id"] == "dak-lak-2026-kh-bcd"
    assert (expected["plan"]["issued_on"], expected["plan"]["is_date_assumed"]) == ("2026-01-10", False)
    assert (expected["row_ref"], expected["row"]["target_raw"]) == ("I.1.2.3.1-1", "95% dân số")
    assert found["status"]["status"] == "on_track"
    assert [row["threshold_code"] for row in found["status"]["thresholds"]] == ["level_at_risk"]


def test_another_plan_can_be_chosen_and_the_others_are_listed(explained: Explained) -> None:
    primary = explanation(explained, COVERAGE, BUON_MA_THUOT, "2026-06")
    other = explanation(explained, COVERAGE, BUON_MA_THUOT, "2026-06", plan="dak-lak-2025-kh-ubnd")
    assert primary["expected"]["is_primary"]
    assert not other["expected"]["is_primary"]
    assert other["expected"]["target"] == 100
    assert other["expected"]["plan"]["is_date_assumed"]
    assert [row["plan_id"] for row in other["other_targets"]] == ["dak-lak-2026-kh-bcd"]
    assert [row["plan_id"] for row in primary["other_targets"]] == ["dak-lak-2025-kh-ubnd"]


def test_a_year_so_far_is_the_sum_of_the_months_reported_on_f01(explained: Explained) -> None:
    found = explanation(explained, "gov_documents_digitally_signed_share", DAK_LAK, "Tháng 2/2026")
    actual = found["actual"]
    assert (actual["actual"], actual["adds_up"], actual["periods"]) == (87.5, True, ["2026-01", "2026-02"])
    rows = unit_of(found, DAK_LAK)["rows"]
    assert [(row["numerator"], row["source"]["row"]) for row in rows] == [(80, 2), (95, 3)]
    # A text file has lines and columns, no cells.
    assert [(cell["cell"], cell["column_number"]) for cell in rows[0]["source"]["cells"]] == [
        (None, 6),
        (None, 7),
    ]
    assert actual["formula"]["form"] == "indicator_report"
    assert "chữ ký số" not in actual["formula"]["denominator_vi"]


def test_a_published_value_keeps_the_day_and_the_address_its_source_gives(explained: Explained) -> None:
    found = explanation(explained, "gov_citizen_service_index_score", DAK_LAK, "2026-05")
    (row,) = unit_of(found, DAK_LAK)["rows"]
    assert found["period"]["judged_on"] == "2026-05-25"
    assert (row["value"], row["note"], row["maturity"]) == (
        84.01,
        "Nguồn: https://example.org/1",
        "provisional",
    )
    assert [cell["column"] for cell in row["source"]["cells"]] == ["value"]


def test_dossiers_are_told_by_unit_and_extract_never_one_by_one(explained: Explained) -> None:
    found = explanation(explained, "gov_dossier_online_received_share", DAK_LAK, "06/2026")
    actual = found["actual"]
    assert (actual["numerator"], actual["denominator"]) == (4, 8)
    rows = unit_of(found, BUON_MA_THUOT)["rows"]
    assert [(row["row_count"], row["source"]["row"]) for row in rows] == [(6, None), (2, None)]
    assert [row["source"]["submission_id"] for row in rows] == [
        explained.submissions["dossiers_05"],
        explained.submissions["dossiers_06"],
    ]
    missing = {unit["org_code"]: unit["periods"] for unit in actual["missing"]}
    assert missing[BUON_MA_THUOT] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert len(missing["22015"]) == 6
    assert "H-05-1" not in json.dumps(found)


def test_a_year_of_the_digital_economy_is_its_four_quarters(explained: Explained) -> None:
    found = explanation(explained, "economy_digital_economy_grdp_share", HA_NOI, "Năm 2025")
    actual = found["actual"]
    assert (actual["actual"], actual["adds_up"]) == (15, True)
    assert actual["periods"] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    row = unit_of(found, HA_NOI)["rows"][0]
    assert (row["sender"], row["note"]) == ("Thống kê tỉnh", "773/VPCP-CĐS")
    columns = [(cell["role"], cell["column"]) for cell in row["source"]["cells"]]
    assert columns == [
        ("numerator", "digital_core"), ("numerator", "digital_spillover"), ("denominator", "grdp"),
    ]  # fmt: skip


def test_a_settlement_is_explained_line_by_line_for_the_unit_of_its_time(explained: Explained) -> None:
    found = explanation(explained, "resource_local_budget_share_sti", PHU_YEN, "2017")
    assert (found["actual"]["actual"], found["actual"]["coverage_share"]) == (1.2, 1)
    rows = unit_of(found, PHU_YEN)["rows"]
    page = openpyxl.load_workbook(explained.files / "64.xlsx")["64"]
    told = [(page[cell["cell"]].value, cell["role"]) for row in rows for cell in row["source"]["cells"]]
    assert told == [(1_000_000, "denominator"), (5_000, "numerator"), (7_000, "numerator")]
    # Published in tỷ đồng, sent in triệu đồng.
    assert [row["numerator"] or row["denominator"] for row in rows] == [1_000, 5, 7]
    assert found["actual"]["missing"] == []


def test_without_target_and_without_figure_the_tree_says_so(explained: Explained) -> None:
    found = explanation(explained, "innovation_pii_rank", HA_NOI, "2025")
    assert (found["status"]["status"], found["expected"]) == ("no_target", None)
    assert found["actual"]["actual"] == 1
    found = explanation(explained, COVERAGE, DAK_LAK, "2026-Q1")
    assert (found["status"]["status"], found["actual"]["units"]) == ("no_data", [])
    assert found["actual"]["actual"] is None
    assert found["actual"]["formula"]["form"] == "coverage"
    assert found["expected"]["row"]["target_raw"] == "95% dân số"


def test_one_unit_can_be_asked_for(explained: Explained) -> None:
    found = explanation(explained, COVERAGE, DAK_LAK, "2026-06", unit="24154")
    assert [unit["org_code"] for unit in found["actual"]["units"]] == ["24154"]
    assert found["actual"]["units_left_out"] == 4


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        (("typo", DAK_LAK, "2026-06"), "TD-707", "typo"),
        ((COVERAGE, "99999", "2026-06"), "TD-707", "99999"),
        ((COVERAGE, DAK_LAK, "tháng mười ba"), "TD-205", "tháng mười ba"),
        ((COVERAGE, DAK_LAK, "2019"), "TD-710", "2026-06, 2026-Q2, 2025-12, 2025-Q4"),
        ((COVERAGE, HA_NOI, "2026-06"), "TD-710", "22015, 24121"),
        ((COVERAGE, DAK_LAK, "2026-06", "lam-dong-2026-kh3450"), "TD-711", "dak-lak-2026-kh-bcd"),
        ((COVERAGE, DAK_LAK, "2026-06", None, "22045"), "TD-712", "chưa báo cáo"),
        ((COVERAGE, DAK_LAK, "2026-06", None, "00001"), "TD-712", "24133"),
    ],
)
def test_an_impossible_question_is_answered_with_what_exists(
    explained: Explained, asked: tuple[str, ...], code: str, says: str
) -> None:
    with pytest.raises(TiendoError) as caught:
        read_explanation(explained.release, *asked)
    assert caught.value.code.startswith(code)
    assert caught.value.exit_code == 2
    assert says in caught.value.text("vi")
    assert caught.value.text("en") != caught.value.text("vi")


def test_the_command_prints_a_tree_in_two_languages_and_json(explained: Explained) -> None:
    asked = ("explain", COVERAGE, "--place", DAK_LAK, "--period", "Quý II/2026")
    shown = tiendo(explained.home, *asked).stdout
    assert "Thực tế: 62% = 93.000 / 150.000" in shown
    assert "Từ 5 trên 102 đơn vị" in shown
    assert f"Phường Buôn Ma Thuột (24133): 36.000 / 40.000 = 90% ← {SHEET}!G6 / F6 [1]" in shown
    assert "Đã đính chính ô G6: “39000” → “36000”" in shown
    assert "và 77 đơn vị nữa" in shown
    english = tiendo(explained.home, *asked, "--lang", "en", "--unit", BUON_MA_THUOT).stdout
    assert "Actual: 62% = 93,000 / 150,000" in english
    assert "G6 “Population covered by 5G” / F6 “Population”" in english
    found = json.loads(tiendo(explained.home, *asked, "--json").stdout)
    assert found["release"]["as_of"] == "2026-06-30"
    assert set(found) == {
        "release", "indicator", "place", "period", "status", "expected", "actual", "other_targets",
    }  # fmt: skip
    refused = tiendo(explained.home, "explain", "typo", "--place", DAK_LAK, "--period", "2026-06", expect=2)
    assert "TD-707" in refused.stderr


def test_the_parts_of_all_kinds_of_figures_of_the_demo_add_up(demo_home: Path) -> None:
    release = current_release(Home(demo_home))
    assert release is not None
    asked = query(release, ONE_OF_EACH_KIND).rows()
    assert len(asked) > 20
    for indicator, place, period in asked:
        actual = read_explanation(release, indicator, place, period)["actual"]
        assert actual["adds_up"] is True, (indicator, place, period)
        assert not (actual["coverage_share"] or 1) < 1 or actual["missing"], (indicator, place, period)
