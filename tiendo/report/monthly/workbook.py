"""Fills the Excel template of the monthly report: fields, one row for each record, native charts.

What senders wrote is stored as text in every cell, so that '=cmd' stays what they wrote and no formula.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiendo.report.monthly.content import Content
from tiendo.report.monthly.document import unusable
from tiendo.report.monthly.texts import number, shown

FIELD = re.compile(r"\{\{\s*([a-z_]+)(?:\.([a-z_]+))?\s*\}\}")
CHART = "chart"
# Letters of Times New Roman at 10 points that fit into a unit of width, with room for whole words.
LETTERS_A_UNIT, LINE_HEIGHT, LARGEST_HEIGHT = 1.35, 1.22, 409.0


@dataclass(frozen=True)
class Block:
    """Where the records of a table came to stand on a sheet.

    Attributes:
        first: First row.
        last: Last row, above `first` where there is no record.
        columns: Column of each field.
    """

    first: int
    last: int
    columns: Mapping[str, int]


TemplateCell = tuple[int, Any, Any]
Drawer = Callable[[Any, Block], Any]


def write_workbook(
    content: Content, charts: Mapping[str, tuple[str, Drawer]], template: Path, target: Path
) -> None:
    """Fills the template.

    A cell `{{ field }}` takes a value, `{{ table.column }}` makes its row stand once for each record, and
    `{{ chart.name }}` is where a chart begins.

    Args:
        content: What `content_of` gives.
        charts: By name, the table a chart shows and what draws it; the table must be on the same sheet.
        template: An Excel file with the fields of the shipped one.
        target: The .xlsx to write.

    Raises:
        TiendoError: TD-645, exit code 2, where the template cannot be read or filled.
    """
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book: Any = load_workbook(template)
        for sheet in book.worksheets:
            _fill_sheet(sheet, content, charts, template)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError, TypeError) as cause:
        raise unusable(template, str(cause)) from cause
    book.save(target)


def _fill_sheet(
    sheet: Any, content: Content, charts: Mapping[str, tuple[str, Drawer]], template: Path
) -> None:
    """Writes the sheet anew from its template rows, since a row that repeats moves all below it."""
    rows, merged = _taken_out(sheet)
    blocks: dict[str, Block] = {}
    anchors: list[tuple[str, str]] = []
    moved: dict[int, int] = {}
    at = 1
    for template_row, (height, row) in enumerate(rows, 1):
        moved[template_row] = at
        table = _table_of(row, template)
        records: Sequence[Mapping[str, Any]] = [{}] if table is None else _records(content, table, template)
        if table is not None:
            columns = {match[2]: column for column, value, _ in row if (match := _whole(value))}
            blocks[table] = Block(at, at + len(records) - 1, columns)
        for record in records:
            anchors += _fill_row(sheet, at, row, content, record, template)
            if height is not None or table is not None:
                sheet.row_dimensions[at].height = height or _height(sheet, at)
            at += 1
    _move_layout(sheet, merged, moved, at - 1)
    for name, coordinate in anchors:
        if name not in charts:
            raise unusable(template, f"{sheet.title}: {{{{ chart.{name} }}}}")
        source, draw = charts[name]
        if source in blocks and blocks[source].last >= blocks[source].first:
            sheet.add_chart(draw(sheet, blocks[source]), coordinate)


def _taken_out(sheet: Any) -> tuple[list[tuple[float | None, list[TemplateCell]]], list[Any]]:
    """The rows of the template with their heights, and its merged cells; the sheet is empty after it."""
    rows = [
        (
            sheet.row_dimensions[at].height,
            [(cell.column, cell.value, copy(cell._style)) for cell in sheet[at]],
        )
        for at in range(1, sheet.max_row + 1)
    ]
    merged = [copy(span) for span in sheet.merged_cells.ranges]
    for span in merged:
        sheet.unmerge_cells(str(span))
    sheet._cells.clear()
    sheet.row_dimensions.clear()
    return rows, merged


def _fill_row(
    sheet: Any,
    at: int,
    row: Sequence[TemplateCell],
    content: Content,
    record: Mapping[str, Any],
    template: Path,
) -> list[tuple[str, str]]:
    """Writes one row; gives the charts that begin in it, by name, with their cells."""
    charts: list[tuple[str, str]] = []
    for column, value, style in row:
        cell = sheet.cell(at, column)
        cell._style = copy(style)
        if (match := _whole(value)) and match[1] == CHART:
            charts.append((match[2], cell.coordinate))
        else:
            _put(cell, value, content, record, template)
    return charts


def _height(sheet: Any, at: int) -> float:
    """Only Excel fits the height of a row to its wrapped text by itself; 409 points are its most."""
    most = 1.0
    for cell in sheet[at]:
        if isinstance(cell.value, str) and cell.alignment.wrap_text:
            width = sheet.column_dimensions[cell.column_letter].width * LETTERS_A_UNIT
            lines = sum(len(line) // width + 1 for line in cell.value.split("\n"))
            most = max(most, lines * (cell.font.size or 11) * LINE_HEIGHT)
    return min(LARGEST_HEIGHT, max(most + 2, 15))


def _move_layout(sheet: Any, merged: Sequence[Any], moved: Mapping[int, int], last: int) -> None:
    """What names rows goes with them; filter and print area reach down to the last row."""
    from openpyxl.utils import get_column_letter, range_boundaries

    for span in merged:
        # A span over several rows cannot go with them where one of them repeats.
        if span.min_row == span.max_row and (row := moved.get(span.min_row)):
            columns = {"start_column": span.min_col, "end_column": span.max_col}
            sheet.merge_cells(start_row=row, end_row=row, **columns)
    for page_break in sheet.row_breaks.brk:
        page_break.id = moved.get(page_break.id + 1, page_break.id + 1) - 1
    if sheet.print_title_rows:
        first, _, end = str(sheet.print_title_rows).replace("$", "").partition(":")
        sheet.print_title_rows = f"{moved.get(int(first), 1)}:{moved.get(int(end), 1)}"
    for name in ("auto_filter", "print_area"):
        reference = sheet.auto_filter.ref if name == "auto_filter" else sheet.print_area
        if not reference:
            continue
        left, top, right, _ = range_boundaries(str(reference).rpartition("!")[2].replace("$", ""))
        top = moved.get(int(top or 1), 1)
        letters = [get_column_letter(int(column or 1)) for column in (left, right)]
        reached = f"{letters[0]}{top}:{letters[1]}{max(last, top)}"
        if name == "auto_filter":
            sheet.auto_filter.ref = reached
        else:
            sheet.print_area = reached


def _whole(value: Any) -> re.Match[str] | None:
    """A cell that is one field of a table, or a chart."""
    match = FIELD.fullmatch(value.strip()) if isinstance(value, str) else None
    return match if match and match[2] else None


def _table_of(row: Sequence[tuple[int, Any, Any]], template: Path) -> str | None:
    """The table whose records a row of the template is repeated for."""
    names = {
        match[1]
        for _, value, _ in row
        if isinstance(value, str)
        for match in FIELD.finditer(value)
        if match[2] and match[1] != CHART
    }
    if len(names) > 1:
        raise unusable(template, f"{', '.join(sorted(names))} cùng một dòng")
    return names.pop() if names else None


def _records(content: Content, table: str, template: Path) -> Sequence[Mapping[str, Any]]:
    found = content.get(table)
    if not isinstance(found, list):
        raise unusable(template, f"{{{{ {table}.… }}}}")
    return found  # pyright: ignore[reportUnknownVariableType]


def _put(cell: Any, value: Any, content: Content, record: Mapping[str, Any], template: Path) -> None:
    """A value of its own type where a cell is one field; else the text with its fields filled in."""
    if not isinstance(value, str) or "{{" not in value:
        # The template's own formulas stay formulas.
        cell.value = value
        return

    def look_up(match: re.Match[str]) -> Any:
        first, second = match[1], match[2]
        source = content if second is None else record
        name = first if second is None else second
        if name not in source or (second is None and isinstance(source[name], list)):
            raise unusable(template, match[0])
        return source[name]

    whole = FIELD.fullmatch(value.strip())
    found = look_up(whole) if whole else FIELD.sub(lambda match: _word(look_up(match)), value)
    if not whole and "{{" in FIELD.sub("", value):
        raise unusable(template, value)
    if isinstance(found, str):
        cell.value = shown(found)
        cell.data_type = "s"
    else:
        cell.value = found


def _word(value: Any) -> str:
    return (
        number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value or "")
    )
