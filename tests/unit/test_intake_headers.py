import unicodedata

import pytest
import yaml
from sheet_grids import sheet

from tiendo.intake.contracts import (
    canonical_schema,
    contract_paths,
    load_contract,
    load_contracts,
    parse_contract,
)
from tiendo.intake.discretion import is_marking, is_personal, refuse_marked_name
from tiendo.intake.headers import fold, known_spellings, match_headers
from tiendo.intake.identify import identify
from tiendo.intake.layout import find_table
from tiendo.messages import TiendoError


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tỷ lệ phủ sóng", "TỈ LỆ   PHỦ\nSÓNG"),
        ("Số hóa hồ sơ", "Số hoá hồ sơ"),
        ("Kỳ báo cáo", "Kì báo cáo"),
        ("Đơn vị", "don vi"),
        ("Diện tích (km²)", "dien tich km2"),
        ("Phí, lệ phí", "Phí/lệ phí"),
        ("Dân số", unicodedata.normalize("NFD", "Dân số")),
        ("population_5g", "Population 5G"),
    ],
)
def test_spellings_that_are_the_same_word(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Dân số", "Số dân"), ("Quý I", "Quý II"), ("thi", "thy")])
def test_words_that_stay_apart(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize("form", load_contracts())
def test_every_spelling_of_every_contract_finds_its_column(form):
    contract = load_contract(form)
    for column in contract.columns:
        for spelling in column.spellings:
            for written in (
                spelling,
                spelling.upper(),
                unicodedata.normalize("NFD", spelling),
                f" {spelling}\n",
            ):
                assert match_headers([written], contract).mapping == {column.name: 0}


def test_mapping_unknown_and_missing():
    match = match_headers(["Ghi chú lạ", "DÂN SỐ", "", "Ma don vi"], load_contract("coverage"))
    assert match.mapping == {"org_code": 3, "population": 1}
    assert match.unknown == ("Ghi chú lạ",)
    assert [column.name for column in match.missing] == ["period"]


def test_of_two_spellings_of_one_column_the_first_listed_wins():
    match = match_headers(["Đơn vị", "Tên đơn vị"], load_contract("coverage"))
    assert match.mapping == {"org_name": 1}
    assert match.unknown == ("Đơn vị",)


def test_the_same_header_twice_is_refused():
    with pytest.raises(TiendoError) as caught:
        match_headers(["Dân số", "dân  số"], load_contract("coverage"))
    assert caught.value.code == "TD-104"


@pytest.mark.parametrize(
    ("path", "column", "unit"),
    [
        (("GRDP (tỷ đồng)",), "grdp", "billion_dong"),
        (("GRDP\n(Triệu đồng) (1)",), "grdp", "million_dong"),
        (("GRDP", "(triệu đồng)"), "grdp", "million_dong"),
        (("GRDP", "Triệu đồng"), "grdp", "million_dong"),
        (("Số liệu kinh tế", "GRDP"), "grdp", None),
        (("Số liệu kinh tế (tỷ đồng)", "GRDP năm 2025"), "grdp", "billion_dong"),
        (("GRDP", "năm 2025"), "grdp", None),
        (("Kỳ báo cáo năm 2026",), None, None),
        (("GRDP (ước)",), None, None),
        (("Năm trước", "GRDP"), None, None),
        (("Kỳ trước: GRDP",), None, None),
    ],
)
def test_headers_with_units_years_and_upper_rows(path, column, unit):
    match = match_headers([path], load_contract("digital_economy"))
    assert match.mapping == ({column: 0} if column else {})
    assert match.units == ({column: unit} if unit else {})


def test_the_whole_header_outranks_its_lower_rows():
    paths = [("Trong đó", "Dân số"), ("Dân số",)]
    match = match_headers(paths, load_contract("coverage"))
    assert (match.mapping, match.unknown) == ({"population": 1}, ("Trong đó Dân số",))


def test_years_that_tell_two_columns_apart_are_not_dropped_from_both():
    with pytest.raises(TiendoError) as caught:
        match_headers(["GRDP năm 2024", "GRDP năm 2025"], load_contract("digital_economy"))
    assert caught.value.code == "TD-104"


def test_row_numbers_and_reference_columns_of_our_template_are_not_unknown():
    match = match_headers(["STT", "Kỳ trước: Dân số", "Dân số", "Ghi chú lạ"], load_contract("coverage"))
    assert (match.mapping, match.unknown) == ({"population": 2}, ("Ghi chú lạ",))


def test_near_misses_are_proposed_and_not_taken():
    match = match_headers(["Mã đơn vịi", "Kỳ bao cáoo", "Dân số"], load_contract("coverage"))
    assert match.mapping == {"population": 2}
    assert [(header, column.name) for header, column in match.proposals] == [
        ("Mã đơn vịi", "org_code"),
        ("Kỳ bao cáoo", "period"),
    ]


def test_all_forms_spellings_are_known():
    assert {fold("Mã đơn vị"), fold("Mã hồ sơ"), "population 5g"} <= known_spellings()


COVERAGE = ["Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Dân số"]
ROW = ["24133", "Xã Ea Kao", "03/2026", 1000]


def tables(*sheets):
    return [find_table(one) for one in sheets]


def test_two_sheets_of_one_form_are_read_and_the_other_sheet_is_named():
    found = identify(
        tables(
            sheet(COVERAGE, ROW, name="Đông"),
            sheet(["Hướng dẫn"], name="Hướng dẫn"),
            sheet(["Biểu 04"], COVERAGE, ROW, name="Tây"),
        )
    )
    assert (found.contract.form, [table.sheet for table in found.tables]) == ("coverage", ["Đông", "Tây"])
    assert (found.other_sheets, found.notices) == (("Hướng dẫn",), ())


def test_a_hidden_sheet_of_the_form_is_left_out_and_said():
    found = identify(
        tables(
            sheet(COVERAGE, ROW, name="Tháng 3"),
            sheet(COVERAGE, ROW, name="Tháng 2", is_hidden=True),
            sheet(["66", "Đắk Lắk"], name="Danh mục", is_hidden=True),
        )
    )
    assert [table.sheet for table in found.tables] == ["Tháng 3"]
    assert [(notice.code, notice.place.sheet) for notice in found.notices] == [("TD-122", "Tháng 2")]


def unknown(*sheets, form=None):
    with pytest.raises(TiendoError) as caught:
        identify(tables(*sheets), form)
    assert caught.value.code == "TD-102"
    return caught.value


def test_a_form_only_on_a_hidden_sheet_is_not_guessed():
    error = unknown(sheet(["Hướng dẫn"]), sheet(COVERAGE, ROW, name="Số liệu", is_hidden=True))
    assert error.place.sheet == "Số liệu"


def test_an_unknown_form_says_the_closest_what_is_missing_and_what_may_be_meant():
    error = unknown(sheet(["Mã đơn vi hc", "Kỳ báo caoo", "Dân số", "Số trạm 5G"], ROW))
    assert "Biểu 04" in error.vi
    assert "'Kỳ báo cáo' (có phải là 'Kỳ báo caoo'?)" in error.vi
    assert "'Mã đơn vị'" in error.vi


def test_a_file_of_no_form_names_its_headers():
    assert "'Provinces'" in unknown(sheet(["Provinces", "1: Participation"], ["Ha Noi", 5.2])).vi


def test_columns_of_a_form_below_the_title_of_another():
    header = ["STT", "Nội dung", "Dự toán", "Quyết toán"]
    error = unknown(sheet(["Biểu số 29/CK-NSNN"], ["Đơn vị: Tỷ đồng"], header, ["A", "Chi", 1, 2]))
    assert "29/CK-NSNN" in error.vi


def test_a_column_twice_in_another_form_does_not_hinder():
    found = identify(tables(sheet([*COVERAGE, "Ghi chú", "Ghi chú"], [*ROW, "a", "b"])))
    assert found.contract.form == "coverage"


def raw_contract():
    return yaml.safe_load(next(p for p in contract_paths() if p.stem == "coverage").read_text("utf-8"))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda raw: raw["columns"].append(raw["columns"][0]), "org_code stands twice"),
        (lambda raw: raw["columns"][0].update(type="codes"), "unknown type codes"),
        (lambda raw: raw["columns"][1].update(aliases=["Dân số"]), "means both org_name and population"),
        (lambda raw: raw.update(key=["nothing"]), "no column nothing"),
        (lambda raw: raw["rules"][0].update(when="whenever"), "unknown rule whenever"),
        (lambda raw: raw.update(keys=[]), "'keys'"),
        (lambda raw: raw.pop("columns"), "KeyError"),
        (lambda raw: raw["columns"][0].update(requierd=True), "requierd"),
    ],
)
def test_a_faulty_contract_stops_the_program(spoil, said):
    raw = raw_contract()
    spoil(raw)
    with pytest.raises(TiendoError) as caught:
        parse_contract(raw, "coverage.yml")
    assert (caught.value.code, caught.value.exit_code) == ("TD-110", 4)
    assert said in caught.value.en


