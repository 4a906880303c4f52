"""The sheet 'Lỗi cần sửa' of a marked workbook: one row per problem, leading to its cell, ready to print."""

from collections.abc import Sequence
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink

from tiendo.desk.repairs import Repair
from tiendo.desk.sheets import free_title, write_text
from tiendo.intake.examine import Examined

TITLE = "Lỗi cần sửa"
_HEADING = "LỖI CẦN SỬA"
_COLUMNS = (
    ("Trang tính", 16),
    ("Dòng", 7),
    ("Ô", 8),
    ("Cột", 22),
    ("Giá trị đọc được", 20),
    ("Lỗi", 34),
    ("Cần gì", 34),
    ("Cách sửa", 38),
    ("Mã lỗi", 9),
)
_CELL_COLUMN = 3
_HEADER_ROW = 5
# The longest list a person works through; the rest shows after the next check.
LISTED = 5_000
_THIN = Side(style="thin", color="FFBFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FONT_NAME = "Times New Roman"
_HEAD_FILL = PatternFill("solid", fgColor="FF1F4E78")
_NOTICE_FILL = PatternFill("solid", fgColor="FFFFF2CC")
_LETTERS_A_UNIT = 1.25
_LINE_POINTS = 15

Placed = tuple[Repair, tuple[str, str] | None]


def is_repair_sheet(page: Any) -> bool:
    """Whether a sheet is one of an earlier check."""
    return page.title.startswith(TITLE) and page["A1"].value == _HEADING


def write_repair_sheet(book: Any, file_name: str, examined: Examined, placed: Sequence[Placed]) -> None:
    """Puts the list before the other sheets and opens the workbook there."""
    page = book.create_sheet(free_title(book, TITLE), 0)
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = False
    book.active = 0
    page.sheet_properties.tabColor = "FFC00000"
    _write_head(page, file_name, examined, placed)
    for at, (repair, place) in enumerate(placed[:LISTED], start=_HEADER_ROW + 1):
        _write_row(page, at, repair, place)
    if len(placed) > LISTED:
        write_text(
            page.cell(_HEADER_ROW + LISTED + 1, 1), f"… còn {len(placed) - LISTED} lỗi; sửa rồi kiểm tra lại."
        )
    _set_up_print(page, min(len(placed), LISTED))


def _write_head(page: Any, file_name: str, examined: Examined, placed: Sequence[Placed]) -> None:
    write_text(page["A1"], _HEADING)
    page["A1"].font = Font(_FONT_NAME, bold=True, size=14, color="FFC00000")
    write_text(page["A2"], _summary(file_name, examined))
    write_text(page["A3"], _instruction(examined, placed))
    page["A2"].font, page["A3"].font = Font(_FONT_NAME), Font(_FONT_NAME, italic=True)
    for column, (label, width) in enumerate(_COLUMNS, start=1):
        head = page.cell(_HEADER_ROW, column)
        write_text(head, label)
        head.font, head.fill, head.border = Font(_FONT_NAME, bold=True, color="FFFFFFFF"), _HEAD_FILL, _BORDER
        head.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        page.column_dimensions[head.column_letter].width = width


def _summary(file_name: str, examined: Examined) -> str:
    converted, identified = examined.converted, examined.identified
    parts = [f"Tệp: {file_name}"]
    if identified is not None:
        parts.append(identified.contract.title_vi)
    if converted is not None:
        parts.append(f"đơn vị {converted.org_code}, kỳ {converted.period}")
        counts = (converted.rows_read, converted.good.height, converted.rows_quarantined)
        parts.append("đọc {} dòng, {} dòng đạt, {} dòng có lỗi".format(*counts))
    return "; ".join(parts)


def _instruction(examined: Examined, placed: Sequence[Placed]) -> str:
    if examined.rejection is not None:
        return "Tệp chưa nhận được. Sửa như dưới đây, lưu lại rồi nộp."
    if all(repair.is_notice for repair, _ in placed):
        return "Không có lỗi nào; tệp này nộp được." + (" Xin xem các lưu ý." if examined.notices else "")
    return (
        "Các ô có lỗi được tô màu hồng và có ghi chú. Bấm vào cột Ô để đến chỗ cần sửa; sửa xong lưu lại rồi "
        "nộp chính tệp này, không cần xóa trang này."
    )


def _write_row(page: Any, at: int, repair: Repair, place: tuple[str, str] | None) -> None:
    values = (
        (repair.sheet or (place[0] if place else "")),
        repair.row,
        place[1] if place else "",
        repair.column,
        repair.value,
        repair.fault,
        repair.needed,
        repair.remedy,
        repair.code,
    )
    for column, value in enumerate(values, start=1):
        cell = page.cell(at, column)
        if isinstance(value, int):
            cell.value = value
        elif value:
            write_text(cell, value)
        cell.font, cell.alignment, cell.border = Font(_FONT_NAME), _WRAPPED, _BORDER
        if repair.is_notice:
            cell.fill = _NOTICE_FILL
    if place is not None:
        link = page.cell(at, _CELL_COLUMN)
        sheet = place[0].replace("'", "''")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{sheet}'!{place[1]}")
        link.font = Font(_FONT_NAME, color="FF0563C1", underline="single")
    page.row_dimensions[at].height = _height(values)


def _height(values: Sequence[str | int | None]) -> float:
    """Programs other than Excel do not fit the height of a row to its wrapped text."""
    widths = [width * _LETTERS_A_UNIT for _, width in _COLUMNS]
    lines = [len(str(value or "")) // width + 1 for value, width in zip(values, widths, strict=True)]
    return _LINE_POINTS * max(lines) + 3


def _set_up_print(page: Any, rows: int) -> None:
    page.freeze_panes = page.cell(_HEADER_ROW + 1, 1)
    page.auto_filter.ref = f"A{_HEADER_ROW}:I{_HEADER_ROW + max(rows, 1)}"
    page.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.oddFooter.center.text = "Trang &P/&N"
    page.page_margins.left = page.page_margins.right = 0.4
