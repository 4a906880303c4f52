"""Formats and names that lie, workbooks as programs of all kinds write them, text typed in legacy fonts."""

import re
import unicodedata

import polars as pl
from catalogue import rejected, trap
from makers import (
    COVERAGE,
    EAST,
    FIGURES,
    PLAIN,
    TAKEN,
    WEST,
    archive,
    book,
    document_row,
    edited,
    members,
    old_book,
    open_document,
    shown,
    shown_grid,
    tcvn3,
    text,
    vni,
)

SHEET = "xl/worksheets/sheet1.xml"
NAMES = {"org_name": ["Phường Buôn Ma Thuột", "Phường Thành Nhất"]}
NAMED = TAKEN | {"values": FIGURES | NAMES}
PARQUET = {"org_code": ["24133", "24154"], "period": ["2026-03", "2026-03"], "population": [41250, 28600]}


@trap("xlsx_named_xls.xls", **NAMED)
@trap("xlsx_named_csv.csv", **NAMED)
@trap("no_extension", **NAMED)
@trap("UPPER_CASE_EXTENSION.XLSX", **NAMED)
def plain_workbook(path):
    return book(path, PLAIN)


@trap("plain_excel_97.xls", **NAMED)
@trap("xls_named_xlsx.xlsx", **NAMED)
def plain_old_workbook(path):
    return old_book(path, PLAIN)


@trap("plain_document.ods", **NAMED)
@trap("ods_named_xlsx.xlsx", **NAMED)
def plain_document(path):
    return open_document(path, "".join(document_row(*row) for row in PLAIN))


@trap("parquet_named_xlsx.xlsx", form="coverage", org="66", period="2026-03", read=2)
def parquet_misnamed(path):
    pl.DataFrame(PARQUET).write_parquet(path)


@trap("text_named_xls.xls", why="Many systems 'export to Excel' this way and Excel opens it.", **NAMED)
def text_misnamed(path):
    return text(path, PLAIN, separator="\t")


@rejected("html_named_xls.xls", "TD-115")
def html_misnamed(path):
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in PLAIN)
    path.write_text(f"<html><meta charset=utf-8><body><table>{rows}</table></body></html>")


@rejected("xml_spreadsheet_2003.xls", "TD-115")
def xml_spreadsheet(path):
    cells = "".join(f'<Cell><Data ss:Type="String">{name}</Data></Cell>' for name in COVERAGE)
    path.write_text(
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>'
        f"<Row>{cells}</Row></Table></Worksheet></Workbook>"
    )


@trap("macros.xlsm", notices=["TD-116"], **TAKEN)
@trap("macros_named_xlsx.xlsx", notices=["TD-116"], **TAKEN)
def macros(path):
    held = members(book(path, PLAIN))
    kinds = held["[Content_Types].xml"].replace(b"sheet.main+xml", b"sheet.main+xml", 1)
    kinds = kinds.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ).replace(
        b"<Override",
        b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/><Override',
        1,
    )
    code = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Sub Auto_Open()" * 40
    return archive(path, held | {"[Content_Types].xml": kinds, "xl/vbaProject.bin": code})


@trap("inline_strings.xlsx", **NAMED)
def inline_strings(path):
    """As many programs write workbooks that stream them: no table of shared strings."""
    held = members(book(path, PLAIN))
    shared = re.findall(r"<si><t[^>]*>(.*?)</t></si>", held["xl/sharedStrings.xml"].decode())
    sheet = re.sub(
        r't="s"><v>(\d+)</v>',
        lambda found: f't="inlineStr"><is><t>{shared[int(found[1])]}</t></is>',
        held[SHEET].decode(),
    )
    return archive(path, held | {SHEET: sheet.encode()})


@trap("no_cell_addresses.xlsx", **NAMED)
def no_addresses(path):
    return edited(book(path, PLAIN), SHEET, r'<(c|row) r="[A-Z]*\d+"', r"<\1")


@trap("rich_text_cells.xlsx", **NAMED)
def rich_text(path):
    def after(page, file):
        bold = file.add_format({"bold": True})
        page.write_rich_string("A1", "Mã ", bold, "đơn", " vị")
        page.write_rich_string("B2", bold, "Phường ", "Buôn Ma Thuột")

    return book(path, {"grid": PLAIN, "after": after})


@trap("dimension_claims_the_whole_sheet.xlsx", **NAMED)
def dimension_too_large(path):
    return edited(book(path, PLAIN), SHEET, 'dimension ref="A1:F3"', 'dimension ref="A1:XFD1048576"')


