"""What each form takes and what it refuses, and that amounts land the same whatever unit they came in."""

import dataclasses
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
import yaml
from intake_references import REFERENCES

from tiendo.intake.addresses import cell_address
from tiendo.intake.cells import parse_rows
from tiendo.intake.contracts import (
    canonical_schema,
    contract_paths,
    load_contract,
    load_contracts,
    parse_contract,
)
from tiendo.intake.headers import match_headers
from tiendo.intake.identify import Identified
from tiendo.intake.ledger import intake_fingerprint
from tiendo.intake.lines import line_keys
from tiendo.intake.problems import QUARANTINE_SCHEMA, CellProblem
from tiendo.intake.references import References
from tiendo.intake.rows import convert
from tiendo.intake.tables import Table
from tiendo.intake.values import parse_cell
from tiendo.messages import TiendoError
from tiendo.references import load_references
from tiendo.settings import SHIPPED_PLANS

SHIPPED = load_references(SHIPPED_PLANS)


def table(headers, *rows, above=(), sheet=None, paths=None):
    """A sheet whose table begins in column B, below its titles."""
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in headers]
    first = len(above) + 2
    return Table(
        sheet,
        tuple(columns),
        pl.Series([first + at for at in range(len(rows))], dtype=pl.Int64),
        header_paths=paths or tuple((header,) for header in headers),
        column_numbers=tuple(range(2, len(headers) + 2)),
        header_rows=(first - 1, first - 1),
        above=tuple(above),
    )


def read(form, *tables, references=REFERENCES, **options):
    contract = load_contract(form)
    matches = tuple(match_headers(item.header_paths, contract) for item in tables)
    assert not [match.missing for match in matches if match.missing]
    return convert(Identified(contract, tables, matches), references, **options)


def one(form, row, references=REFERENCES, **options):
    """A file of one row, given by canonical names."""
    contract = load_contract(form)
    given = {contract.column(name).label_vi: cell for name, cell in row.items()}
    needed = [c.label_vi for c in contract.columns if (c.required or c.header_required) and c.name not in row]
    for label in needed:
        given[label] = None
    return read(form, table(list(given), list(given.values())), references=references, **options)


def codes(converted):
    return converted.problems.select("column_name", "rule_code").rows()


def said(converted):
    return " ".join(converted.problems["message_vi"])


# Contracts

COVERAGE = next(path for path in contract_paths() if path.stem == "coverage")
BUDGET = next(path for path in contract_paths() if path.stem == "budget_settlement")


@pytest.mark.parametrize(
    ("path", "spoil", "fault"),
    [
        (COVERAGE, lambda raw: raw["columns"][4].update(unit="miles"), "unknown unit miles"),
        (COVERAGE, lambda raw: raw["columns"][1].update(unit="person"), "is no amount"),
        (COVERAGE, lambda raw: raw["columns"][4].update(pseudonym=True), "no pseudonym"),
        (COVERAGE, lambda raw: raw["columns"][0].pop("help_en"), "one language"),
        (COVERAGE, lambda raw: raw["columns"][1].update(type="row_ref"), "names plan rows"),
        (COVERAGE, lambda raw: raw["columns"][1].update(type="row_ref", rows_of="any"), "without a plan"),
        (COVERAGE, lambda raw: raw.update(organisation_column="org_name"), "names no unit"),
        (COVERAGE, lambda raw: raw.update(period_column="sender"), "names no period"),
        (COVERAGE, lambda raw: raw.update(submission_column="nothing"), "no column nothing"),
        (COVERAGE, lambda raw: raw["derived"][0].update(pattern="(x)"), "pattern does not fit mention"),
        (COVERAGE, lambda raw: raw["derived"][0]["choices"].update(other=["-"]), None),
        (BUDGET, lambda raw: raw["derived"][0].update(pattern="bieu ("), "form_number"),
        (BUDGET, lambda raw: raw["derived"][0].update(pattern="bieu"), "needs one group"),
        (BUDGET, lambda raw: raw["derived"][0].update({"from": "line_text"}), "titles come from titles"),
        (BUDGET, lambda raw: raw["derived"][1].pop("number"), "no number"),
        (BUDGET, lambda raw: raw["derived"][1].update(lines={}), "no lines"),
        (BUDGET, lambda raw: raw["derived"][1]["lines"]["transfers"].update(under=[]), "under"),
    ],
)
def test_a_contract_that_contradicts_itself_stops_the_program(path, spoil, fault):
    raw = yaml.safe_load(path.read_text("utf-8"))
    spoil(raw)
    if fault is None:
        assert parse_contract(raw, path.name)
        return
    with pytest.raises(TiendoError) as caught:
        parse_contract(raw, path.name)
    assert (caught.value.code, caught.value.exit_code) == ("TD-110", 4)
    assert fault in caught.value.en


