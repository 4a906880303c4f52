"""Reads .xls of Excel 5 to 2003 by xlrd, which gives what calamine hides: formats, fonts and error cells.

Nearly every old workbook needs them: its text is in .Vn fonts, its shares are formatted as percentages.
"""

import io
from datetime import time, timedelta
from typing import Any

import xlrd  # pyright: ignore[reportMissingTypeStubs]
from xlrd.compdoc import CompDoc  # pyright: ignore[reportMissingTypeStubs]

from tiendo.intake.marks import Look, Modern, look_of, shown
from tiendo.intake.problems import Cell
from tiendo.intake.received import Received, damaged, protected
from tiendo.intake.tables import Merge, Source
from tiendo.intake.workbooks import Workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EMPTY, _TEXT, _NUMBER, _DATE, _BOOLEAN, _ERROR, _BLANK = range(7)
_ERRORS: dict[int, str] = xlrd.error_text_from_code


class _Book:
    """An open workbook with the looks of its cell formats."""

    def __init__(self, file: Received) -> None:
        book: Any = _opened(file)
        self.sheets: list[Any] = book.sheets()
        self.date_mode: Any = book.datemode
        self.fonts: list[str] = [font.name for font in book.font_list]
        self.looks = [self._look(book.format_map.get(xf.format_key), xf.font_index) for xf in book.xf_list]

    def _look(self, number_format: Any, font: int) -> Look | None:
        # A damaged file can declare a format without its text.
        code = number_format.format_str if number_format else None
        return look_of(code or "", self._font(font))

    def _font(self, number: int) -> str | None:
        return self.fonts[number] if number < len(self.fonts) else None

    def cell(self, sheet: Any, row: int, column: int, modern: Modern) -> Cell:
        """The cell as its sender sees it."""
        kind: int = sheet.cell_type(row, column)
        value: Any = sheet.cell_value(row, column)
        if kind in (_EMPTY, _BLANK):
            return ""
        number: int = sheet.cell_xf_index(row, column)
        look = self.looks[number] if number < len(self.looks) else None
        if kind == _TEXT and (runs := sheet.rich_text_runlist_map.get((row, column))):
            return self._in_runs(value, runs, look, modern)
        return shown(self._typed(kind, value), look, modern)

    def _typed(self, kind: int, value: Any) -> Cell:
        if kind == _DATE:
            return self._moment(value)
        if kind == _BOOLEAN:
            return bool(value)
        if kind == _ERROR:
            return _ERRORS.get(value, "#ERROR!")
        return value

    def _moment(self, serial: float) -> Cell:
        """A date, a time of day or both; a serial that is no date stays the number."""
        try:
            moment = xlrd.xldate_as_datetime(serial, self.date_mode)
        except (ValueError, OverflowError):
            return serial
        if serial < 1:
            return moment.time()
        return moment.date() if moment.time() == time() else moment

    def _in_runs(self, text: str, runs: list[tuple[int, int]], look: Look | None, modern: Modern) -> str:
        """A text of several fonts, each part read in its own."""
        starts = [0, *(start for start, _ in runs), len(text)]
        fonts = [look.font if look else None, *(self._font(font) for _, font in runs)]
        parts = zip(starts, starts[1:], fonts, strict=False)
        return "".join(modern(text[start:end], font) for start, end, font in parts)


def read_old_excel(file: Received) -> Source:
    """The sheets of an .xls file, with percentages, leading zeros and errors as they show."""
    has_macros = file.head.startswith(OLE) and "_VBA_PROJECT_CUR" in streams(file)
    workbook = Workbook("xls", file.path, has_macros)
    book = _Book(file)
    for sheet in book.sheets:
        rows: list[list[Cell | timedelta]] = [
            [book.cell(sheet, row, column, workbook.modern) for column in range(sheet.row_len(row))]
            for row in range(sheet.nrows)
        ]
        merges = [Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
        claimed = (sheet.nrows, sheet.ncols)
        workbook.add(sheet.name, rows, merges, is_hidden=bool(sheet.visibility), claimed=claimed)
    return workbook.source()


def streams(file: Received) -> frozenset[str]:
    """Names of the streams and storages in an OLE file, by which its program is told."""
    try:
        directory: Any = CompDoc(file.raw, logfile=io.StringIO(), ignore_workbook_corruption=True)
    except Exception as error:  # xlrd says in many ways that bytes are not what it expects
        raise damaged(file.path, error) from error
    return frozenset(entry.name for entry in directory.dirlist)


def _opened(file: Received) -> Any:
    try:
        return xlrd.open_workbook(
            file_contents=file.raw,
            logfile=io.StringIO(),
            formatting_info=True,
            ragged_rows=True,
            ignore_workbook_corruption=True,
        )
    except Exception as error:
        if "encrypted" in str(error).lower():
            raise protected(file.path) from error
        raise damaged(file.path, error) from error
