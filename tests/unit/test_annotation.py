"""The sender's own workbook back: marks where the errors are, all else as it was, nothing that runs."""

import zipfile
from datetime import datetime

import openpyxl
import polars as pl
import pytest
import xlwt
from intake_references import COVERAGE, REFERENCES, coverage_row, delimited, workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from tiendo.desk.annotation import annotate
from tiendo.desk.repairs import part_sentence, repairs_of
from tiendo.intake.examine import examine
from tiendo.messages import TiendoError

LIST = "Lỗi cần sửa"
FAULT = "FFFFC7CE"


def marked(file, target, **said):
    examined = examine(file, file.name, REFERENCES, **said)
    annotate(file, examined, target)
    return openpyxl.load_workbook(target)


def listed(book, title=LIST):
    rows = book[title].iter_rows(min_row=6, values_only=True)
    return [row for row in rows if row[-1]]


def test_bad_cells_are_marked_and_the_rest_is_as_the_sender_made_it(tmp_path):
    file = workbook(
        tmp_path / "a.xlsx",
        COVERAGE,
        coverage_row(),
        coverage_row("24154", population="nhiều", covered=3.5),
        above=2,
    )
    book = openpyxl.load_workbook(file)
    page = book.active
    page["A1"] = "UBND TỈNH ĐẮK LẮK"
    page.merge_cells("A1:C1")
    page["E5"].font = Font(name="Arial", bold=True, color="FF00B050")
    page["E4"].fill = PatternFill("solid", fgColor="FFDDEBF7")
    page["E5"].comment = Comment("Số của thôn", "Người lập")
    page["B4"].comment = Comment("để yên", "Người lập")
    page.column_dimensions["B"].width = 33
    book.save(file)

    book = marked(file, tmp_path / "b.xlsx")
    page = book["Biểu 04"]
    assert book.sheetnames[0] == LIST
    assert (page["E5"].fill.fgColor.rgb, page["F5"].fill.fgColor.rgb) == (FAULT, FAULT)
    assert (page["E5"].font.name, page["E5"].font.color.rgb) == ("Arial", "FF00B050")
    assert page["E4"].fill.fgColor.rgb == "FFDDEBF7"
    assert page["E5"].comment.text.startswith("Số của thôn\n\n[TD-202] Không phải là số")
    assert page["B4"].comment.text == "để yên"
    assert page.column_dimensions["B"].width == 33
    assert [str(area) for area in page.merged_cells.ranges] == ["A1:C1"]
    assert [row[:5] + row[-1:] for row in listed(book)] == [
        ("Biểu 04", 5, "E5", "Dân số", "nhiều", "TD-202"),
        ("Biểu 04", 5, "F5", "Dân số được phủ sóng 5G", "3.5", "TD-203"),
    ]
    assert book[LIST]["C6"].hyperlink.location == "'Biểu 04'!E5"


def test_an_empty_required_cell_is_marked_where_it_is_empty(tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(population=None), coverage_row("24154"))
    page = marked(file, tmp_path / "b.xlsx")["Biểu 04"]
    assert page["E2"].fill.fgColor.rgb == FAULT
    assert "để trống" in page["E2"].comment.text


def test_two_problems_of_one_cell_share_its_comment(tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(population=10, covered=20))
    book = marked(file, tmp_path / "b.xlsx")
    texts = [cell.comment.text for row in book["Biểu 04"] for cell in row if cell.comment]
    assert len(texts) == len(set(texts)) >= 1
    assert all("TD-213" in text for text in texts)


def test_a_bad_cell_inside_a_merged_range_is_marked_at_its_first_cell(tmp_path):
    file = workbook(
        tmp_path / "a.xlsx", COVERAGE, coverage_row(period="13/2026"), coverage_row("24154", period=None)
    )
    book = openpyxl.load_workbook(file)
    book.active.merge_cells("C2:C3")
    book.save(file)
    page = marked(file, tmp_path / "b.xlsx", org="66", period="2026-03")["Biểu 04"]
    assert page["C2"].fill.fgColor.rgb == FAULT
    assert "TD-205" in page["C2"].comment.text


