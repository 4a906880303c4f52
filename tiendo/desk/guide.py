"""The sheet 'Hướng dẫn' of a template: how to fill in each column, with an example, and how to send it in."""

from collections.abc import Sequence
from typing import Any

from tiendo.desk.prefill import Prefilled
from tiendo.desk.validations import needed
from tiendo.desk.wording import unit_words
from tiendo.intake.addresses import column_letters
from tiendo.intake.contracts import Column, Contract

GUIDE_SHEET = "Hướng dẫn"
_COLUMNS = (("Tên cột", 30), ("Bắt buộc", 10), ("Cần ghi", 44), ("Giải thích", 52), ("Ví dụ", 26))
_FONT = {"font_name": "Times New Roman", "font_size": 12}
_LINE_POINTS = 16
_CELL = {**_FONT, "border": 1, "border_color": "#BFBFBF", "text_wrap": True, "valign": "top"}


def write_guide(book: Any, contract: Contract, prefilled: Prefilled, columns: Sequence[Column]) -> None:
    """Adds the sheet to a template; `columns` are those of the form as they stand in it, from A on."""
    page = book.add_worksheet(GUIDE_SHEET)
    heading = book.add_format({**_FONT, "bold": True, "font_size": 14, "font_color": "#1F4E78"})
    plain = book.add_format({**_FONT, "text_wrap": True, "valign": "top"})
    page.write_string(0, 0, f"HƯỚNG DẪN ĐIỀN {contract.title_vi.upper()}", heading)
    last = len(_COLUMNS) - 1
    row = 1
    for number, step in enumerate(_steps(prefilled), start=1):
        page.merge_range(row, 0, row, last, f"{number}. {step}", plain)
        page.set_row(row, 34 if len(step) > 130 else 18)
        row += 1
    head = book.add_format({**_CELL, "bold": True, "bg_color": "#1F4E78", "font_color": "white"})
    for at, (label, width) in enumerate(_COLUMNS):
        page.set_column(at, at, width)
        page.write_string(row + 1, at, label, head)
    cell = book.add_format(_CELL)
    row += 2
    for number, column in enumerate(columns, start=1):
        if column not in contract.columns:
            continue
        # With its letter, no line of the guide can be taken for the headers of the form.
        name = f"Cột {column_letters(number)}: {column.label_vi}"
        texts = (name, *_described(column))
        for position, text in enumerate(texts):
            page.write_string(row, position, text, cell)
        lines = max(len(text) // width + 1 for text, (_, width) in zip(texts, _COLUMNS, strict=True))
        page.set_row(row, lines * _LINE_POINTS + 2)
        row += 1
    page.protect("", {"format_columns": True, "format_rows": True})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&CTrang &P/&N")


def _steps(prefilled: Prefilled) -> list[str]:
    steps = [
        "Điền vào các ô không khóa dưới tiêu đề; giữ nguyên tiêu đề. Ô có mũi tên: chọn trong danh sách.",
        "Để trống ô chưa có số liệu; không ghi “chưa có”, “-” hay công thức.",
    ]
    if prefilled.rows:
        steps.append("Mã và tên đã ghi sẵn. Dòng không phải báo cáo: xóa trắng cả dòng, kể cả mã.")
    if prefilled.previous:
        steps.append("Cột xám là số liệu kỳ trước đang dùng, chỉ để đối chiếu; không được đọc khi nộp.")
    return [
        *steps,
        "Kiểm tra trước khi nộp: tiendo check TỆP.xlsx --annotate TỆP-loi.xlsx.",
        "Nộp: tiendo submit TỆP.xlsx --receipt bien-nhan.html; giữ biên nhận.",
    ]


def _described(column: Column) -> tuple[str, ...]:
    unit = f" ({unit_words(column.unit)})" if column.unit else ""
    required = "Có" if column.required else ""
    wanted = needed(column)
    return (
        required,
        wanted[:1].upper() + wanted[1:] + unit,
        column.help_vi or "",
        column.example or "",
    )