def test_a_choice_spelt_with_signs_alone_would_take_every_dash():
    raw = yaml.safe_load(COVERAGE.read_text("utf-8"))
    raw["columns"][3].update(type="choice", choices={"percent": ["%"]})
    with pytest.raises(TiendoError, match="has no letter"):
        parse_contract(raw, "coverage.yml")


def test_a_form_may_hold_equal_rows():
    assert load_contract("budget_settlement").key == ()


@pytest.mark.parametrize("form", load_contracts())
def test_every_column_has_an_example_that_its_own_type_takes(form):
    for column in load_contract(form).columns:
        assert column.example, column.name
        value = parse_cell(column.example, column, SHIPPED.any_codes)
        assert value is not None, column.name
        assert not isinstance(value, CellProblem), (column.name, value)


@pytest.mark.parametrize("form", [form for form in load_contracts() if form != "budget_settlement"])
def test_the_example_row_of_every_form_is_a_good_row(form):
    contract = load_contract(form)
    examples = {column.name: column.example for column in contract.columns}
    if form == "evidence":
        assert contract.column("verdict").choices["valid"][0] == examples["verdict"]
    if form == "plan_adjustment":
        examples |= {"milestone_year": None, "row_ref": "I.1.2.3.1-1"}
    converted = one(
        form, examples, SHIPPED, org="66", period="2026-03" if form != "digital_economy" else "2025"
    )
    if form == "dossier":
        assert codes(converted) == []
    assert codes(converted) == []
    landed = converted.good.select(
        list(canonical_schema(contract).keys() - {"submission_id"} & set(converted.good.columns))
    )
    assert landed.height == 1


def test_dossier_ids_are_the_only_pseudonyms():
    flagged = [
        (f, c.name) for f, contract in load_contracts().items() for c in contract.columns if c.pseudonym
    ]
    assert flagged == [("dossier", "dossier_id")]


# Plans: F06 to F09, F11

TASK = {"plan_id": "dak-lak-2026", "row_ref": "row-1", "org_code": "dl_so_khcn", "period": "03/2026"}
TASK |= {"state": "Đang thực hiện"}


def test_a_task_report_on_a_row_of_its_plan():
    converted = one("task_report", TASK)
    assert codes(converted) == []
    assert (converted.org_code, converted.period) == ("dl_so_khcn", "2026-03")


def test_an_unknown_plan_is_named_once_and_the_known_ones_listed():
    converted = one("task_report", TASK | {"plan_id": "dak-lak-2062"})
    assert codes(converted) == [("plan_id", "TD-222")]
    assert "lam-dong-2026" in said(converted)


def test_a_target_row_is_no_task():
    assert codes(one("task_report", TASK | {"row_ref": "PL1.1"})) == [("row_ref", "TD-222")]


EVIDENCE = {"evidence_ref": "MC-1", "plan_id": "dak-lak-2026", "row_ref": "row-1", "filed_on": "27/03/2026"}


@pytest.mark.parametrize("row_ref", ["row-1", "PL1.1"])
def test_evidence_proves_a_task_or_a_target_and_comes_from_the_unit_of_the_plan(row_ref):
    converted = one("evidence", EVIDENCE | {"row_ref": row_ref})
    assert codes(converted) == []
    assert (converted.org_code, converted.period) == ("66", "2026-03")


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"row_ref": "row-9"}, [("row_ref", "TD-222")]),
        ({"plan_id": None}, [("plan_id", "TD-201")]),
        ({"row_ref": None}, [("row_ref", "TD-201")]),
        ({"row_ref": None, "plan_id": None, "indicator_code": "infra_5g_coverage"}, []),
        ({"indicator_code": "infra_7g"}, [("indicator_code", "TD-209")]),
        ({"sha256": "A" * 64}, []),
        ({"sha256": "a" * 63}, [("sha256", "TD-228")]),
        ({"sha256": "g" * 64}, [("sha256", "TD-228")]),
        ({"verdict": "Chưa thẩm định"}, []),
        ({"verdict": "Hợp lệ", "verdict_level": "Tỉnh", "verdict_on": "30/03/2026"}, []),
        ({"verdict": "Hợp lệ"}, [("verdict_level", "TD-229"), ("verdict_on", "TD-229")]),
        ({"verdict": "Không hợp lệ", "verdict_level": "Xã"}, [("verdict_on", "TD-229")]),
        (
            {"verdict": "Hợp lệ", "verdict_level": "Tỉnh", "verdict_on": "31/11/2025"},
            [("verdict_on", "TD-204")],
        ),
        ({"verdict_level": "Huyện"}, [("verdict_level", "TD-206")]),
    ],
)
def test_evidence(change, problems):
    converted = one("evidence", EVIDENCE | change, org="66", period="2026-03")
    assert codes(converted) == problems
    assert "{" not in said(converted)


