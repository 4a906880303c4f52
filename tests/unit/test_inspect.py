"""What the reader sees: structure and headers of any file, and no figure of any record."""

import json

import openpyxl
import pytest
from intake_references import COVERAGE, coverage_row, delimited, workbook

from tiendo.desk.inspection import inspect_file
from tiendo.messages import TiendoError
from tiendo.references import load_references
from tiendo.settings import SHIPPED_PLANS

REFERENCES = load_references(SHIPPED_PLANS)


def test_titles_periods_units_and_headers_are_seen(tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(), coverage_row("24154"), above=4)
    book = openpyxl.load_workbook(file)
    page = book.active
    page["A1"], page["A2"] = "UBND TỈNH ĐẮK LẮK", "Biểu 04. Phủ sóng 5G"
    page["A3"], page["F4"] = "Kỳ báo cáo: Tháng 3/2026", "Đơn vị tính: Nghìn người"
    book.create_sheet("Nháp").sheet_state = "hidden"
    book.save(file)
    found = inspect_file(file, REFERENCES)
    assert (found.format, found.problem) == ("xlsx", None)
    assert [(sheet["name"], sheet["is_hidden"]) for sheet in found.sheets] == [
        ("Biểu 04", False),
        ("Nháp", True),
    ]
    (table,) = found.tables
    assert (table.form, table.is_recognised) == ("F04 coverage", True)
    assert (table.period, table.org_code, table.unit) == ("2026-03", "66", "Nghìn người")
    assert (table.header_rows, table.first_row, table.last_row, table.records) == ((5, 5), 6, 7, 2)
    assert [column.column for column in table.columns] == [
        "org_code",
        "org_name",
        "period",
        "sender",
        "population",
        "population_5g",
    ]
    assert "UBND TỈNH ĐẮK LẮK" in table.titles


def test_no_value_of_a_record_is_shown(tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(population=918_273, sender="Bà Nguyễn Thị B"))
    shown = json.dumps(inspect_file(file, REFERENCES).record("vi"), ensure_ascii=False, default=str)
    assert "918273" not in shown
    assert "Nguyễn Thị B" not in shown


def test_a_close_miss_is_proposed_and_the_missing_column_named(tmp_path):
    file = workbook(tmp_path / "a.xlsx", [*COVERAGE[:4], "Dân sốo", COVERAGE[5]], coverage_row())
    found = inspect_file(file, REFERENCES)
    (table,) = found.tables
    assert (table.form, table.is_recognised, table.missing) == ("F04 coverage", False, ("Dân số",))
    assert [column.proposal for column in table.columns] == [None] * 4 + ["population", None]
    assert found.problem.code == "TD-102"


def test_text_files_show_their_encoding(tmp_path):
    file = delimited(tmp_path / "a.csv", COVERAGE, coverage_row(), encoding="utf-16")
    found = inspect_file(file, REFERENCES)
    assert (found.format, found.encoding, found.tables[0].sheet) == ("csv", "utf-16", None)


def test_something_quite_different_is_seen_without_a_form(tmp_path):
    file = workbook(tmp_path / "a.xlsx", ["Province", "Score"], ["Hà Nội", 42])
    found = inspect_file(file, REFERENCES)
    assert [table.is_recognised for table in found.tables] == [False]
    assert found.problem is not None


@pytest.mark.parametrize(
    ("name", "header", "code"),
    [
        ("a.xlsx", "Họ và tên", "TD-106"),
        ("Tối mật.xlsx", "Ghi chú", "TD-107"),
        ("b.xlsx", "TỐI MẬT", "TD-107"),
    ],
)
def test_what_must_not_be_read_here_is_refused(tmp_path, name, header, code):
    file = workbook(tmp_path / name, [*COVERAGE, header], [*coverage_row(), "x"])
    with pytest.raises(TiendoError, match=code):
        inspect_file(file, REFERENCES)


def test_a_lock_file_is_refused_by_name(tmp_path):
    file = tmp_path / "~$a.xlsx"
    file.write_bytes(b"\x07Nguyen Van A" + b" " * 150)
    with pytest.raises(TiendoError, match="tệp khóa"):
        inspect_file(file, REFERENCES)
