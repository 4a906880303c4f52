"""An Excel form to fill in: locked headers, lists to choose from, the unit's own rows and its last figures.

Headers are the contract's labels, so that a filled template is read back without a doubt.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from tiendo.desk.guide import write_guide
from tiendo.desk.prefill import TASK_TITLE, Prefilled
from tiendo.desk.validations import Lists, validation
from tiendo.desk.wording import period_label, unit_words
from tiendo.intake.contracts import Column, Contract
from tiendo.intake.store import write_atomically
from tiendo.messages import Place, TiendoError
from tiendo.settings import now

# Headers of columns that only show something begin like this; the reader passes over them.
PREVIOUS, REFERENCE = "Kỳ trước", "Tham khảo"
_TASK_TITLE = Column(TASK_TITLE, "text", f"{REFERENCE}: Tên nhiệm vụ", f"{REFERENCE}: task")

_BLANK_ROWS, _BLANK_ROWS_OF_EXTRACT, _PRINTED_BLANK = 30, 500, 15
_HEADER_ROW = 5
_SHOWN_BEFORE = frozenset({"integer", "decimal", "boolean", "choice"})
_NUMBER_FORMATS = {
    "integer": "#,##0",
    "decimal": "#,##0.######",
    "date": "dd/mm/yyyy",
    "timestamp": "dd/mm/yyyy hh:mm",
}
_WIDTHS = {
    "text": 20,
    "org_code": 9,
    "indicator_code": 24,
    "plan_id": 24,
    "integer": 12,
    "decimal": 12,
    "boolean": 9,
    "date": 12,
    "timestamp": 17,
    "period": 14,
}
_WIDTHS_OF_COLUMNS = {"org_name": 24, "indicator_name": 44, "line_text": 44, "line_number": 8, TASK_TITLE: 50}
_WIDTH = 15
# Of Times New Roman more letters fit into a width than of the font Excel measures by.
_LINE_POINTS, _LETTERS_A_UNIT = 16, 1.25
# Forms with more columns keep the first two in sight.
_WIDE = 8
_MERGED_TITLE = 8

_FONT = {"font_name": "Times New Roman", "font_size": 12}
_CELL = {**_FONT, "border": 1, "border_color": "#BFBFBF", "valign": "top"}
_HEADER = {**_FONT, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "border": 1}
_GREY = {"bg_color": "#EDEDED", "font_color": "#595959"}


def refuse_target(target: Path) -> None:
    """Raises TD-708 (exit 2) where the template is to be something else than .xlsx."""
    if target.suffix.lower() != ".xlsx":
        raise TiendoError(
            "TD-708",
            "Biểu mẫu được ghi ra một tệp .xlsx.",
            "A template is an .xlsx file.",
            "Hãy đặt tên như bieu04.xlsx.",
            "Call it form04.xlsx, say.",
            Place(file=target.name),
            exit_code=2,
        )


def write_template(contract: Contract, prefilled: Prefilled, target: Path) -> None:
    """Writes the form.

    Args:
        contract: The form.
        prefilled: What the form already holds.
        target: The .xlsx file.
    """
    write_atomically(target, lambda path: _Form(contract, prefilled, path).write())


def sheet_title(contract: Contract) -> str:
    """Name of the sheet: the number printed in the title, such as 'Biểu 04'."""
    number, point, _ = contract.title_vi.partition(". ")
    return re.sub(r"[\\/*?:\[\]]", "-", number if point else contract.number)[:31]


def unit_line(contract: Contract) -> str | None:
    """The line that says the unit of all amounts, where they share one."""
    units = {column.unit for column in contract.columns if column.unit}
    return f"Đơn vị tính: {unit_words(units.pop()).capitalize()}" if len(units) == 1 else None


class _Form:
    """A template while it is written."""

    def __init__(self, contract: Contract, prefilled: Prefilled, path: Path) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book: Any = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": contract.title_vi, "created": now().replace(tzinfo=None)})
        self._page = self._book.add_worksheet(sheet_title(contract))
        self._contract = contract
        self._prefilled = prefilled
        self._columns = list(contract.columns)
        if any(TASK_TITLE in row for row in prefilled.rows):
            # A reference says nothing to a clerk: the task it names stands beside it.
            self._columns.insert([c.name for c in self._columns].index("row_ref") + 1, _TASK_TITLE)
        blank = _BLANK_ROWS_OF_EXTRACT if contract.complete_extract else _BLANK_ROWS
        self._first, self._last = _HEADER_ROW + 1, _HEADER_ROW + len(prefilled.rows) + blank

    def write(self) -> None:
        """Writes all sheets and closes the file."""
        lists = Lists(self._book, self._contract, self._prefilled.lists)
        self._write_titles()
        self._write_headers()
        for at, column in enumerate(self._columns):
            self._write_column(at, column)
            if column is not _TASK_TITLE:
                rule = validation(column, lists.source(column))
                self._page.data_validation(self._first, at, self._last, at, rule)
        for row, values in enumerate(self._prefilled.rows, start=self._first):
            self._page.set_row(row, self._height(values))
        if self._prefilled.previous:
            self._write_previous()
        self._set_up()
        write_guide(self._book, self._contract, self._prefilled, self._columns)
        lists.write()
        self._page.activate()
        self._book.close()

    def _format(self, *parts: Mapping[str, Any]) -> Any:
        return self._book.add_format({key: value for part in parts for key, value in part.items()})

    def _write_titles(self) -> None:
        """Who reports what for when, and what the colours mean."""
        page, sender = self._page, self._prefilled.sender
        last = min(len(self._columns), _MERGED_TITLE) - 1
        who = self._format(_FONT, {"bold": True, "locked": sender.name is not None})
        title = self._format(_FONT, {"bold": True, "font_size": 14, "align": "center"})
        when = self._format(_FONT, {"italic": True, "align": "center", "locked": sender.period is not None})
        small = self._format(_FONT, {"italic": True, "font_size": 10, "font_color": "#595959"})
        page.write_string(0, 0, (sender.name or "Đơn vị báo cáo: …").upper(), who)
        page.merge_range(1, 0, 1, last, self._contract.title_vi.upper(), title)
        period = period_label(sender.period) if sender.period else "…"
        page.merge_range(2, 0, 2, last, f"Kỳ báo cáo: {period}", when)
        if line := unit_line(self._contract):
            page.write_string(3, last, line, self._format(_FONT, {"italic": True, "align": "right"}))
        legend = "Tiêu đề nền xanh đậm: bắt buộc điền. Nền xanh nhạt: điền nếu có."
        if self._prefilled.previous or _TASK_TITLE in self._columns:
            legend += " Cột xám: chỉ để tham khảo."
        page.write_string(4, 0, legend, small)
        page.set_row(1, 22)

    def _write_headers(self) -> None:
        required = self._format(_HEADER, {"bg_color": "#1F4E78", "font_color": "white"})
        optional = self._format(_HEADER, {"bg_color": "#DDEBF7"})
        reference = self._format(_HEADER, _GREY)
        for at, column in enumerate(self._columns):
            style = reference if column is _TASK_TITLE else required if column.is_needed else optional
            self._page.write_string(_HEADER_ROW, at, column.label_vi, style)
            self._page.set_column(at, at, _width(column))
        self._page.set_row(_HEADER_ROW, 64)

    def _write_column(self, at: int, column: Column) -> None:
        """What is known of the rows to report, and open cells below."""
        look = _cell_format(column)
        empty = self._format(look)
        known = self._format(look, _GREY if column is _TASK_TITLE else {"bg_color": "#F7FBFF"})
        rows = self._prefilled.rows
        for row in range(self._first, self._last + 1):
            value = rows[row - self._first].get(column.name) if row - self._first < len(rows) else None
            if value is None:
                self._page.write_blank(row, at, None, empty)
            else:
                text = period_label(value) if column.type == "period" else str(value)
                self._page.write_string(row, at, text, known)

    def _height(self, values: Mapping[str, Any]) -> int:
        """Programs other than Excel do not fit the height of a row to its wrapped text."""
        texts = [(str(values.get(column.name) or ""), _width(column)) for column in self._columns]
        lines = max(len(text) // int(width * _LETTERS_A_UNIT) + 1 for text, width in texts)
        return lines * _LINE_POINTS + 2

    def _write_previous(self) -> None:
        """The figures of the period before in locked grey columns on the right, which are not printed."""
        previous = self._prefilled.previous
        label = period_label(self._prefilled.previous_period or "")
        known = {*self._contract.key, *self._prefilled.rows[0]}
        shown = [c for c in self._contract.columns if c.type in _SHOWN_BEFORE and c.name not in known]
        shown = [c for c in shown if any(row.get(c.name) is not None for row in previous)]
        head = self._format(_HEADER, _GREY)
        for at, column in enumerate(shown, start=len(self._columns)):
            self._page.write_string(_HEADER_ROW, at, f"{PREVIOUS}: {column.label_vi}", head)
            note = f"Số liệu đang dùng của {label}, hoặc của kỳ gần nhất trước đó."
            self._page.write_comment(_HEADER_ROW, at, note)
            self._page.set_column(at, at, _WIDTH)
            cell = self._format(_CELL, _GREY, {"num_format": _NUMBER_FORMATS.get(column.type, "@")})
            for row, values in enumerate(previous, start=self._first):
                self._write_figure(row, at, values.get(column.name), column, cell)

    def _write_figure(self, row: int, at: int, value: Any, column: Column, cell: Any) -> None:
        if value is None:
            self._page.write_blank(row, at, None, cell)
        elif isinstance(value, bool):
            self._page.write_string(row, at, "Có" if value else "Không", cell)
        elif isinstance(value, str):
            self._page.write_string(row, at, (column.choices.get(value) or (value,))[0], cell)
        else:
            self._page.write_number(row, at, value, cell)

    def _set_up(self) -> None:
        """Protects what is no input, without a password, and fits the form on paper."""
        page, width = self._page, len(self._columns)
        page.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
        page.freeze_panes(self._first, 2 if width > _WIDE else 0)
        page.ignore_errors({"number_stored_as_text": f"A{self._first + 1}:XFD{self._last + 1}"})
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        page.repeat_rows(_HEADER_ROW)
        page.set_footer("&CTrang &P/&N")
        rows = max(len(self._prefilled.rows), _PRINTED_BLANK)
        page.print_area(0, 0, _HEADER_ROW + rows, width - 1)


def _width(column: Column) -> int:
    return _WIDTHS_OF_COLUMNS.get(column.name, _WIDTHS.get(column.type, _WIDTH))


def _cell_format(column: Column) -> dict[str, Any]:
    """Cells to fill in are open; codes and texts are kept as text, so that Excel drops no zero."""
    number_format = _NUMBER_FORMATS.get(column.type, "@")
    wrap = {"text_wrap": True} if number_format == "@" else {}
    return {**_CELL, **wrap, "num_format": number_format, "locked": column is _TASK_TITLE}