def test_a_hash_lands_in_lower_case():
    assert one("evidence", EVIDENCE | {"sha256": "AB" * 32}).good["sha256"].item() == "ab" * 32


TARGET = {
    "plan_id": "dak-lak-2026",
    "row_ref": "PL1.9",
    "name_vi": "Phủ sóng 5G",
    "milestone_year": 2026,
    "target_raw": "≥ 95%",
    "indicator_code": "infra_5g_coverage",
}


def test_an_annex_brings_new_rows_to_a_known_plan():
    converted = one(
        "plan_targets", TARGET | {"target_kind": "Tối thiểu", "unit": "Phần trăm GRDP"}, period="2026"
    )
    assert codes(converted) == []
    landed = converted.good.row(0, named=True)
    assert (landed["target_kind"], landed["unit"], landed["milestone_year"]) == (
        "at_least",
        "percent_grdp",
        2026,
    )


def test_an_annex_of_an_unknown_plan_or_indicator_is_refused():
    bad = TARGET | {"plan_id": "dak-lak-2099", "indicator_code": "infra_7g"}
    assert codes(one("plan_targets", bad, period="2026", org="66")) == [
        ("plan_id", "TD-222"),
        ("indicator_code", "TD-209"),
    ]


def test_two_milestones_of_a_target_are_two_rows():
    headers = [load_contract("plan_targets").column(name).label_vi for name in TARGET]
    rows = [list((TARGET | {"milestone_year": year}).values()) for year in (2026, 2030, 2030)]
    converted = read("plan_targets", table(headers, *rows), period="2026")
    assert converted.good.height == 2
    assert codes(converted) == [("plan_id", "TD-210")]


@pytest.mark.parametrize(("form", "name"), [("plan_targets", "plan_targets"), ("plan_tasks", "plan_tasks")])
def test_the_shipped_annexes_pass_as_submissions(form, name):
    shipped = pl.read_csv(SHIPPED_PLANS / f"{name}.csv", infer_schema=False)
    columns = [shipped[column].to_list() for column in shipped.columns]
    rows = list(zip(*columns, strict=True))
    converted = read(form, table(shipped.columns, *rows), references=SHIPPED, period="2026")
    assert codes(converted) == []
    assert converted.good.height == shipped.height
    assert converted.org_code == "VN"


ADJUSTMENT = {
    "plan_id": "dak-lak-2026",
    "row_ref": "PL1.2",
    "field": "Mục tiêu",
    "old_value": "tối thiểu  1.200 Doanh nghiệp",
    "new_value": "Tối thiểu 1.500 doanh nghiệp",
    "decision_number": "85/QĐ-UBND",
    "decided_on": "15/04/2026",
}


def test_an_adjustment_of_the_value_the_plan_has():
    converted = one("plan_adjustment", ADJUSTMENT)
    assert codes(converted) == []
    assert (converted.org_code, converted.period) == ("66", "2026-04")
    assert converted.good["field"].item() == "target_raw"
    assert converted.good["new_reading"].item() == "Tối thiểu 1.500 doanh nghiệp"


def test_a_new_deadline_lands_as_a_day_however_it_is_written():
    change = {"row_ref": "row-1", "field": "Thời hạn", "old_value": "30/6/2026", "new_value": "30-09-2026"}
    converted = one("plan_adjustment", ADJUSTMENT | change)
    assert codes(converted) == []
    assert converted.good["new_reading"].item() == "2026-09-30"


@pytest.mark.parametrize(
    ("field", "old", "new", "read"),
    [
        ("Thời hạn", "Quý II/2026", "Quý III/2026", "2026-09-30"),
        ("Thời hạn", "Trước ngày 30/6/2026", "Trong năm 2026", "2026-12-31"),
        ("Nhiệm vụ thường xuyên", "Quý II/2026", "Hằng tháng", "monthly"),
        ("Nhiệm vụ thường xuyên", None, "Không", "none"),
        ("Tiếp nối nhiệm vụ", None, "dak-lak-2025 row-8", "dak-lak-2025 row-8"),
    ],
)
def test_deadlines_rhythms_and_older_tasks_land_as_they_read(field, old, new, read):
    change = {"row_ref": "row-1", "field": field, "old_value": old, "new_value": new}
    converted = one("plan_adjustment", ADJUSTMENT | change)
    assert codes(converted) == []
    assert converted.good["new_reading"].item() == read


