from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tiendo.intake.contracts import Column
from tiendo.intake.dates import period_end, period_of
from tiendo.intake.folding import clean_text, fold
from tiendo.intake.problems import CellProblem
from tiendo.intake.values import parse_cell


def column(type_, **more):
    return Column(name="c", type=type_, label_vi="Cột", label_en="Column", **more)


CHANNEL = column("choice", choices={"online": ("Trực tuyến",), "post": ("Bưu chính", "Bưu chính công ích")})


def read(cell, type_, **more):
    return parse_cell(cell, column(type_, **more))


def code(value):
    assert isinstance(value, CellProblem), value
    assert value.message_vi
    assert value.message_en
    assert "{" not in value.message_vi + value.message_en
    return value.code


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.234.567", 1234567),
        ("1,234,567", 1234567),
        ("1 234 567", 1234567),
        ("07", 7),
        ("1.139", 1139),
        ("1,139", 1139),
        ("95", 95),
        ("98,0", 98),
        ("-5", -5),
        ("\u00a01.139 ", 1139),
        ("1\u00a0234\u202f567", 1234567),
        ("1\u2009234", 1234),
        ("'01139", 1139),
        ("\uff11\uff11\uff13\uff19", 1139),
        (1139.0, 1139),
        (1139, 1139),
        (Decimal("1139.000"), 1139),
        ("0", 0),
        ("1.234.567,0", 1234567),
    ],
)
def test_whole_numbers(cell, number):
    assert read(cell, "integer") == number
    assert type(read(cell, "integer")) is int


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("14,5%", "14.5"),
        ("95 %", "95"),
        ("98.7", "98.7"),
        ("98,7", "98.7"),
        ("0.139", "0.139"),
        ("1234.567", "1234.567"),
        ("1.234,567", "1234.567"),
        ("1.234.567", "1234567"),
        (0.1 + 0.2, "0.3"),
        (14.5, "14.5"),
        ("2,0000005", "2.000001"),
        ("\u22123,25", "-3.25"),
        (Decimal("1.139"), "1.139"),
        (1.139, "1.139"),
    ],
)
def test_decimals(cell, number):
    value = read(cell, "decimal")
    assert value == Decimal(number)
    assert value.as_tuple().exponent == -6


@pytest.mark.parametrize("cell", ["1.139", "1,139", "-1.139", "12.345", "1.139%"])
def test_what_reads_two_ways_is_not_guessed(cell):
    fault = read(cell, "decimal")
    assert code(fault) == "TD-218"


def test_the_repair_an_ambiguous_number_proposes_is_read_as_meant():
    fault = read("1.139", "decimal")
    assert "1139" in fault.message_vi
    assert read("1139", "decimal") == 1139
    assert "1,1390" in fault.message_vi
    assert read("1,1390", "decimal") == Decimal("1.139")


@pytest.mark.parametrize(
    ("cell", "type_", "expected"),
    [
        ("mười", "integer", "TD-202"),
        ("1.139 người", "integer", "TD-202"),
        ("-", "integer", "TD-202"),
        ("....%", "decimal", "TD-202"),
        ("95%", "integer", "TD-202"),
        ("1.139 đồng", "decimal", "TD-202"),
        ("+84", "integer", "TD-202"),
        ("1.23.456", "decimal", "TD-202"),
        ("1E+05", "decimal", "TD-202"),
        ("٣", "integer", "TD-202"),
        (True, "integer", "TD-202"),
        (date(2026, 3, 5), "decimal", "TD-202"),
        (float("inf"), "decimal", "TD-202"),
        (3.5, "integer", "TD-203"),
        ("98.7", "integer", "TD-203"),
        ("1.234,5", "integer", "TD-203"),
        ("99999999999999", "decimal", "TD-211"),
        ("999999999999,9999995", "decimal", "TD-211"),
        ("31/11/2025", "date", "TD-204"),
        ("29/02/2026", "date", "TD-204"),
        ("05/03/26", "date", "TD-204"),
        ("hôm qua", "date", "TD-204"),
        (2026, "date", "TD-204"),
        ("05/03/2026 25:00", "timestamp", "TD-204"),
        ("ngày 31 tháng 11 năm 2025", "date", "TD-204"),
        ("tháng 12/2025", "date", "TD-204"),
        ("٣١/١٢/٢٠٢٥", "date", "TD-204"),
        ("13/2026", "period", "TD-205"),
        ("9 tháng đầu năm 2026", "period", "TD-205"),
        ("9 tháng đầu năm", "period", "TD-205"),
        ("6 tháng đầu năm", "period", "TD-205"),
        ("Quý I", "period", "TD-205"),
        ("Quý V/2026", "period", "TD-205"),
        ("2026-H3", "period", "TD-205"),
        (3.2026, "period", "TD-205"),
        ("có lẽ", "boolean", "TD-207"),
        ("✗", "boolean", "TD-207"),
        (2, "boolean", "TD-207"),
    ],
)
def test_what_cannot_be_read_says_so(cell, type_, expected):
    assert code(read(cell, type_)) == expected