@trap("dimension_claims_one_cell.xlsx", **NAMED)
def dimension_too_small(path):
    return edited(book(path, PLAIN), SHEET, 'dimension ref="A1:F3"', 'dimension ref="A1"')


@trap("phantom_65535_rows.xlsx", **NAMED)
def phantom_rows(path):
    styled = {f"A{row}": {"border": 1} for row in range(4, 65536, 97)} | {"F65535": {"bg_color": "yellow"}}
    grid = PLAIN + [[None] * 6 for _ in range(65532)]
    return book(path, {"grid": grid, "formats": styled})


@trap("phantom_65535_rows.xls", **NAMED)
def phantom_old_rows(path):
    import xlwt

    file = xlwt.Workbook()
    page = file.add_sheet("Bieu")
    for at, row in enumerate(PLAIN):
        for column, value in enumerate(row):
            page.write(at, column, value)
    border = xlwt.easyxf("borders: left thin")
    for at in [*range(3, 65535, 997), 65535]:
        page.write(at, 5, None, border)
    path.write_bytes(b"")
    file.save(str(path))


@trap("phantom_repeated_rows.ods", **NAMED)
def phantom_document_rows(path):
    rows = "".join(document_row(*row) for row in PLAIN)
    return open_document(path, rows + document_row(*[None] * 6, repeated=1_048_500))


@trap("stray_styled_cell_at_the_far_corner.xlsx", **NAMED)
def stray_styled_cell(path):
    return edited(
        book(path, PLAIN),
        SHEET,
        "</sheetData>",
        '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>',
    )


@trap(
    "hidden_rows_and_columns.xlsx", why="A filter hides rows from the eye, it does not remove them.", **NAMED
)
def hidden_rows(path):
    def after(page, _):
        page.set_row(2, None, None, {"hidden": True})
        page.set_column("B:B", None, None, {"hidden": True})

    return book(path, {"grid": PLAIN, "after": after})


@trap("nfd_accents.xlsx", **NAMED)
def decomposed(path):
    return book(
        path,
        [[unicodedata.normalize("NFD", c) if isinstance(c, str) else c for c in row] for row in PLAIN],
    )


@trap("lookalike_letters_and_spaces.xlsx", **NAMED)
def lookalikes(path):
    """The Icelandic eth stands for đ, and no-break or zero-width spaces came along from Word."""
    head = ["Mã\u00a0ðơn vị", "Tên ðơn\u2009vị ", "Kỳ\u200b báo cáo", *COVERAGE[3:]]
    return book(path, [head, ["24133\u200b", *EAST[1:]], ["\ufeff24154\u00a0", *WEST[1:]]])


LEGACY = NAMED | {"notices": ["TD-118"]}


@trap("tcvn3_cells_vn_font.xls", **LEGACY)
def tcvn3_old(path):
    return old_book(path, shown_grid(PLAIN, tcvn3), font=".VnTime")


@trap("tcvn3_cells_vn_font.xlsx", **LEGACY)
def tcvn3_new(path):
    return _in_font(path, shown_grid(PLAIN, tcvn3), ".VnTime")


@trap("tcvn3_capitals_font_header.xlsx", **LEGACY)
def tcvn3_capitals(path):
    """A font that draws small letters as capitals: the text itself has none."""
    grid = [[shown(name.lower(), tcvn3) for name in COVERAGE], *shown_grid(PLAIN[1:], tcvn3)]
    return _in_font(path, grid, ".VnTime", ".VnTimeH")


@trap("vni_cells_vni_font.xlsx", **LEGACY)
def vni_new(path):
    return _in_font(path, shown_grid(PLAIN, vni), "VNI-Times")


@trap("vni_cells_vni_font.xls", **LEGACY)
def vni_old(path):
    return old_book(path, shown_grid(PLAIN, vni), font="VNI-Times")


@trap("unicode_text_left_in_vn_font.xlsx", why="People retype old files and the font stays.", **NAMED)
def unicode_in_vn_font(path):
    return _in_font(path, PLAIN, ".VnTime")


@trap("tcvn3_cells_in_a_modern_font.xlsx", **LEGACY)
def tcvn3_without_font(path):
    """Pasted as values: the letters came along, the font did not."""
    return book(path, shown_grid(PLAIN, tcvn3))


def _in_font(path, grid, font, head=None):
    formats = {
        f"{'ABCDEF'[column]}{row + 1}": {"font_name": (head or font) if row == 0 else font}
        for row in range(len(grid))
        for column in range(6)
    }
    return book(path, {"grid": grid, "formats": formats})