@pytest.mark.parametrize(
    ("change", "problems", "words"),
    [
        (
            {
                "row_ref": "row-1",
                "field": "Thời hạn",
                "old_value": "Quý II/2026",
                "new_value": "Thường xuyên",
            },
            [("new_value", "TD-204")],
            "Quý III/2026",
        ),
        (
            {"row_ref": "row-1", "field": "Thời hạn", "old_value": "Quý I/2026", "new_value": "Quý III/2026"},
            [("old_value", "TD-227")],
            "30/06/2026",
        ),
        (
            {
                "row_ref": "row-1",
                "field": "Nhiệm vụ thường xuyên",
                "old_value": None,
                "new_value": "31/12/2026",
            },
            [("new_value", "TD-206")],
            "Hằng tháng",
        ),
        (
            {
                "row_ref": "row-1",
                "field": "Tiếp nối nhiệm vụ",
                "old_value": None,
                "new_value": "dak-lak-2025 row-9",
            },
            [("new_value", "TD-222")],
            "kế hoạch khác của cùng địa phương",
        ),
        (
            {
                "row_ref": "row-1",
                "field": "Tiếp nối nhiệm vụ",
                "old_value": None,
                "new_value": "dak-lak-2026 row-2",
            },
            [("new_value", "TD-222")],
            "kế hoạch khác của cùng địa phương",
        ),
        ({"row_ref": "PL9"}, [("row_ref", "TD-222")], "mục tiêu, nhiệm vụ của kế hoạch dak-lak-2026"),
        ({"old_value": "Tối thiểu 1.300 doanh nghiệp"}, [("old_value", "TD-227")], "'Tối thiểu 1.200"),
        ({"old_value": None}, [("old_value", "TD-227")], "'Tối thiểu 1.200"),
        ({"field": "Sản phẩm"}, [("old_value", "TD-227")], "không có nội dung 'Sản phẩm'"),
        ({"field": "Chủ trì"}, [("field", "TD-206")], "Mục tiêu"),
        ({"milestone_year": 2027}, [("old_value", "TD-227")], "có: 2026"),
        ({"row_ref": "PL1.1", "old_value": "≥ 95%"}, [("old_value", "TD-227")], "hãy ghi năm mốc"),
        ({"row_ref": "PL1.1", "old_value": "≥ 95%", "milestone_year": 2026}, [], ""),
        (
            {"row_ref": "PL1.1", "old_value": "≤ 95%", "milestone_year": 2026},
            [("old_value", "TD-227")],
            "≥ 95%",
        ),
        (
            {"row_ref": "row-2", "field": "Thời hạn", "old_value": None, "new_value": date(2026, 9, 30)},
            [],
            "",
        ),
        (
            {"row_ref": "row-2", "field": "Thời hạn", "old_value": None, "new_value": "31/11/2026"},
            [("new_value", "TD-204")],
            "31/11/2026",
        ),
        (
            {"row_ref": "row-1", "field": "Thời hạn", "old_value": None, "new_value": "30/09/2026"},
            [("old_value", "TD-227")],
            "30/06/2026",
        ),
    ],
)
def test_an_adjustment_trips_where_the_plan_says_something_else(change, problems, words):
    converted = one("plan_adjustment", ADJUSTMENT | change)
    assert codes(converted) == problems
    assert words in said(converted)


# Corrections and withdrawals

CORRECTION = {
    "corrected_submission_id": "indicator_report_2026-Q1_dl_so_khcn_20260405T081500123456_0a1b2c3d4e5f",
    "cell": "E12",
    "old_value": "1.139",
    "new_value": "1.193",
    "reason": "Ghi nhầm",
    "document_number": "45/SKHCN-VP",
    "signed_on": "12/04/2026",
}


def test_a_correction_is_of_the_unit_and_period_of_the_submission_it_names():
    converted = one("correction", CORRECTION)
    assert (converted.org_code, converted.period) == ("dl_so_khcn", "2026-Q1")
    assert converted.good["sheet"].to_list() == [None]
    assert converted.good["old_value"].item() == "1.139"


def test_corrections_of_several_submissions_are_of_what_they_share():
    headers = [load_contract("correction").column(name).label_vi for name in CORRECTION]
    other = CORRECTION | {"corrected_submission_id": "coverage_2026-05_24133_20260605T081500_0a1b2c3d4e5f"}
    converted = read("correction", table(headers, list(CORRECTION.values()), list(other.values())))
    assert (converted.org_code, converted.period) == ("66", "2026-05")