@pytest.mark.parametrize("cell", [None, "", "  ", "\u00a0", "\u200b", float("nan")])
@pytest.mark.parametrize("type_", ["text", "integer", "decimal", "date", "period", "boolean", "org_code"])
def test_empty_is_null(cell, type_):
    assert read(cell, type_) is None


@pytest.mark.parametrize(
    "cell", ["Có", "CÓ", "co\u0301", "x", "X", "1", 1, 1.0, "TRUE", True, "✓", "☒", "Đúng"]
)
def test_yes(cell):
    assert read(cell, "boolean") is True


@pytest.mark.parametrize("cell", ["Không", "khong", "0", 0, "FALSE", False, "☐", "Sai"])
def test_no(cell):
    assert read(cell, "boolean") is False


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31/12/2025", date(2025, 12, 31)),
        ("31-12-2025", date(2025, 12, 31)),
        ("2025-12-31", date(2025, 12, 31)),
        ("31.12.2025", date(2025, 12, 31)),
        ("31 / 12 / 2025", date(2025, 12, 31)),
        ("ngày 31 tháng 12 năm 2025", date(2025, 12, 31)),
        ("NGÀY 05 THÁNG 3 NĂM 2026", date(2026, 3, 5)),
        ("1/2/2026", date(2026, 2, 1)),
        (46022, date(2025, 12, 31)),
        (46022.0, date(2025, 12, 31)),
        ("46022", date(2025, 12, 31)),
        (datetime(2025, 12, 31, 8), date(2025, 12, 31)),
        (date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_days(cell, day):
    assert read(cell, "date") == day
    assert type(read(cell, "date")) is date


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("05/03/2026 08:15", datetime(2026, 3, 5, 8, 15)),
        ("05/03/2026", datetime(2026, 3, 5)),
        ("05/03/2026 8h15", datetime(2026, 3, 5, 8, 15)),
        ("08:15 05/03/2026", datetime(2026, 3, 5, 8, 15)),
        ("08h15, ngày 5 tháng 3 năm 2026", datetime(2026, 3, 5, 8, 15)),
        ("2026-03-05T08:15:30", datetime(2026, 3, 5, 8, 15, 30)),
        ("2026-03-05 08:15:30.5", datetime(2026, 3, 5, 8, 15, 30)),
        ("2026-03-05T01:15:00Z", datetime(2026, 3, 5, 8, 15)),
        ("2026-03-05T08:15:00+07:00", datetime(2026, 3, 5, 8, 15)),
        (46086.34375, datetime(2026, 3, 5, 8, 15)),
        (datetime(2026, 3, 5, 1, 15, tzinfo=ZoneInfo("UTC")), datetime(2026, 3, 5, 8, 15)),
    ],
)
def test_moments_are_local(cell, moment):
    assert read(cell, "timestamp") == moment


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        ("03/2026", "2026-03"),
        ("Tháng 3/2026", "2026-03"),
        ("tháng 3 năm 2026", "2026-03"),
        ("T3/2026", "2026-03"),
        ("tháng 03-2026", "2026-03"),
        ("Tháng 3, năm 2026", "2026-03"),
        ("Quý IV năm 2025", "2025-Q4"),
        ("Quí 01/2026", "2026-Q1"),
        ("nửa đầu năm 2026", "2026-H1"),
        ("6T đầu năm 2026", "2026-H1"),
        ("Quý I/2026", "2026-Q1"),
        ("quý iv năm 2026", "2026-Q4"),
        ("Q1.2026", "2026-Q1"),
        ("Q1/2026", "2026-Q1"),
        ("6 tháng đầu năm 2026", "2026-H1"),
        ("6 tháng cuối năm 2026", "2026-H2"),
        ("Năm 2026", "2026"),
        ("2026", "2026"),
        (2026, "2026"),
        (2026.0, "2026"),
        ("2026-03", "2026-03"),
        ("2026-Q1", "2026-Q1"),
        ("2026-H1", "2026-H1"),
        ("05/03/2026", "2026-03"),
        ("2026-03-05", "2026-03"),
        (date(2026, 3, 1), "2026-03"),
        (datetime(2026, 3, 1), "2026-03"),
    ],
)
def test_periods(cell, period):
    assert read(cell, "period") == period


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("2026-02", date(2026, 2, 28)),
        ("2026-12", date(2026, 12, 31)),
        ("2026-Q2", date(2026, 6, 30)),
        ("2026-H1", date(2026, 6, 30)),
        ("2026-H2", date(2026, 12, 31)),
        ("2026", date(2026, 12, 31)),
    ],
)
def test_last_day_of_a_period(period, end):
    assert period_end(period) == end