@pytest.mark.parametrize(
    "text", ["=1+1", "+84 1", "-", "@SUM(A1)", '=HYPERLINK("http://x","y")', "=cmd|' /C x'!A0"]
)
def test_texts_that_look_like_formulas_stay_texts(tmp_path, text):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(), coverage_row("24154"))
    book = openpyxl.load_workbook(file)
    for address in ("E3", "D2"):
        book.active[address] = text
        book.active[address].data_type = "s"
    book.save(file)
    book = marked(file, tmp_path / "b.xlsx")
    formulas = [cell.coordinate for page in book for row in page for cell in row if cell.data_type == "f"]
    assert formulas == []
    assert listed(book)[0][4] == text


def test_a_csv_with_formulas_comes_back_as_a_workbook_without_any(tmp_path):
    file = delimited(
        tmp_path / "a.csv", COVERAGE, coverage_row(sender="=1+1"), coverage_row("24154", population="=2")
    )
    book = marked(file, tmp_path / "b.xlsx")
    page = book[book.sheetnames[1]]
    assert [page["D2"].value, page["D2"].data_type, page["D2"].quotePrefix] == ["=1+1", "s", True]
    assert page["E3"].fill.fgColor.rgb == FAULT
    assert page["A1"].value == "Mã đơn vị"


def test_an_old_xls_comes_back_as_xlsx_at_the_same_addresses(tmp_path):
    book = xlwt.Workbook()
    page = book.add_sheet("Biểu 04")
    page.write(0, 0, "UBND tỉnh Đắk Lắk")
    for row, cells in enumerate([COVERAGE, coverage_row(population="x y")], start=2):
        for column, value in enumerate(cells):
            page.write(row, column, value)
    file = tmp_path / "a.xls"
    book.save(str(file))
    page = marked(file, tmp_path / "b.xlsx")["Biểu 04"]
    assert page["A1"].value == "UBND tỉnh Đắk Lắk"
    assert (page["E4"].value, page["E4"].fill.fgColor.rgb) == ("x y", FAULT)


def test_parquet_rows_are_found_below_the_header_of_the_copy(tmp_path):
    file = tmp_path / "a.parquet"
    pl.DataFrame(
        {"org_code": ["24133", "x"], "period": ["2026-03", "2026-03"], "population": [1, 2]}
    ).write_parquet(file)
    book = marked(file, tmp_path / "b.xlsx")
    page = book[book.sheetnames[1]]
    assert (page["A3"].value, page["A3"].fill.fgColor.rgb) == ("x", FAULT)


def test_of_a_huge_file_only_the_bad_rows_are_copied_at_their_places(tmp_path, monkeypatch):
    monkeypatch.setattr("tiendo.desk.grid_copy.COPIED_ROWS", 3)
    rows = [
        coverage_row(),
        coverage_row("24154"),
        coverage_row("24769"),
        coverage_row("00004", population="x"),
    ]
    file = delimited(tmp_path / "a.csv", COVERAGE, *rows)
    book = marked(file, tmp_path / "b.xlsx", org="VN", period="2026-03")
    page = book[book.sheetnames[1]]
    assert (page["A2"].value, page["E5"].value) == (None, "x")


def test_a_rejected_file_says_what_is_missing_on_the_list(tmp_path):
    file = workbook(tmp_path / "a.xlsx", ["Mã đơn vị", "Kỳ báo cáo", "Dân sốo"], ["24133", "03/2026", 5])
    row = listed(marked(file, tmp_path / "b.xlsx"))[0]
    assert row[-1] == "TD-102"
    assert "Dân số" in row[5]


def test_a_marked_copy_that_is_repaired_loses_its_marks(tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(population="x y"))
    first = tmp_path / "b.xlsx"
    book = marked(file, first)
    book["Biểu 04"]["E2"] = 1000
    book.save(first)
    book = marked(first, tmp_path / "c.xlsx")
    assert book.sheetnames == [LIST, "Biểu 04"]
    assert (book["Biểu 04"]["E2"].comment, book["Biểu 04"]["E2"].fill.fill_type) == (None, None)
    assert listed(book) == []


def test_a_sheet_of_the_sender_with_the_name_of_the_list_stays(tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(population="x y"))
    book = openpyxl.load_workbook(file)
    book.create_sheet("LỖI CẦN SỬA")["A1"] = "ghi chép của tôi"
    book.save(file)
    book = marked(file, tmp_path / "b.xlsx")
    assert book.sheetnames == [f"{LIST} (2)", "Biểu 04", "LỖI CẦN SỬA"]