@pytest.mark.parametrize(
    "named", ["coverage_2026-03_24133", "unidentified_unknown_unknown_20260405T081500_0a1b2c3d4e5f"]
)
def test_a_withdrawal_of_something_unknown_is_of_an_unknown_unit(named):
    row = {
        "withdrawn_submission_id": named,
        "reason": "Nhầm",
        "document_number": "1",
        "signed_on": "12/04/2026",
    }
    converted = one("withdrawal", row)
    assert (converted.org_code, converted.period) == ("unknown", "unknown")
    assert one("withdrawal", row, org="24133", period="2026-03").org_code == "24133"


# F10

TITLES = (
    "UBND TỈNH ĐẮK LẮK",
    "Biểu số 64/CK-NSNN",
    "QUYẾT TOÁN CHI NGÂN SÁCH ĐỊA PHƯƠNG, CHI NGÂN SÁCH CẤP TỈNH",
    "VÀ CHI NGÂN SÁCH HUYỆN THEO CƠ CẤU CHI NĂM 2017",
    "(Kèm theo Quyết định số 3631/QĐ-UBND ngày 28 tháng 12 năm 2018 của UBND tỉnh Đắk Lắk)",
)
PATHS = (
    ("STT",),
    ("Nội dung",),
    ("Dự toán chi \nNSĐP",),
    ("Dự toán chi \nNSĐP", "Ngân sách\ncấp tỉnh"),
    ("Quyết toán",),
    ("Quyết toán", "Ngân sách\ncấp tỉnh"),
    ("So sánh\nQT/DT giao",),
)
# Published amounts in triệu đồng.
LINES = [
    ("", "TỔNG CỘNG (BAO GỒM CẢ CHI CHUYỂN GIAO)", "22583668.276007"),
    ("", "TỔNG CHI NSĐP (ĐÃ LOẠI TRỪ CHI CHUYỂN GIAO)", "15258582.821924"),
    ("A", "CHI CÂN ĐỐI NGÂN SÁCH ĐỊA PHƯƠNG", "11875074.476456"),
    ("I", "Chi đầu tư phát triển ", "1964553.683286"),
    (1.0, "Chi đầu tư phát triển", "1964553.683286"),
    ("", "Trong đó chia theo lĩnh vực", "0"),
    ("", "Chi giáo dục - đào tạo và dạy nghề", "282740.256828"),
    ("", "Chi khoa học và công nghệ", "14449.952"),
    (2.0, "Chi đầu tư phát triển khác", "0"),
    ("II", "Chi thường xuyên", "9909005.99317"),
    ("", "Trong đó:", "0"),
    (1.0, "Chi giáo dục - đào tạo và dạy nghề", "4720037.669881"),
    (2.0, "Chi khoa học và công nghệ ", "21528.781764"),
    ("B", "CHI CÁC CHƯƠNG TRÌNH MỤC TIÊU", "1477429.745482"),
    ("", "Chi khoa học và công nghệ", "5"),
    ("D", "CHI CHUYỂN GIAO NGÂN SÁCH", "7325085.454083"),
]
PARTS = {
    "science_investment": Decimal("14449.952"),
    "science_recurrent": Decimal("21528.781764"),
    "total_net_of_transfers": Decimal("15258582.821924"),
}


def budget(
    unit="Đơn vị tính: Triệu đồng", times="1", lines=LINES, titles=TITLES, cell=Decimal, sheet="Bao cao"
):
    rows = [
        [number, text, "", "", cell(Decimal(settled) * Decimal(times)), "", "#DIV/0!"]
        for number, text, settled in lines
    ]
    headers = [" ".join(path) for path in PATHS]
    return table(headers, *rows, above=(*titles, *([unit] if unit else [])), sheet=sheet, paths=PATHS)


def parts(converted):
    keyed = converted.good.filter(pl.col("line_key").is_not_null() & (pl.col("form_number") == "64"))
    return {key: value for key, value in keyed.select("line_key", "settled").iter_rows() if key in PARTS}


def test_a_published_settlement_gives_its_parts_its_unit_and_its_year():
    converted = read("budget_settlement", budget(), references=SHIPPED)
    assert codes(converted) == []
    assert (converted.org_code, converted.period, converted.rows_read) == ("66", "2017", len(LINES))
    assert parts(converted) == PARTS
    assert converted.notices == ()
    share = sum(list(PARTS.values())[:2]) / PARTS["total_net_of_transfers"]
    assert round(100 * share, 4) == Decimal("0.2358")
    assert converted.good["line_key"].drop_nulls().to_list() == [
        "total_spending",
        "total_net_of_transfers",
        "balance_spending",
        "science_investment",
        "science_recurrent",
        "target_programmes",
        "transfers",
    ]


