from dataclasses import replace
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from intake_references import REFERENCES

from tiendo.intake.titles import (
    form_number,
    is_unit_line,
    organisation_in,
    period_in,
    title_match,
    unit_line,
)
from tiendo.intake.units import factor, is_counted, unit_named

REFORM, BEFORE = date(2025, 7, 1), date(2004, 7, 8)
UNITS = replace(
    REFERENCES,
    org_units=pl.DataFrame(
        [
            ("66", BEFORE, date(2025, 6, 30), "province", "66", "Tỉnh Đắk Lắk"),
            ("66", REFORM, None, "province", "66", "Tỉnh Đắk Lắk"),
            ("54", BEFORE, date(2025, 6, 30), "province", "54", "Tỉnh Phú Yên"),
            ("75", REFORM, None, "province", "75", "Tỉnh Đồng Nai"),
            ("79", REFORM, None, "province", "79", "Thành phố Hồ Chí Minh"),
            ("24169", REFORM, None, "commune", "66", "Xã Ea Kao"),
            ("26041", REFORM, None, "commune", "75", "Phường Trấn Biên"),
            ("24100", REFORM, None, "commune", "66", "Xã Tân Tiến"),
            ("26100", REFORM, None, "commune", "75", "Xã Tân Tiến"),
        ],
        schema=["org_code", "valid_from", "valid_to", "org_level", "province_code", "org_name_vi"],
        orient="row",
    ),
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Biểu số 64/CK-NSNN", "64/CK-NSNN"),
        ("Mẫu số: 15/CKTC-NSĐP", "15/CKTC-NSĐP"),
        ("Phụ lục số 07/CKTC- NSNN", "07/CKTC-NSNN"),
        ("Biểu 04. Phủ sóng 5G", "04"),
        ("Biểu đồ 3 năm", None),
    ],
)
def test_form_number(text, number):
    assert form_number(["UBND TỈNH ĐẮK LẮK", text]) == number


def test_title_that_runs_over_two_cells():
    assert title_match(r"\bbieu so (6\d) ck nsnn\b", ["Biểu số", "64/CK-NSNN"]) == "64"


@pytest.mark.parametrize(
    ("texts", "period"),
    [
        (["BÁO CÁO", "Tháng 3 năm 2026"], "2026-03"),
        (["Kỳ báo cáo: Quý I/2026"], "2026-Q1"),
        (["Kỳ báo cáo:", "03/2026"], "2026-03"),
        (["Kỳ báo cáo (tháng): 03/2026", "THỰC HIỆN KẾ HOẠCH NĂM 2026"], "2026-03"),
        (["6 THÁNG ĐẦU NĂM 2026"], "2026-H1"),
        (["QUYẾT TOÁN NĂM 2017", "(Kèm theo Quyết định số 3631/QĐ-UBND ngày 28 tháng 12 năm 2018)"], "2017"),
        (["(Đính kèm Quyết định số     /QĐ-UBND ngày    /01/2019)", "NĂM 2017"], "2017"),
        (["Thông tư số 343/2016/TT-BTC", "QUYẾT TOÁN\nNĂM 2017"], "2017"),
        (["Số liệu đến ngày 31/3/2026"], None),
        (["Kế hoạch 5 năm 2021-2025"], None),
        (["THÁNG 3 NĂM 2026", "KẾ HOẠCH NĂM 2026"], None),
        (["9 tháng đầu năm 2026"], None),
        ([], None),
    ],
)
def test_period(texts, period):
    assert period_in(texts) == period


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Đơn vị tính: Triệu đồng", "million_dong"),
        ("(Đơn vị: triệu đồng)", "million_dong"),
        ("ĐVT: Tỷ đồng.", "billion_dong"),
        ("DON VI TINH: TRIEU DONG", "million_dong"),
        ("Đơn vị : 1.000 đồng", "thousand_dong"),
        ("Triệu đồng", "million_dong"),
        ("Đơn vị tính", None),
        ("Đơn vị: xã Ea Kao", None),
        ("Đơn vị báo cáo", None),
        ("đồng", None),
    ],
)
def test_unit_line(text, unit):
    stated = unit_line(["BÁO CÁO", text])
    assert (unit_named(stated) if stated else None) == unit
    assert is_unit_line(text) == (unit is not None)


def test_two_unit_lines_that_differ_say_nothing():
    assert unit_line(["ĐVT: triệu đồng", "Đơn vị: tỷ đồng"]) is None
    assert unit_line(["Đơn vị: Triệu đồng.", "Đơn vị: Triệu đồng."]) == "Triệu đồng"


@pytest.mark.parametrize(
    ("texts", "on", "code"),
    [
        (["UBND TỈNH ĐẮK LẮK"], None, "66"),
        (["ỦY BAN NHÂN DÂN", "Biểu số 64/CK-NSNN", "TỈNH ĐỒNG NAI"], None, "75"),
        (["ỦY BAN NHÂN DÂN\nTỈNH ĐỒNG NAI"], None, "75"),
        (["UBND xã Ea Kao"], None, "24169"),
        (["UBND P. Trấn Biên"], None, "26041"),
        (["TP. Hồ Chí Minh"], None, "79"),
        (["Đơn vị báo cáo: UBND xã Ea Kao, tỉnh Đắk Lắk"], None, "24169"),
        (["UBND XÃ TÂN TIẾN"], None, None),
        (["UBND TỈNH ĐỒNG NAI", "UBND XÃ TÂN TIẾN"], None, "26100"),
        (["UBND TỈNH PHÚ YÊN"], date(2017, 12, 31), "54"),
        (["UBND TỈNH PHÚ YÊN"], date(2026, 3, 31), None),
        (["QUYẾT TOÁN NGÂN SÁCH TỈNH ĐẮK LẮK"], None, None),
        (["UBND TỈNH ĐẮK LẮK", "TỈNH ĐỒNG NAI"], None, None),
        (["BỘ TÀI CHÍNH"], None, None),
    ],
)
def test_organisation(texts, on, code):
    assert organisation_in(texts, UNITS, on) == code


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Tr.đ", "million_dong"),
        ("TỈ ĐỒNG", "billion_dong"),
        ("ngàn đồng", "thousand_dong"),
        ("km²", "km2"),
        ("nghìn người", "thousand_person"),
        ("million_dong", "million_dong"),
        ("%", None),
        ("triệu đồng/người", None),
    ],
)
def test_unit_spellings(text, unit):
    assert unit_named(text) == unit


def test_factors_are_exact_and_stay_within_a_kind():
    assert factor("đồng", "million_dong") == Decimal("0.000001")
    assert factor("billion_dong", "million_dong") == 1000
    assert factor("ha", "km2") == Decimal("0.01")
    assert factor("ha", "dong") is None
    assert factor("lượt", "dong") is None


def test_what_is_counted_is_no_part_of_a_header():
    assert is_counted("%") and is_counted("hồ sơ") and is_counted("triệu đồng")
    assert not is_counted("đầu năm")
