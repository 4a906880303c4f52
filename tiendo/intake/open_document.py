"""Reads .ods: values, the texts shown, merges and hidden sheets from the one part that holds them all.

Of this format calamine gives neither merges nor percentages nor errors.
"""

import re
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from defusedxml.ElementTree import iterparse  # pyright: ignore[reportMissingTypeStubs]

from tiendo.intake.addresses import cell_address
from tiendo.intake.guards import check_area, checked_parts
from tiendo.intake.marks import percent
from tiendo.intake.problems import Cell
from tiendo.intake.received import Received, protected
from tiendo.intake.tables import Merge, Source
from tiendo.intake.workbooks import Workbook

MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_OFFICE, _TABLE, _TEXT, _STYLE = (f"{{{_OASIS}:{name}:1.0}}" for name in ("office", "table", "text", "style"))
_ERROR = re.compile(r"#[A-Z/0]+[!?]|#N/A|Err:\d+")
_PADDED = re.compile(r"0\d+")
_SIGNS = {"tab": "\t", "line-break": "\n"}
_NOT_SHOWN = {"annotation", "annotation-end", "note", "ruby-text"}
_MOST_SPACES = 1000
_HOURS = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")


def read_open_document(file: Received) -> Source:
    """The sheets of an .ods file, with percentages, leading zeros and errors as they show."""
    has_macros = False
    for name, content in checked_parts(file.path, file.archive):
        if name == "META-INF/manifest.xml" and b"encryption-data" in content:
            raise protected(file.path)
        has_macros = has_macros or name.startswith(("Basic/", "Scripts/"))
    workbook = Workbook("ods", file.path, has_macros)
    with file.archive.open("content.xml") as content:
        _read_sheets(content, workbook)
    return workbook.source()


def _read_sheets(content: IO[bytes], workbook: Workbook) -> None:
    hidden_styles: set[str] = set()
    sheet: _Sheet | None = None
    depth = 0
    for event, element in iterparse(content, ("start", "end"), forbid_dtd=True):
        is_end = event == "end"
        if element.tag == _TABLE + "table":
            depth += -1 if is_end else 1
            if not is_end and depth == 1:
                sheet = _Sheet(workbook.path, element.get(_TABLE + "name", ""))
            elif sheet is not None and not depth:
                sheet.hand_over(workbook, element.get(_TABLE + "style-name") in hidden_styles)
                sheet = None
        elif is_end and element.tag == _TABLE + "table-row" and sheet is not None and depth == 1:
            sheet.take(element)
            element.clear()
        elif is_end and element.tag == _STYLE + "style" and _is_hiding(element):
            hidden_styles.add(element.get(_STYLE + "name", ""))


def _is_hiding(style: Any) -> bool:
    return any(properties.get(_TABLE + "display") == "false" for properties in style)


class _Sheet:
    """The filled cells of the sheet being read; empty ones, however often repeated, are only counted."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self.filled: list[tuple[int, dict[int, Cell]]] = []
        self.merges: list[Merge] = []
        self.unsaved: list[str] = []
        self.height = self.width = 0

    def take(self, row: Any) -> None:
        """Takes the next row, which may stand for many equal ones."""
        repeated = _count(row, "number-rows-repeated")
        cells: dict[int, Cell] = {}
        column = 0
        for element in row:
            across = _count(element, "number-columns-repeated")
            cell = self._cell(element, column) if element.tag == _TABLE + "table-cell" else ""
            if cell != "":
                self.width = max(self.width, column + across)
                check_area(self.path, self.height + repeated, self.width, self.name)
                cells |= dict.fromkeys(range(column, column + across), cell)
            column += across
        if cells:
            self.filled += [(self.height + number, cells) for number in range(repeated)]
        self.height += repeated

    def _cell(self, element: Any, column: int) -> Cell:
        down, across = _count(element, "number-rows-spanned"), _count(element, "number-columns-spanned")
        if down > 1 or across > 1:
            last = (self.height + down - 1, column + across - 1)
            self.merges.append(Merge(self.height, column, *last))
        text = "\n".join(_paragraph(part) for part in element if part.tag == _TEXT + "p")
        kind = element.get(_OFFICE + "value-type")
        has_formula = element.get(_TABLE + "formula") is not None
        if has_formula and kind is None and element.find(_TEXT + "p") is None:
            self.unsaved.append(cell_address(column + 1, self.height + 1))
        if has_formula and _ERROR.fullmatch(text):
            return text
        try:
            return _typed(kind, element, text)
        except ValueError:
            return text

    def hand_over(self, workbook: Workbook, is_hidden: bool) -> None:
        """Adds the sheet to its workbook, empty rows and cells where they stand."""
        rows: list[list[Cell | timedelta]] = [[] for _ in range(self.filled[-1][0] + 1 if self.filled else 0)]
        for number, cells in self.filled:
            rows[number] = [cells.get(column, "") for column in range(max(cells) + 1)]
        if self.unsaved:
            workbook.unsaved[self.name] = self.unsaved
        workbook.add(self.name, rows, self.merges, is_hidden=is_hidden)


def _count(element: Any, attribute: str) -> int:
    return max(1, int(element.get(_TABLE + attribute, "1")))


def _typed(kind: str | None, element: Any, text: str) -> Cell:
    """The cell by its declared type; the text where the sender sees more than the value.

    Raises:
        ValueError: The value is not of its type.
    """
    if kind in {"float", "currency", "percentage"}:
        number = float(element.get(_OFFICE + "value", ""))
        if kind == "percentage":
            return percent(number)
        return text if _PADDED.fullmatch(text) and int(text) == number else number
    if kind == "date":
        moment = datetime.fromisoformat(element.get(_OFFICE + "date-value", ""))
        return moment.date() if "T" not in element.get(_OFFICE + "date-value") else moment
    if kind == "time" and (parts := _HOURS.fullmatch(element.get(_OFFICE + "time-value", ""))):
        hour, minute, second = map(int, parts.groups())
        return time(hour, minute, second)
    if kind == "boolean":
        return element.get(_OFFICE + "boolean-value") == "true"
    return element.get(_OFFICE + "string-value") or text


def _paragraph(element: Any) -> str:
    """The text of a paragraph without comments; runs of spaces, tabs and breaks are elements of their own."""
    text: str = element.text or ""
    for part in element:
        name = part.tag.rpartition("}")[2]
        if name == "s":
            text += " " * min(_MOST_SPACES, int(part.get(_TEXT + "c", "1")))
        elif name in _SIGNS:
            text += _SIGNS[name]
        elif name not in _NOT_SHOWN:
            text += _paragraph(part)
        text += part.tail or ""
    return text