@pytest.mark.parametrize(
    ("unit", "times", "cell"),
    [
        ("(Đơn vị: đồng)", "1000000", Decimal),
        ("Đơn vị tính: Đồng", "1000000", float),
        ("ĐVT: nghìn đồng", "1000", Decimal),
        ("ĐVT: tỷ đồng", "0.001", float),
        ("Đơn vị tính: Tỷ đồng", "0.001", lambda amount: f"{amount.normalize():f}".replace(".", ",")),
        ("Đơn vị tính: Đồng", "1000000", lambda amount: f"{amount.normalize():,f}".replace(",", ".")),
    ],
)
def test_the_unit_line_scales_exactly_before_anything_is_rounded(unit, times, cell):
    converted = read("budget_settlement", budget(unit, times, cell=cell), references=SHIPPED)
    assert codes(converted) == []
    assert parts(converted) == PARTS
    first = read("budget_settlement", budget(), references=SHIPPED)
    assert converted.good["row_hash"].to_list() == first.good["row_hash"].to_list()


@pytest.mark.parametrize("unit", [None, "Đơn vị tính: người"])
def test_amounts_without_a_unit_of_money_reject_the_file(unit):
    with pytest.raises(TiendoError) as caught:
        read("budget_settlement", budget(unit), references=SHIPPED)
    assert (caught.value.code, caught.value.place.sheet) == ("TD-114", "Bao cao")


def test_a_line_that_stands_twice_feeds_nothing():
    converted = read(
        "budget_settlement", budget(lines=[*LINES[:13], LINES[12], *LINES[13:]]), references=SHIPPED
    )
    assert codes(converted) == [("line_text", "TD-226")] * 2
    assert converted.problems["cell"].to_list() == ["C20", "C21"]
    assert "dòng 21" in converted.problems["message_vi"][0]
    assert "science_recurrent" not in parts(converted)
    assert converted.rows_read == converted.good.height + converted.rows_quarantined


def test_the_same_table_on_two_sheets_is_not_counted_twice():
    converted = read("budget_settlement", budget(), budget(sheet="Bản sao"), references=SHIPPED)
    assert parts(converted) == {}


def test_a_table_without_its_net_total_is_kept_and_says_what_is_missing():
    lines = [line for line in LINES if "LOẠI TRỪ" not in line[1]]
    converted = read("budget_settlement", budget(lines=lines), references=SHIPPED)
    assert converted.good.height == len(lines)
    (notice,) = converted.notices
    assert notice.code == "TD-124"
    assert "đã loại trừ chi chuyển giao" in notice.vi
    assert read("budget_settlement", budget(), references=SHIPPED).notices == ()


@pytest.mark.parametrize("number", ["62", "65"])
def test_a_cross_check_is_kept_and_explained(number):
    titles = (TITLES[0], f"Biểu số {number}/CK-NSNN kèm theo Thông tư số 343/2016/TT-BTC", *TITLES[2:])
    converted = read("budget_settlement", budget(titles=titles), references=SHIPPED)
    assert parts(converted) == {}
    assert converted.good.height == len(LINES)
    (notice,) = converted.notices
    assert notice.code == "TD-119"
    assert f"Biểu {number}" in notice.vi
    assert "Biểu 64" in notice.way_out_vi


def test_forms_64_and_65_in_one_workbook_stay_apart():
    provincial = (TITLES[0], "Biểu số 65/CK-NSNN", *TITLES[2:])
    converted = read("budget_settlement", budget(), budget(titles=provincial, sheet="65"), references=SHIPPED)
    assert codes(converted) == []
    assert parts(converted) == PARTS
    assert [notice.place.sheet for notice in converted.notices] == ["65"]


def test_a_province_merged_since_may_still_report_its_own_past():
    titles = ("UBND TỈNH PHÚ YÊN", *TITLES[1:4])
    assert read("budget_settlement", budget(titles=titles), references=SHIPPED).org_code == "54"
    with pytest.raises(TiendoError) as caught:
        read("budget_settlement", budget(titles=titles), references=SHIPPED, org="54", period="2026")
    assert caught.value.code == "TD-208"


def test_what_the_titles_leave_open_is_asked_for():
    with pytest.raises(TiendoError) as caught:
        read("budget_settlement", budget(titles=TITLES[1:2]), references=SHIPPED)
    assert (caught.value.code, caught.value.exit_code) == ("TD-108", 2)
    given = read("budget_settlement", budget(titles=TITLES[1:2]), references=SHIPPED, org="66", period="2017")
    assert (given.org_code, given.period) == ("66", "2017")


