"""Each trap as a tiny file made here: what the reader gives of it, or the code with which it is refused."""

import json
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from openpyxl.styles import Font

from tiendo.intake import guards
from tiendo.intake.delimited import dialect_of
from tiendo.intake.marks import look_of, percent
from tiendo.intake.readers import read_source
from tiendo.messages import TiendoError

HEADER = ["Mã đơn vị", "Kỳ báo cáo", "Dân số", "Diện tích"]
ROW = ["24133", "03/2026", 1000, 12.5]


def refusal(path):
    with pytest.raises(TiendoError) as caught:
        read_source(path)
    return caught.value


def only(path):
    source = read_source(path)
    assert len(source.tables) == 1
    return source.tables[0]


def column(table, header):
    return list(table.columns[table.headers.index(header)])


def codes(source):
    return [notice.code for notice in source.notices]


def text_file(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def book(path, *rows, formats=None, sheet="Biểu 04"):
    """A workbook by xlsxwriter; `formats` maps a cell to its number format."""
    workbook = xlsxwriter.Workbook(path)
    page = workbook.add_worksheet(sheet)
    for number, row in enumerate((HEADER, *rows)):
        for at, value in enumerate(row):
            code = (formats or {}).get((number, at))
            page.write(number, at, value, workbook.add_format({"num_format": code}) if code else None)
    workbook.close()
    return path


def old_book(path, *rows, formats=None, fonts=None):
    """The same in the format of Excel 97 to 2003."""
    workbook = xlwt.Workbook()
    page = workbook.add_sheet("Biểu 04")
    for number, row in enumerate((HEADER, *rows)):
        for at, value in enumerate(row):
            style = xlwt.XFStyle()
            style.num_format_str = (formats or {}).get((number, at), "General")
            style.font.name = (fonts or {}).get((number, at), "Arial")
            page.write(number, at, value, style)
    workbook.save(str(path))
    return path


def open_book(path, *rows):
    """An .ods file; a cell is a value or an element of one's own."""
    document = OpenDocumentSpreadsheet()
    page = Table(name="Biểu 04")
    for row in (HEADER, *rows):
        line = TableRow()
        for value in row:
            line.addElement(value if hasattr(value, "qname") else open_cell(value))
        page.addElement(line)
    document.spreadsheet.addElement(page)
    document.save(str(path))
    return path


def open_cell(value, text=None, kind=None, **attributes):
    kind = kind or ("string" if isinstance(value, str) else "float")
    given = {} if kind == "string" else {"value": value}
    cell = TableCell(valuetype=kind, **given, **attributes)
    cell.addElement(P(text=str(value) if text is None else text))
    return cell


def rewritten(path, parts, source=None):
    """The archive with some parts replaced or added."""
    with zipfile.ZipFile(source or path) as archive:
        old = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (old | parts).items():
            archive.writestr(name, content)
    return path


def part(path, name="xl/worksheets/sheet1.xml"):
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


# --- recognised by content, not by name


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods", ".csv", ".txt", ""])
def test_content_decides_what_a_file_is_whatever_its_name(tmp_path, suffix):
    made = {
        "xlsx": book(tmp_path / "a.xlsx", ROW),
        "xls": old_book(tmp_path / "a.xls", ROW),
        "ods": open_book(tmp_path / "a.ods", ROW),
        "csv": text_file(
            tmp_path / "a.csv", "Mã đơn vị;Kỳ báo cáo;Dân số;Diện tích\n24133;03/2026;1000;12,5\n"
        ),
    }
    for name, path in made.items():
        other = tmp_path / f"{name}_named{suffix}"
        other.write_bytes(path.read_bytes())
        source = read_source(other)
        assert source.format == name
        assert source.tables[0].headers == tuple(HEADER)
        assert column(source.tables[0], "Mã đơn vị") == ["24133"]


def test_parquet_and_json_lines_are_known_under_any_name(tmp_path):
    pl.DataFrame({"org_code": ["24133"]}).write_parquet(tmp_path / "a.xlsx")
    (tmp_path / "b.csv").write_text('{"org_code": "24133"}\n')
    assert [read_source(tmp_path / name).format for name in ("a.xlsx", "b.csv")] == ["parquet", "jsonl"]


@pytest.mark.parametrize(
    ("name", "content", "code", "word"),
    [
        ("empty.xlsx", b"", "TD-103", "trống"),
        ("blank.csv", b"\n \n\n", "TD-103", "trống"),
        ("~$form.xlsx", b"\x07Minh Tr" + bytes(150), "TD-101", "tệp khóa"),
        ("html_as.xls", b"<html><table><tr><td>a</td></tr></table></html>", "TD-115", "trang web"),
        ("html_utf16.xls", "<table><tr><td>Mã</td></tr></table>".encode("utf-16"), "TD-115", "trang web"),
        (
            "xml_2003.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "TD-115",
            "XML 2003",
        ),
        ("web_archive.xls", b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "TD-115", "trang web"),
        ("other.xml", b'<?xml version="1.0"?><a/>', "TD-109", "XML"),
        ("scan.pdf", b"%PDF-1.7 ...", "TD-109", "PDF"),
        ("letter.doc", b"{\\rtf1 a}", "TD-109", "Word"),
        ("all.rar", b"Rar!\x1a\x07\x00" + bytes(20), "TD-109", "giải nén"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(20), "TD-109", "ảnh"),
        ("array.json", b'[{"a": 1}]', "TD-109", "mảng JSON"),
        ("noise.bin", bytes(range(256)) * 4, "TD-109", "định dạng"),
        ("noise.xlsx", bytes(range(256)) * 4, "TD-101", "hỏng"),
        ("words.xlsx", b"not a workbook", "TD-101", "hỏng"),
        ("cut.xlsx", b"PK\x03\x04" + bytes(40), "TD-101", "hỏng"),
        ("cut.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "TD-101", "hỏng"),
        ("cut.parquet", b"PAR1" + bytes(40), "TD-101", "hỏng"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_way_out(tmp_path, name, content, code, word):
    path = tmp_path / name
    path.write_bytes(content)
    error = refusal(path)
    assert (error.code, error.place.file) == (code, name)
    assert word in error.vi
    assert error.way_out_vi
    assert error.way_out_en


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cut.xlsx", b"PK\x03\x04" + bytes(40), "not a zip file"),
        ("cut.parquet", b"PAR1" + bytes(40), "magic bytes not found"),
        ("noise.xlsx", bytes(range(256)) * 4, "content unknown"),
    ],
)
def test_what_a_library_says_stands_in_the_english_sentence_only(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    error = refusal(path)
    assert said in error.en
    assert said not in error.vi
    assert error.vi.endswith("không đúng định dạng của phần mở rộng.")


@pytest.mark.parametrize(
    ("part_name", "word"),
    [("word/document.xml", "Word"), ("xl/workbook.bin", ".xlsb"), ("số liệu.xlsx", "giải nén")],
)
def test_archives_that_are_no_workbook_are_named(tmp_path, part_name, word):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr(part_name, b"content")
    error = refusal(tmp_path / "a.xlsx")
    assert error.code == "TD-109"
    assert word in error.vi


def test_a_password_is_told_as_a_password(tmp_path):
    # Excel wraps a protected workbook in an OLE file; its directory alone says so.
    directory = b"".join(
        name.encode("utf-16-le").ljust(64, b"\x00")
        + (len(name) * 2 + 2).to_bytes(2, "little")
        + bytes([kind, 1])
        + b"\xff" * 8
        + child.to_bytes(4, "little", signed=True)
        + bytes(36)
        + b"\xfe\xff\xff\xff"
        + bytes(8)
        for name, kind, child in (("Root Entry", 5, 1), ("EncryptedPackage", 2, -1))
    )
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
        + bytes(10)
        + (1).to_bytes(4, "little")
        + (1).to_bytes(4, "little")
        + bytes(4)
        + (4096).to_bytes(4, "little")
        + b"\xfe\xff\xff\xff"
        + bytes(4)
        + b"\xfe\xff\xff\xff"
        + bytes(4)
        + bytes(4)
        + b"\xff" * 432
    )
    allocation = b"\xfd\xff\xff\xff\xfe\xff\xff\xff" + b"\xff" * 504
    (tmp_path / "a.xlsx").write_bytes(header + allocation + directory.ljust(512, b"\x00"))
    error = refusal(tmp_path / "a.xlsx")
    assert error.code == "TD-101"
    assert "mật khẩu" in error.vi


# --- what a cell shows


@pytest.mark.parametrize("make", [book, old_book])
def test_percent_formats_and_leading_zeros_come_as_the_sender_sees_them(tmp_path, make):
    formats = {(1, 0): "00000", (1, 2): "0.0%", (1, 3): "#,##0.00", (2, 2): "0%", (2, 3): "dd/mm/yyyy"}
    path = make(tmp_path / "a.bin", [1139, "03/2026", 0.145, 12.5], ["x", "", 1, 46112], formats=formats)
    table = only(path)
    assert [column(table, header) for header in ("Mã đơn vị", "Dân số", "Diện tích")] == [
        ["01139", "x"],
        ["14.5%", "100%"],
        [12.5, date(2026, 3, 31)],
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.145, "14.5%"),
        (0.95, "95%"),
        (1.0, "100%"),
        (0, "0%"),
        (-0.02, "-2%"),
        (12.5, "1250%"),
        (0.01139, "1.1390%"),
        (1e-7, "0.00001%"),
        (0.29, "29%"),
    ],
)
def test_a_percentage_is_exact_and_reads_one_way_only(number, text):
    assert percent(number) == text
    assert Decimal(text[:-1]) == Decimal(repr(number)) * 100


@pytest.mark.parametrize(
    "code", ["General", "0", "0.00", "#,##0", '0" %"', "dd/mm/yyyy", "[$-42A]d/m", "@", ""]
)
def test_formats_that_show_the_value_leave_it(code):
    assert look_of(code, "Times New Roman") is None


def test_error_cells_show_their_error(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    workbook.active.append(["24133", "03/2026", "#REF!", "#DIV/0!"])
    workbook.active["C2"].data_type = workbook.active["D2"].data_type = "e"
    workbook.save(tmp_path / "a.xlsx")
    assert column(only(tmp_path / "a.xlsx"), "Dân số") == ["#REF!"]
    old = xlwt.Workbook()
    page = old.add_sheet("a")
    for at, value in enumerate(HEADER):
        page.write(0, at, value)
    page.write(1, 0, "24133")
    page.row(1).set_cell_error(2, "#REF!")
    old.save(str(tmp_path / "a.xls"))
    assert column(only(tmp_path / "a.xls"), "Dân số") == ["#REF!"]


def test_cells_without_addresses_keep_their_formats(tmp_path):
    path = book(tmp_path / "a.xlsx", [1139, "03/2026", 0.145, 12.5], formats={(1, 2): "0.0%"})
    xml = part(path)
    for letter in b"ABCD":
        for row in b"12":
            xml = xml.replace(b' r="%c%c"' % (letter, row), b"")
    assert column(only(rewritten(path, {"xl/worksheets/sheet1.xml": xml})), "Dân số") == ["14.5%"]


def test_parts_with_prefixed_names_are_read_alike(tmp_path):
    path = book(tmp_path / "a.xlsx", [1139, "03/2026", 0.145, 12.5], formats={(1, 2): "0.0%"})
    xml = part(path).replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"<x:?", b"<?")
    xml = xml.replace(b"xmlns=", b"xmlns:x=")
    assert column(only(rewritten(path, {"xl/worksheets/sheet1.xml": xml})), "Dân số") == ["14.5%"]


# --- old letters


def test_text_in_old_fonts_is_read_and_told(tmp_path):
    path = old_book(
        tmp_path / "a.xls",
        ["24133", "Quý I/2026", "QuyÕt to\u00b8n", "Tæng sè"],
        fonts={(1, 2): ".VnTime", (1, 3): ".VnTimeH"},
    )
    source = read_source(path)
    table = source.tables[0]
    assert column(table, "Dân số") == ["Quyết toán"]
    assert column(table, "Diện tích")[0].upper() == "TỔNG SỐ"
    assert (source.legacy, codes(source)) == (("tcvn3",), ["TD-118"])
    assert "TCVN3" in source.notices[0].vi


def test_an_old_font_decides_in_a_new_workbook_too(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    workbook.active.append(["24133", "03/2026", "Tæng sè", "Coâng ngheä"])
    workbook.active["C2"].font, workbook.active["D2"].font = Font(name=".VnArial"), Font(name="VNI-Times")
    workbook.save(tmp_path / "a.xlsx")
    source = read_source(tmp_path / "a.xlsx")
    assert column(source.tables[0], "Dân số") == ["Tổng số"]
    assert column(source.tables[0], "Diện tích") == ["Công nghệ"]
    assert source.legacy == ("tcvn3", "vni")


def test_decomposed_text_becomes_composed_without_a_notice(tmp_path):
    source = read_source(book(tmp_path / "a.xlsx", ["24133", "03/2026", "Tha\u0301ng ba", 1]))
    assert column(source.tables[0], "Dân số") == ["Th\u00e1ng ba"]
    assert source.notices == ()


# --- sheets


def test_phantom_rows_and_columns_vanish_and_merges_stay_inside(tmp_path):
    workbook = openpyxl.Workbook()
    page = workbook.active
    page.append(HEADER)
    page.append(ROW)
    page["A65535"].number_format = page["XFD2"].number_format = "0%"
    page.merge_cells("D3:G20")
    workbook.create_sheet("Trống")
    workbook.save(tmp_path / "a.xlsx")
    started = time.perf_counter()
    source = read_source(tmp_path / "a.xlsx")
    assert time.perf_counter() - started < 2
    assert len(source.tables[0].row_numbers) == 1
    assert [(sheet.name, sheet.rows) for sheet in source.sheets] == [("Sheet", 65535), ("Trống", 1)]


def test_hidden_sheets_are_flagged_and_charts_only_listed(tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    for name in ("Hiện", "Ẩn", "Ẩn hẳn"):
        page = workbook.add_worksheet(name)
        page.write_row(0, 0, HEADER)
        page.write_row(1, 0, ROW)
    workbook.get_worksheet_by_name("Ẩn").hide()
    workbook.get_worksheet_by_name("Ẩn hẳn").very_hidden()
    chart = workbook.add_chart({"type": "column"})
    chart.add_series({"values": "=Hiện!$C$2:$C$2"})
    workbook.add_chartsheet("Biểu đồ").set_chart(chart)
    workbook.close()
    source = read_source(tmp_path / "a.xlsx")
    assert [(table.sheet, table.is_hidden) for table in source.tables] == [
        ("Hiện", False),
        ("Ẩn", True),
        ("Ẩn hẳn", True),
    ]
    assert [sheet.name for sheet in source.sheets] == ["Hiện", "Ẩn", "Ẩn hẳn", "Biểu đồ"]


def test_a_long_time_is_text_and_a_moment_stays_a_moment(tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        ["24133", "03/2026", 1.25, 46112.25],
        formats={(1, 2): "[h]:mm:ss", (1, 3): "dd/mm/yyyy hh:mm"},
    )
    table = only(path)
    assert column(table, "Dân số") == ["30:00:00"]
    assert column(table, "Diện tích") == [datetime(2026, 3, 31, 6)]


def test_macros_are_told_and_the_data_read(tmp_path):
    path = rewritten(book(tmp_path / "a.xlsm", ROW), {"xl/vbaProject.bin": b"\xcc\x61\xff\xff"})
    source = read_source(path)
    assert (source.format, codes(source)) == ("xlsm", ["TD-116"])
    assert column(source.tables[0], "Dân số") == [1000.0]
    path = rewritten(open_book(tmp_path / "a.ods", ROW), {"Basic/Standard/Module1.xml": b"<module/>"})
    assert codes(read_source(path)) == ["TD-116"]


def test_formulas_without_a_saved_value_are_told_with_their_cells(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(HEADER)
    workbook.active.append(["24133", "03/2026", "=1+1", "=C2*2"])
    workbook.save(tmp_path / "a.xlsx")
    source = read_source(tmp_path / "a.xlsx")
    assert codes(source) == ["TD-117"]
    assert source.notices[0].place.sheet == "Sheet"
    assert "C2, D2" in source.notices[0].vi


def test_formulas_with_a_saved_value_give_it(tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = workbook.add_worksheet()
    page.write_row(0, 0, HEADER)
    page.write_row(1, 0, ["24133", "03/2026"])
    page.write_formula(1, 2, "=500*2", None, 1000)
    page.write_formula(1, 3, '=""', None, "")
    workbook.close()
    # Excel marks a formula whose result is an empty text in this way.
    xml = part(tmp_path / "a.xlsx").replace(b'<c r="D2">', b'<c r="D2" t="str">')
    source = read_source(rewritten(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": xml}))
    assert column(source.tables[0], "Dân số") == [1000.0]
    assert source.notices == ()


# --- .ods


def test_open_document_cells_come_as_shown(tmp_path):
    path = open_book(
        tmp_path / "a.ods",
        [
            open_cell(1139, "01139"),
            open_cell("a", "03/2026"),
            open_cell(0.145, "14,5%", "percentage"),
            open_cell("", "#REF!", formula="of:=#REF!"),
        ],
    )
    assert [next(iter(values)) for values in only(path).columns] == ["01139", "03/2026", "14.5%", "#REF!"]


def test_repeated_cells_of_open_document_are_counted_and_empty_ones_vanish(tmp_path):
    document = OpenDocumentSpreadsheet()
    hiding = Style(name="ta2", family="table")
    hiding.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(hiding)
    page = Table(name="Một")
    for texts, repeated in ((HEADER, 1), ([], 2), (["24133", "03/2026", "1", "2"], 3), ([], 1_048_000)):
        line = TableRow(numberrowsrepeated=repeated)
        for value in texts:
            line.addElement(open_cell(value))
        line.addElement(TableCell(numbercolumnsrepeated=16_000))
        page.addElement(line)
    hidden = Table(name="Hai", stylename=hiding)
    line = TableRow()
    merged = open_cell("Tiêu đề")
    merged.setAttribute("numbercolumnsspanned", 2)
    line.addElement(merged)
    line.addElement(CoveredTableCell())
    hidden.addElement(line)
    document.spreadsheet.addElement(page)
    document.spreadsheet.addElement(hidden)
    document.save(str(tmp_path / "a.ods"))
    first, second = read_source(tmp_path / "a.ods").tables
    assert first.row_numbers.to_list() == [4, 5, 6]
    assert (first.is_hidden, second.is_hidden) == (False, True)


def test_filled_cells_repeated_beyond_the_limits_are_refused(tmp_path):
    many = open_cell("x")
    many.setAttribute("numbercolumnsrepeated", 16_000)
    assert refusal(open_book(tmp_path / "a.ods", [many])).code == "TD-111"
    path = open_book(tmp_path / "b.ods", ROW)
    xml = part(path, "content.xml").replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="999999999">'
    )
    assert refusal(rewritten(path, {"content.xml": xml})).code == "TD-111"


# --- text tables


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_any_separator_and_encoding_below_title_lines(tmp_path, delimiter, encoding):
    rows = [
        ["UBND XÃ EA KAO, TỈNH ĐẮK LẮK"],
        ["Đơn vị tính: người, km2; kỳ 03/2026"],
        [],
        HEADER,
        ["24133", "03/2026", "1000", "12"],
        [],
        ["24154", "03/2026", "2000"],
    ]
    text = "\r\n".join(
        delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row) for row in rows
    )
    source = read_source(text_file(tmp_path / "a.csv", text, encoding))
    table = source.tables[0]
    assert table.headers == tuple(HEADER)
    assert table.row_numbers.to_list() == [5, 7]
    assert column(table, "Diện tích") == ["12", ""]
    assert "UBND XÃ EA KAO" in table.above[0]
    assert source.format == ("tsv" if delimiter == "\t" else "csv")
    assert source.encoding == encoding[:6].removesuffix("-").replace("utf-8-", "utf-8").replace(
        "utf-16", "utf-16"
    )


@pytest.mark.parametrize(
    ("text", "delimiter", "columns"),
    [
        ("a;b;c\n1,5;2,5;x\n3,5;4,5;y\n", ";", 3),
        ("Tên, địa chỉ, ghi chú\na\tb\n1\t2\n3\t4\n", "\t", 2),
        ('"a;b","c"\n"d;e","f"\n', ",", 2),
        ("sep=;\na,x;b,y\n", ";", 2),
        ("một cột\nthôi\n", ",", 1),
    ],
)
def test_the_separator_is_the_one_that_makes_the_table_regular(text, delimiter, columns):
    assert dialect_of(text)[:2] == (delimiter, columns)


def test_a_row_wider_than_the_header_is_refused_with_its_number(tmp_path):
    rows = "".join(f"{i},x\n" for i in range(200))
    for text, row in (("a,b\n1,2,3\n", 2), (f"a,b\n{rows}1,2,3\n", 202), (f"a,b,,\n{rows}1,2,,9\n", 202)):
        error = refusal(text_file(tmp_path / "a.csv", text))
        assert (error.code, error.place.row) == ("TD-101", row)
    assert only(text_file(tmp_path / "b.csv", "a,b\n1,2,,\n")).row_numbers.to_list() == [2]


def test_an_open_quote_is_told_with_its_row(tmp_path):
    error = refusal(text_file(tmp_path / "a.csv", 'a,b\n1,2\n3,"4\n5,6\n'))
    assert (error.code, error.place.row) == ("TD-101", 3)
    assert "ngoặc kép" in error.vi


def test_an_old_encoding_is_read_and_told(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("Tªn ®¬n vÞ,QuyÕt to\u00b8n\nTæng sè,5\n".encode("cp1252"))
    source = read_source(path)
    assert source.tables[0].headers == ("Tên đơn vị", "Quyết toán")
    assert (source.encoding, codes(source)) == ("tcvn3", ["TD-118"])


def test_old_letters_saved_as_unicode_are_read_in_every_row(tmp_path):
    rows = "".join(f"{i},Tæng sè\n" for i in range(150))
    source = read_source(text_file(tmp_path / "a.csv", f"STT,QuyÕt to\u00b8n\n{rows}"))
    assert set(source.tables[0].columns[1]) == {"Tổng số"}
    assert (source.encoding, source.legacy, codes(source)) == ("utf-8", ("tcvn3",), ["TD-118"])


def test_headers_repeated_far_below_are_left_out(tmp_path):
    rows = "".join(f"{i},x\n" for i in range(120))
    table = only(text_file(tmp_path / "a.csv", f"Mã,Tên\n{rows}Mã,Tên\n\n{rows}"))
    assert len(table.row_numbers) == 240
    assert [(row.row_number, row.kind) for row in table.left_out] == [(122, "repeated_header")]


LARGE = st.lists(
    st.tuples(
        st.sampled_from(["1", "", "x y", '"a,b"', '"q""q"', '"two\nlines"', " "]),
        st.sampled_from(["2", "", "ế"]),
    ),
    max_size=8,
)


@given(LARGE, st.sampled_from(["\n", "\r\n"]))
@example([("1", "2"), ("", ""), ('"two\nlines"', "")], "\n")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_the_fast_parser_agrees_with_the_strict_one(tmp_path, monkeypatch, rows, end):
    top = "".join(f"{i},x{end}" for i in range(100))
    text = f"Mã,Tên{end}{top}" + end.join(",".join(row) for row in rows)
    path = text_file(tmp_path / "a.csv", text)
    slow = only(path)
    with monkeypatch.context() as patch:
        patch.setattr("tiendo.intake.delimited.LONG_TEXT", 0)
        fast = [only(path)]
        # The same where but the first lines are in memory.
        patch.setattr("tiendo.intake.received.LONG_TEXT", 0)
        patch.setattr("tiendo.intake.received._HEAD_BYTES", len(f"Mã,Tên{end}{top}".encode()) + 1)
        patch.setattr("tiendo.intake.long_text._BLOCK", 16)
        patch.setattr("tiendo.intake.long_text._BLOCKS_TOGETHER", 2)
        fast.append(only(path))
    for table in fast:
        assert table.row_numbers.to_list() == slow.row_numbers.to_list()
        assert [list(values) for values in table.columns] == [list(values) for values in slow.columns]


# --- files that name their columns


def test_json_lines_keep_columns_in_order_of_appearance_and_line_numbers(tmp_path):
    lines = [{"a": 1, "b": "x"}, None, {"a": 1.10, "c": {"d": [1]}}, {"a": None}]
    text = "\n".join(json.dumps(line) if line else "" for line in lines)
    source = read_source(text_file(tmp_path / "a.jsonl", text))
    table = source.tables[0]
    assert table.headers == ("a", "b", "c")
    assert table.row_numbers.to_list() == [1, 3]
    assert [list(values) for values in table.columns] == [
        [1, Decimal("1.1")],
        ["x", None],
        [None, '{"d": [1]}'],
    ]
    assert table.header_rows == (0, 0)


@pytest.mark.parametrize(
    "line",
    ['{"a": 1, "a": 2}', '{"a": "\\ud800"}', "{a: 1}", "[1]", '"x"', '{"a": NaN}', '{"a": ' + "[" * 5000],
)
def test_a_bad_line_is_refused_with_its_number(tmp_path, line):
    error = refusal(text_file(tmp_path / "a.jsonl", f'{{"a": 1}}\n\n{line}\n'))
    assert (error.code, error.place.row) == ("TD-101", 3)


# --- hostile files


def test_documents_that_declare_entities_are_refused(tmp_path):
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for path, name in (
        (book(tmp_path / "a.xlsx", ROW), "xl/sharedStrings.xml"),
        (open_book(tmp_path / "a.ods", ROW), "content.xml"),
    ):
        error = refusal(rewritten(path, {name: bomb + part(path, name).partition(b"?>")[2]}))
        assert error.code == "TD-101"
        assert "ENTITY" in error.vi


def test_other_encodings_of_a_part_do_not_hide_entities(tmp_path):
    path = book(tmp_path / "a.xlsx", ROW)
    for name in ("xl/worksheets/sheet1.xml", "xl/styles.xml", "docProps/core.xml"):
        xml = part(path, name).decode().replace("?>", '?><!DOCTYPE a [<!ENTITY x "y">]>', 1)
        assert refusal(rewritten(tmp_path / "b.xlsx", {name: xml.encode("utf-16")}, path)).code == "TD-101"


def test_archives_beyond_the_limits_are_refused(tmp_path, monkeypatch):
    path = book(tmp_path / "a.xlsx", ROW)
    many = {f"xl/media/{number}.png": b"" for number in range(2_000)}
    assert refusal(rewritten(tmp_path / "b.xlsx", many, path)).code == "TD-111"
    monkeypatch.setattr(guards, "MAX_UNPACKED_BYTES", 100_000)
    assert refusal(rewritten(tmp_path / "c.xlsx", {"xl/a.bin": bytes(200_000)}, path)).code == "TD-111"


def test_two_parts_of_one_name_are_refused(tmp_path):
    path = book(tmp_path / "a.xlsx", ROW)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/worksheets/sheet1.xml", b"<worksheet/>")
    assert refusal(path).code == "TD-101"


@pytest.mark.parametrize("address", [b"XFD1", b"D1048576", b"ZZ900000"])
def test_a_far_cell_with_content_is_refused_and_a_far_format_is_not(tmp_path, address):
    path = book(tmp_path / "a.xlsx", [*ROW, *[1] * 40])
    xml = part(path)
    for cell, code in ((b'<c r="%s" s="0"/>', None), (b'<c r="%s"><v>1</v></c>', "TD-111")):
        row = b'<row r="2000">' + cell % address + b"</row></sheetData>"
        changed = {"xl/worksheets/sheet1.xml": xml.replace(b"</sheetData>", row)}
        made = rewritten(tmp_path / "b.xlsx", changed, path)
        if code:
            assert refusal(made).code == code
        else:
            assert only(made).row_numbers.to_list() == [2]


def test_cells_without_addresses_cannot_spread_beyond_the_limits(tmp_path):
    path = book(tmp_path / "a.xlsx", ROW)
    wide = b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row></sheetData>"
    xml = part(path).replace(b"</sheetData>", wide)
    assert refusal(rewritten(path, {"xl/worksheets/sheet1.xml": xml})).code == "TD-111"


def test_one_long_text_in_many_cells_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    path = book(tmp_path / "a.xlsx", *[["x" * 30_000] * 4] * 50)
    monkeypatch.setattr(guards, "MAX_UNPACKED_BYTES", 5_000_000)
    error = refusal(path)
    assert error.code == "TD-111"
    assert "cộng lại" in error.vi


def test_texts_declared_and_not_there_are_refused_before_room_is_made_for_them(tmp_path):
    path = book(tmp_path / "a.xlsx", ROW)
    name = "xl/sharedStrings.xml"
    xml = part(path, name).replace(b'uniqueCount="6"', b'uniqueCount="2147483648"')
    assert refusal(rewritten(path, {name: xml})).code == "TD-101"


@pytest.mark.parametrize("kind", ["xlsx", "csv", "csv far below", "jsonl", "parquet"])
def test_a_cell_beyond_excels_length_is_refused_with_its_place(tmp_path, kind):
    long = "x" * 32_768
    path = tmp_path / "a.dat"
    if kind == "xlsx":
        book(path, ["24133", "03/2026", "long", 1])
        xml = part(path, "xl/sharedStrings.xml").replace(b"long", long.encode())
        rewritten(path, {"xl/sharedStrings.xml": xml})
    elif kind == "csv":
        text_file(path, f"a,b\n1,{long * 20}\n")
    elif kind == "csv far below":
        text_file(path, "a,b\n" + "1,2\n" * 150 + f"1,{long}\n")
    elif kind == "jsonl":
        text_file(path, json.dumps({"a": 1, "b": long}))
    else:
        pl.DataFrame({"a": [1], "b": [long]}).write_parquet(path)
    error = refusal(path)
    assert error.code == "TD-111"
    assert error.place.row == {"xlsx": 2, "csv": 2, "csv far below": 152}.get(kind, 1)
    assert error.place.column in {"b", "C"}


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1a", "\u202e"])
def test_control_characters_do_no_harm(tmp_path, character):
    rows = "".join(f"{i},x{character}y\n" for i in range(40))
    assert len(only(text_file(tmp_path / "a.csv", f"Mã,Tên đơn vị\n{rows}")).row_numbers) == 40


def test_a_parquet_footer_that_promises_billions_is_refused_unread(tmp_path):
    path = tmp_path / "a.parquet"
    pl.DataFrame({"a": [None]}, schema={"a": pl.Int8}).write_parquet(path)
    raw = path.read_bytes()
    size = int.from_bytes(raw[-8:-4], "little")
    footer = raw[-8 - size : -8]
    # num_rows is the third field of the footer: one zigzag varint of value 1.
    at = footer.rindex(b"\x16\x02\x19")
    forged = footer[: at + 1] + b"\x80\x80\x80\x80\x40" + footer[at + 2 :]
    path.write_bytes(raw[: -8 - size] + forged + len(forged).to_bytes(4, "little") + b"PAR1")
    started = time.perf_counter()
    assert refusal(path).code in {"TD-111", "TD-101"}
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("make", [book, old_book, open_book])
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_damaged_bytes_end_in_a_table_or_a_message(tmp_path, make, data):
    good = tmp_path / "good.bin"
    if not good.exists():
        make(good, ROW)
    raw = bytearray(good.read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "bad.xls"
    path.write_bytes(raw[: data.draw(st.integers(1, len(raw)))])
    try:
        read_source(path)
    except TiendoError as error:
        assert error.code in {"TD-101", "TD-103", "TD-109", "TD-111", "TD-115"}
