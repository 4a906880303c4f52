import unicodedata

import pytest
import yaml

from tiendo.intake.contracts import (
    canonical_schema,
    contract_paths,
    load_contract,
    load_contracts,
    parse_contract,
)
from tiendo.intake.discretion import is_marking, is_personal, refuse_marked_name
from tiendo.intake.headers import fold, match_headers
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