@pytest.mark.parametrize("cell", ["Trực tuyến", "TRUC TUYEN", "trực\n tuyến ", "online"])
def test_choices_by_any_spelling(cell):
    assert parse_cell(cell, CHANNEL) == "online"


def test_choice_not_listed_names_the_list():
    fault = parse_cell("Fax", CHANNEL)
    assert code(fault) == "TD-206"
    assert "Trực tuyến, Bưu chính" in fault.message_vi


def test_unit_codes_regain_their_zeros_only_where_that_gives_a_known_code():
    known = frozenset({"01", "00004", "24133"})
    unit = column("org_code")
    assert parse_cell(4.0, unit, known) == "00004"
    assert parse_cell(1, unit, known) == "01"
    assert parse_cell("24133", unit, known) == "24133"
    assert parse_cell(1139.0, unit, known) == "1139"


def test_agency_codes_in_any_case():
    assert parse_cell("DL_SO_KHCN", column("organisation"), frozenset({"dl_so_khcn"})) == "dl_so_khcn"


@pytest.mark.parametrize("text", ["=1+1", "+84", "@SUM(A1)", "<b>x</b>", "'; drop table x"])
def test_hostile_text_stays_plain_text(text):
    assert read(text, "text") == text


@pytest.mark.parametrize(
    "cell", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#name?", " #NUM!", "#NULL!", "Err:502"]
)
@pytest.mark.parametrize(
    "type_", ["text", "code", "org_code", "integer", "decimal", "date", "period", "boolean"]
)
def test_the_error_of_a_formula_is_never_a_value(cell, type_):
    fault = read(cell, type_)
    assert code(fault) == "TD-221"
    assert cell.strip() in fault.message_vi


def test_only_the_whole_cell_is_an_error():
    assert read("#1", "text") == "#1"
    assert read("Sửa ô có #REF! rồi nộp", "text") == "Sửa ô có #REF! rồi nộp"


def test_limits():
    assert code(read("6", "integer", minimum=1, maximum=5)) == "TD-211"
    assert code(read("-1", "decimal", minimum=0)) == "TD-211"
    assert read("5", "integer", minimum=1, maximum=5) == 5


def test_period_of_takes_what_the_command_line_takes():
    assert period_of("2026-q1") == "2026-Q1"
    assert period_of("") is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ðắk Lắk", "Đắk Lắk"),
        ("\u0422ổng s\u1ed1", "Tổng số"),
        ("\u041a\u041d-02A", "\u041a\u041d-02A"),
        ("\u041aH02", "KH02"),
        ("\uff2b\uff28\uff10\uff12", "KH02"),
        ("Hu\u0323e\u0302\u0301", "Hụế"),
        ("hoà", "hoà"),
        ("5 k\u03a9", "5 k\u03a9"),
        ("a\u200bb", "ab"),
    ],
)
def test_what_only_looks_like_a_letter_becomes_it(typed, meant):
    assert clean_text(typed) == meant
    assert fold(typed) == fold(meant)