def test_sheets_of_two_years_do_not_speak_for_one():
    later = (*TITLES[:3], "THEO CƠ CẤU CHI NĂM 2018")
    with pytest.raises(TiendoError) as caught:
        read("budget_settlement", budget(), budget(titles=later, sheet="2018"), references=SHIPPED)
    assert caught.value.code == "TD-108"


KEYS = load_contract("budget_settlement").derived[1].lines


@pytest.mark.parametrize(
    ("lines", "keys"),
    [
        # Numbers inside the text; dashes and 'Trong đó:' before the words.
        (
            [
                ("", "I. Chi đầu tư phát triển"),
                ("", "Trong đó: - Chi giáo dục"),
                ("", "      - Chi khoa học và công nghệ"),
            ],
            [None, None, "science_investment"],
        ),
        # Arabic headings.
        (
            [
                ("A", "Chi cân đối NSĐP"),
                ("1", "Chi đầu tư phát triển"),
                ("-", "Chi KH&CN"),
                ("2", "Chi thường xuyên"),
                ("-", "Chi KHCN"),
            ],
            ["balance_spending", None, "science_investment", None, "science_recurrent"],
        ),
        # A letter above Roman lines: the letter is the heading of them all.
        (
            [("B", "CHI THƯỜNG XUYÊN (1)"), ("I", "Chi giáo dục"), ("II", "Chi khoa học và công nghệ")],
            [None, None, "science_recurrent"],
        ),
        # The heading above is another one.
        (
            [("II", "Chi thường xuyên"), ("III", "Chi khác"), ("1", "Chi khoa học và công nghệ")],
            [None, None, None],
        ),
        ([(None, None), ("", "Chi khoa học và công nghệ")], [None, None]),
    ],
)
def test_the_nearest_heading_decides_what_a_line_is(lines, keys):
    numbers, texts = zip(*lines, strict=True)
    assert line_keys(texts, numbers, KEYS) == keys


# Units in headers of other forms


def coverage(header, population, above=()):
    headers = ["Mã đơn vị", "Kỳ báo cáo", header, "Dân số được phủ sóng 5G"]
    return read("coverage", table(headers, ["24133", "03/2026", population, 400], above=above))


@pytest.mark.parametrize(
    ("header", "population", "landed"),
    [
        ("Dân số", 1200, 1200),
        ("Dân số (người)", 1200, 1200),
        ("Dân số (nghìn người)", "1,2", 1200),
        ("Dân số (nghìn người)", 1.2, 1200),
    ],
)
def test_a_unit_in_the_header_scales_its_column_alone(header, population, landed):
    converted = coverage(header, population)
    assert converted.good.select("population", "population_5g").row(0) == (landed, 400)


def test_a_count_that_is_no_whole_number_of_people_is_quarantined():
    assert codes(coverage("Dân số (nghìn người)", 1.20005)) == [("population", "TD-203")]


def test_a_money_unit_line_says_nothing_of_people():
    assert coverage("Dân số", 1200, above=["Đơn vị tính: Triệu đồng"]).good["population"].item() == 1200


def test_a_header_with_a_unit_of_another_kind_rejects_the_file():
    with pytest.raises(TiendoError) as caught:
        coverage("Dân số (km2)", 1200)
    assert caught.value.code == "TD-114"


# Places and cells


def test_problems_name_the_cell_of_their_own_sheet():
    headers = ["Mã đơn vị", "Kỳ báo cáo", "Dân số", "Dân số được phủ sóng 5G"]
    moved = ["Ghi chú", *headers]
    first = table(headers, ["24133", "03/2026", "x", 1], sheet="Tháng 3")
    second = table(moved, ["", "24154", "03/2026", 1000, "y"], above=["a", "b"], sheet="Tháng 3 (2)")
    converted = read("coverage", first, second)
    assert converted.problems.select("sheet", "cell", "value").rows() == [
        ("Tháng 3", "D2", "x"),
        ("Tháng 3 (2)", "F4", "y"),
    ]
    assert converted.problems.columns == [name for name in QUARANTINE_SCHEMA if name != "submission_id"]


def test_a_cell_that_is_not_there_has_no_address():
    headers = ["Mã chỉ tiêu", "Mã đơn vị", "Kỳ báo cáo", "Giá trị"]
    converted = read("indicator_report", table(headers, ["startup_new", "24133", "03/2026", 4]))
    assert converted.problems.select("column_name", "cell").rows() == [("basis", None)]


