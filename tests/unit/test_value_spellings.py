"""Any value, written in any spelling the intake accepts, is read back; what reads two ways is refused."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiendo.intake.contracts import COLUMN_TYPES, Column
from tiendo.intake.dates import period_of
from tiendo.intake.folding import clean_text, fold
from tiendo.intake.problems import CellProblem
from tiendo.intake.values import parse_cell

few = settings(max_examples=60, deadline=None)

STATES = {"todo": ("Chưa thực hiện",), "doing": ("Đang thực hiện",), "done": ("Hoàn thành", "Đã hoàn thành")}
CASES = st.sampled_from([str, str.upper, str.lower, str.title])
FORMS = st.sampled_from(["NFC", "NFD"])
PADDING = st.sampled_from(["", " ", "\u00a0", "\u200b", "\t", "\n"])


def column(type_):
    choices = STATES if type_ == "choice" else {}
    return Column(name="c", type=type_, label_vi="Cột", label_en="Column", choices=choices)


def read(cell, type_):
    return parse_cell(cell, column(type_))


def grouped(digits, mark):
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", mark, digits)


@few
@given(st.integers(-(10**11), 10**11), st.sampled_from(["", ".", ",", " ", "\u00a0", "\u202f"]), PADDING)
def test_any_count(number, mark, padding):
    spelt = ("-" if number < 0 else "") + grouped(str(abs(number)), mark)
    assert read(f"{padding}{spelt}{padding}", "integer") == number
    assert read(f"'{spelt}", "integer") == number
    assert read(float(number), "integer") == number


@few
@given(
    st.decimals(0, 10**11, places=6),
    st.integers(1, 6),
    st.sampled_from([("", ","), ("", "."), (".", ","), (",", "."), (" ", ","), ("\u00a0", ".")]),
    st.sampled_from(["", "%", " %", "\u00a0%"]),
)
def test_any_decimal_or_percentage_unless_it_reads_two_ways(number, places, marks, suffix):
    rounded = round(number, places)
    whole, fraction = f"{rounded:f}".split(".")
    group, point = marks
    spelt = f"{grouped(whole, group)}{point}{fraction}"
    value = read(spelt + suffix, "decimal")
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", spelt):
        assert value.code == "TD-218"
    else:
        assert value == rounded


@few
@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"), st.sampled_from(["", "-"]))
def test_three_digits_after_one_mark_are_a_thousand_only_in_a_count(whole, rest, mark, sign):
    spelt = f"{sign}{whole}{mark}{rest:03d}"
    assert read(spelt, "integer") == int(f"{sign}{whole}{rest:03d}")
    assert read(spelt, "decimal").code == "TD-218"
    assert read(f"{spelt}0", "decimal") == Decimal(f"{sign}{whole}.{rest:03d}")


@few
@given(st.integers(0, 10**9), st.sampled_from(["người", "đ", "đồng", "tr", "km2", "hồ sơ"]))
def test_a_unit_behind_a_number_is_refused(number, unit):
    assert read(f"{number} {unit}", "integer").code == "TD-202"
    assert read(f"{number},5 {unit}", "decimal").code == "TD-202"


@few
@given(st.booleans(), CASES, FORMS, PADDING)
def test_any_yes_or_no(value, case, form, padding):
    for spelling in ("có", "x", "true", "1") if value else ("không", "false", "0"):
        assert read(padding + unicodedata.normalize(form, case(spelling)), "boolean") is value


@few
@given(
    st.dates(date(1901, 1, 1), date(2099, 12, 31)),
    st.sampled_from(
        [
            "{d}/{m}/{y}",
            "{d:02}/{m:02}/{y}",
            "{d}-{m}-{y}",
            "{d:02}.{m:02}.{y}",
            "{y}-{m:02}-{d:02}",
            "{d} / {m} / {y}",
            "ngày {d} tháng {m} năm {y}",
            "Ngày {d:02} tháng {m:02} năm {y}",
        ]
    ),
    CASES,
    FORMS,
)
def test_any_day(day, spelling, case, form):
    spelt = unicodedata.normalize(form, case(spelling.format(d=day.day, m=day.month, y=day.year)))
    assert read(spelt, "date") == day
    assert read(spelt, "period") == f"{day:%Y-%m}"


@few
@given(
    st.datetimes(datetime(1960, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from(
        [
            "{0:%d/%m/%Y %H:%M:%S}",
            "{0:%Y-%m-%d %H:%M:%S}",
            "{0:%Y-%m-%dT%H:%M:%S}",
            "{0:%H:%M:%S %d/%m/%Y}",
            "ngày {0:%d tháng %m năm %Y %H:%M:%S}",
        ]
    ),
)
def test_any_moment(moment, spelling):
    assert read(spelling.format(moment), "timestamp") == moment.replace(microsecond=0)


@few
@given(st.dates(date(1960, 1, 1), date(2099, 12, 31)), st.integers(0, 86399))
def test_any_excel_serial(day, second):
    serial = (day - date(1899, 12, 30)).days + second / 86400
    expected = datetime(day.year, day.month, day.day) + timedelta(seconds=second)
    assert read(serial, "timestamp") == expected
    assert read(serial, "date") == day


ROMAN = ["", "I", "II", "III", "IV"]
MONTHS = [
    "{n:02d}/{y}",
    "{n}.{y}",
    "Tháng {n}/{y}",
    "T{n}/{y}",
    "tháng {n:02d}-{y}",
    "tháng {n} năm {y}",
    "{y}-{n:02d}",
]
QUARTERS = [
    "Quý {r}/{y}",
    "Quý {r} năm {y}",
    "Quí {n}/{y}",
    "Q{n}.{y}",
    "Q{n}/{y}",
    "{y}-Q{n}",
    "Quý {r} - {y}",
]
HALVES = ["6 tháng {h} năm {y}", "sáu tháng {h} năm {y}", "6T {h} năm {y}", "{y}-H{n}"]
YEARS = ["Năm {y}", "{y}", "cả năm {y}"]


@few
@given(
    st.integers(2000, 2099),
    st.one_of(
        st.tuples(st.just("-{:02d}"), st.integers(1, 12), st.sampled_from(MONTHS)),
        st.tuples(st.just("-Q{}"), st.integers(1, 4), st.sampled_from(QUARTERS)),
        st.tuples(st.just("-H{}"), st.integers(1, 2), st.sampled_from(HALVES)),
        st.tuples(st.just(""), st.just(1), st.sampled_from(YEARS)),
    ),
    CASES,
    FORMS,
)
def test_any_period(year, kind, case, form):
    suffix, number, spelling = kind
    half = "đầu" if number == 1 else "cuối"
    roman = ROMAN[number] if number <= 4 else ""
    spelt = case(spelling.format(n=number, y=year, r=roman, h=half))
    assert read(unicodedata.normalize(form, spelt), "period") == f"{year}{suffix.format(number)}"


@few
@given(st.integers(3, 11).filter(lambda months: months != 6), st.integers(2000, 2099))
def test_months_since_january_are_no_period(months, year):
    assert read(f"{months} tháng đầu năm {year}", "period").code == "TD-205"


@few
@given(st.sampled_from(sorted(STATES)), st.integers(0, 9), CASES, FORMS, PADDING)
def test_any_choice(state, which, case, form, padding):
    spellings = (state, *STATES[state])
    spelt = case(spellings[which % len(spellings)]).replace(" ", "\n ")
    assert read(padding + unicodedata.normalize(form, spelt), "choice") == state


@few
@given(st.integers(0, 99999), PADDING)
def test_any_unit_code(number, padding):
    known = frozenset({f"{number:05d}"})
    for cell in (f"{padding}{number:05d}{padding}", f"'{number:05d}", number, float(number), str(number)):
        assert parse_cell(cell, column("org_code"), known) == f"{number:05d}"


@few
@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1), PADDING)
def test_any_code_stays_as_it_is(text, padding):
    assert read(padding + text + padding, "code") == text


@pytest.mark.parametrize("type_", sorted(COLUMN_TYPES))
@few
@given(
    cell=st.one_of(
        st.text(),
        st.text("0123456789.,/-% :'tháng quý năm ngày IVQHTx#\u00a0"),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.datetimes(),
        st.dates(),
        st.times(),
        st.decimals(),
    )
)
def test_no_cell_trips_a_parser(type_, cell):
    value = read(cell, type_)
    assert not isinstance(value, CellProblem) or (value.message_vi and value.message_en)


@few
@given(st.text() | st.text("aoT\u0442\u043e\u0421Ð\uff21\u0301\u0302\u200b \x00\u3099"))
def test_cleaning_is_done_once(text):
    assert clean_text(clean_text(text)) == clean_text(text)
    fold(text)
    period_of(text)