def test_personal_data_and_secrets_are_never_given_back(tmp_path):
    file = workbook(tmp_path / "a.xlsx", [*COVERAGE, "Họ và tên"], [*coverage_row(), "Nguyễn Văn A"])
    with pytest.raises(TiendoError, match="TD-106"):
        marked(file, tmp_path / "b.xlsx")
    assert not (tmp_path / "b.xlsx").exists()


@pytest.mark.parametrize("name", ["a.xlsx", "b.csv"])
def test_the_sent_file_is_never_written_over(tmp_path, name):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row())
    before = file.read_bytes()
    with pytest.raises(TiendoError, match="TD-708"):
        marked(file, tmp_path / name)
    assert file.read_bytes() == before


def test_a_date_cell_comes_back_as_a_date(tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(period=datetime(2026, 3, 5), population="x"))
    page = marked(file, tmp_path / "b.xlsx")["Biểu 04"]
    assert page["C2"].value == datetime(2026, 3, 5)


def test_repairs_say_fault_need_and_remedy_apart(tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(population="nhiều"))
    repair = repairs_of(examine(file, file.name, REFERENCES))[0]
    assert repair.fault == "Không phải là số"
    assert repair.needed.startswith("Một số nguyên")
    assert repair.remedy.startswith("Hãy chỉ ghi số")


def test_a_value_that_reads_like_a_message_does_not_part_the_sentence():
    value = "A. Cần B. Hãy C"
    message = f"Đọc được '{value}', không phải là số. Cần một số. Hãy ghi lại."
    assert part_sentence(message, value) == ("Không phải là số", "Một số", "Hãy ghi lại")


def test_macros_are_not_given_back(tmp_path):
    file = workbook(tmp_path / "a.xlsm", COVERAGE, coverage_row(population="x y"))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    book = marked(file, tmp_path / "b.xlsx")
    assert "TD-116" in {row[-1] for row in listed(book)}
    with zipfile.ZipFile(tmp_path / "b.xlsx") as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower()]
        assert b"macroEnabled" not in archive.read("[Content_Types].xml")


def test_a_workbook_too_large_to_keep_comes_back_as_it_was_read(tmp_path, monkeypatch):
    monkeypatch.setattr("tiendo.desk.annotation.LARGEST_KEPT", 10)
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(population="x y"), above=3)
    page = marked(file, tmp_path / "b.xlsx")["Biểu 04"]
    assert (page["E5"].value, page["E5"].fill.fgColor.rgb) == ("x y", FAULT)


def test_a_percentage_of_an_old_workbook_comes_back_as_it_shows(tmp_path):
    book = xlwt.Workbook()
    page = book.add_sheet("Biểu 05")
    for row, cells in enumerate([COVERAGE, coverage_row(population="x y")]):
        for column, value in enumerate(cells):
            page.write(row, column, value)
    page.write(1, 7, 0.145, xlwt.easyxf(num_format_str="0.0%"))
    file = tmp_path / "a.xls"
    book.save(str(file))
    assert marked(file, tmp_path / "b.xlsx")["Biểu 05"]["H2"].value == "14.5%"


@pytest.mark.parametrize("ranges", [[f"A{row}:XFD1048576" for row in range(4, 20_000)], ["A4:XFD1048576"]])
def test_a_workbook_of_countless_merged_cells_comes_back_as_it_was_read(tmp_path, monkeypatch, ranges):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(population="x y"))
    merges = "".join(f'<mergeCell ref="{area}"/>' for area in ranges)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            end = f"</sheetData><mergeCells>{merges}</mergeCells>".encode()
            archive.writestr(name, content.replace(b"</sheetData>", end))
    examined = examine(file, file.name, REFERENCES)
    with monkeypatch.context() as patched:
        # Were it opened by openpyxl, the test would end here and not fill the memory.
        patched.setattr("tiendo.desk.annotation.openpyxl.load_workbook", pytest.fail)
        annotate(file, examined, tmp_path / "b.xlsx")
    page = openpyxl.load_workbook(tmp_path / "b.xlsx")["Biểu 04"]
    assert (page["E2"].value, page["E2"].fill.fgColor.rgb) == ("x y", FAULT)
    assert not page.merged_cells.ranges