@pytest.mark.parametrize(
    ("at", "name"), [((1, 1), "A1"), ((26, 9), "Z9"), ((27, 12), "AA12"), ((703, 3), "AAA3")]
)
def test_cell_addresses(at, name):
    assert cell_address(*at) == name


def test_titles_say_unit_and_period_where_rows_do_not():
    headers = [
        "Mã TTHC",
        "Tên TTHC",
        "Cấp thực hiện",
        "Đủ điều kiện trực tuyến",
        "Đủ điều kiện toàn trình",
        "Mức độ DVC",
        "Ngày hiệu lực",
    ]
    row = ["1.000656", "Khai tử", "Xã", "Có", "Có", "Toàn trình", "01/07/2025"]
    titled = table(headers, row, above=["UBND TỈNH ĐẮK LẮK", "DANH MỤC THỦ TỤC HÀNH CHÍNH THÁNG 3/2026"])
    converted = read("procedure_catalogue", titled)
    assert (converted.org_code, converted.period) == ("66", "2026-03")


# References


def test_references_know_plans_rows_values_and_names():
    assert SHIPPED.plan_orgs["tran-bien-2026-kh01"] == "26041"
    assert "row-5" in SHIPPED.task_rows["dak-lak-2026-kh-bcd"]
    assert [value.year for value in SHIPPED.plan_values["dak-lak-2025-kh-ubnd", "PL1.I.1", "target_raw"]][
        :2
    ] == ["2025", "2030"]
    assert SHIPPED.plan_values["dak-lak-2025-kh-ubnd", "PL2.I.1", "due_on"][0].value == "2025-09-30"
    assert "org_name_vi" in SHIPPED.org_units.columns


def test_a_changed_plan_row_changes_the_fingerprint():
    changed = dataclasses.replace(REFERENCES, plan_values={})
    fewer = dataclasses.replace(REFERENCES, task_rows={})
    same = dataclasses.replace(REFERENCES)
    assert same.plan_fingerprint == REFERENCES.plan_fingerprint
    assert len({REFERENCES.plan_fingerprint, changed.plan_fingerprint, fewer.plan_fingerprint}) == 3
    assert intake_fingerprint("evidence", changed) != intake_fingerprint("evidence", REFERENCES)
    assert intake_fingerprint("dossier", changed) == intake_fingerprint("dossier", REFERENCES)


def test_parsing_needs_no_plans():
    contract = load_contract("coverage")
    item = table(["Mã đơn vị", "Kỳ báo cáo", "Dân số"], ["24133", "03/2026", 5])
    frame, _ = parse_rows(
        Identified(contract, (item,), (match_headers(item.header_paths, contract),)),
        References(REFERENCES.org_units),
    )
    assert frame.height == 1


@pytest.mark.parametrize(
    ("sender", "operator"),
    [
        ("Viettel Đắk Lắk", "viettel"),
        ("Chi nhánh Viettel - Tập đoàn Công nghiệp - Viễn thông Quân đội", "viettel"),
        ("VNPT VinaPhone", "vnpt"),
        ("MobiFone tỉnh", "mobifone"),
        ("FPT", "fpt"),
        ("UBND phường (tổng hợp của Viettel, VNPT, MobiFone)", "all_operators"),
        ("Sở Khoa học và Công nghệ", "all_operators"),
        ("", "all_operators"),
    ],
)
def test_figures_of_one_operator_never_pass_for_those_of_all(sender, operator):
    item = table(
        ["Mã đơn vị", "Kỳ báo cáo", "Đơn vị cung cấp", "Dân số"], ["24133", "03/2026", sender, 900.0]
    )
    assert read("coverage", item).good["operator"].to_list() == [operator]


@pytest.mark.parametrize(("period", "codes"), [("03/2026", ["TD-230"]), ("Quý I/2026", []), ("2025", [])])
def test_the_digital_economy_has_quarters_and_years(period, codes):
    headers = ["Mã tỉnh", "Kỳ báo cáo", "Cách tính", "GRDP", "Cơ quan công bố", "Tính chất số liệu"]
    item = table(headers, ["66", period, "Trong kỳ", 100.0, "Chi cục Thống kê", "Ước tính"])
    assert read("digital_economy", item).problems["rule_code"].to_list() == codes


def test_a_settlement_of_a_month_is_refused_since_nothing_would_be_computed_from_it():
    with pytest.raises(TiendoError) as caught:
        read("budget_settlement", budget(), references=SHIPPED, period="2026-03")
    assert caught.value.code == "TD-230"
    assert caught.value.exit_code == 2
