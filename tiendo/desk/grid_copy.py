"""A new workbook of a file as it was read, for formats whose own file cannot be marked (.xls, .ods, .csv…).

Every cell stands where the sender has it. Text stays text: nothing a sender wrote becomes a formula.
"""

from collections.abc import Sequence, Set
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font

from tiendo.desk.sheets import free_title, write_cell
from tiendo.intake.addresses import column_letters
from tiendo.intake.examine import Examined
from tiendo.intake.tables import Merge, Sheet, Table

# Above this many rows a copy holds only those with problems and what stands above the data.
COPIED_ROWS = 50_000
# The last row a workbook can have.
_LAST_ROW = 1_048_576
_WIDTH = 18
# openpyxl makes an object of every cell in a merged range, though it lies in several.
_MOST_MERGES, _MOST_MERGED_CELLS = 10_000, 1_000_000


def copy_grid(examined: Examined) -> Any:
    """A workbook with the sheets of the file, or its table; without a sheet where nothing could be read."""
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    source = examined.source
    if source is None:
        return book
    by_sheet = {table.sheet: table for table in source.tables}
    for sheet in source.grids:
        page = book.create_sheet(free_title(book, sheet.name or "Số liệu"))
        page.sheet_state = "hidden" if sheet.is_hidden else "visible"
        _copy_sheet(page, sheet, by_sheet.get(sheet.name), _bad_rows(examined, sheet.name))
    if not source.grids:
        for table in source.tables:
            page = book.create_sheet(free_title(book, table.sheet or "Số liệu"))
            _copy_table(page, table, _bad_rows(examined, table.sheet))
    return book


def are_too_many(merges: Sequence[Merge]) -> bool:
    """Whether merged ranges would fill the memory, as a hostile workbook's do."""
    cells = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in merges)
    return len(merges) > _MOST_MERGES or cells > _MOST_MERGED_CELLS


def _bad_rows(examined: Examined, sheet: str | None) -> Set[int]:
    if examined.converted is None:
        return frozenset()
    problems = examined.converted.problems
    return frozenset(problems.filter(problems["sheet"].eq_missing(sheet))["row_number"])


def _copy_sheet(page: Any, sheet: Sheet, table: Table | None, bad: Set[int]) -> None:
    header_end = table.header_rows[1] if table else 0
    is_whole = len(sheet.rows) <= COPIED_ROWS
    for number, cells in enumerate(sheet.rows, start=1):
        if is_whole or number <= header_end or number in bad:
            for column, cell in enumerate(cells, start=1):
                if cell not in (None, ""):
                    write_cell(page.cell(number, column), cell)
    for top, left, bottom, right in () if are_too_many(sheet.merges) else sheet.merges:
        page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    if table is not None:
        _dress_header(page, table, table.header_rows[0], header_end)


def _copy_table(page: Any, table: Table, bad: Set[int]) -> None:
    """The header and the rows below it; a file without a header row gets one above its first record."""
    last = max(table.header_rows[1], 1)
    shift = 1 if table.header_rows[1] == 0 else 0
    for row, text in enumerate(table.above[: last - 1], start=1):
        write_cell(page.cell(row, 1), text)
    for column, header in zip(table.column_numbers, table.headers, strict=True):
        write_cell(page.cell(last, column), header)
    _dress_header(page, table, last, last)
    is_whole = len(table.row_numbers) <= COPIED_ROWS
    for at, row in enumerate(table.row_numbers):
        if (is_whole or row in bad) and row + shift <= _LAST_ROW:
            for column, cells in zip(table.column_numbers, table.columns, strict=True):
                write_cell(page.cell(row + shift, column), cells[at])


def _dress_header(page: Any, table: Table, first: int, last: int) -> None:
    for column in table.column_numbers:
        page.column_dimensions[column_letters(column)].width = _WIDTH
        for row in range(first, last + 1):
            cell = page.cell(row, column)
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    page.freeze_panes = page.cell(last + 1, 1)