def test_an_unknown_form_names_the_known_ones():
    with pytest.raises(TiendoError) as caught:
        load_contract("../coverage")
    assert caught.value.exit_code == 2
    assert "coverage" in caught.value.way_out_vi


@pytest.mark.parametrize("form", load_contracts())
def test_schema_ends_with_provenance(form):
    names = list(canonical_schema(load_contract(form)))
    assert names[-1] == "row_hash"
    assert {"submission_id", "received_at", "sheet", "row_number"} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "header",
    [
        "Họ tên",
        "HỌ VÀ TÊN NGƯỜI NỘP",
        "Số CCCD",
        "CMND/CCCD",
        "Số điện thoại",
        "Email",
        "Địa chỉ",
        "Ngày sinh",
    ],
)
def test_personal_headers(header):
    assert is_personal(header)


@pytest.mark.parametrize("header", ["Email đơn vị", "Địa chỉ trụ sở", "Địa chỉ IP", "Tên đơn vị", "Ngày ký"])
def test_headers_of_offices(header):
    assert not is_personal(header)


@pytest.mark.parametrize("form", load_contracts())
def test_no_contract_asks_for_personal_data(form):
    assert not [s for column in load_contract(form).columns for s in column.spellings if is_personal(s)]


@pytest.mark.parametrize(
    "text", ["MẬT", "Tối mật", "(TUYỆT MẬT)", "Độ mật: Mật", "TUYET MAT", unicodedata.normalize("NFD", "mật")]
)
def test_markings(text):
    assert is_marking(text)


@pytest.mark.parametrize(
    "text", ["Bảo mật", "mật khẩu", "mặt", "mắt", "mất", "mat", "Mật độ dân số", "mật ong"]
)
def test_words_that_are_no_markings(text):
    assert not is_marking(text)


@pytest.mark.parametrize(
    "name", ["KH 05 (MẬT).xlsx", "toi_mat_bieu04.xlsx", "Bao-cao-tuyệt-mật.csv", "mật.xlsx"]
)
def test_marked_file_names(name):
    with pytest.raises(TiendoError) as caught:
        refuse_marked_name(name)
    assert caught.value.code == "TD-107"
    assert name not in str(caught.value)


@pytest.mark.parametrize("name", ["bảo mật.xlsx", "mật độ 5G.xlsx", "format.csv", "bieu mat duong.xlsx"])
def test_ordinary_file_names(name):
    refuse_marked_name(name)
