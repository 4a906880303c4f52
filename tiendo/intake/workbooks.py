"""Gathers the sheets of a workbook, whatever its format, into a source: true addresses, Unicode, limits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast

from tiendo.intake.addresses import column_letters
from tiendo.intake.guards import MAX_CELL_LENGTH, cell_too_long, check_area
from tiendo.intake.layout import find_table
from tiendo.intake.marks import Modern, hours
from tiendo.intake.problems import Cell
from tiendo.intake.received import empty, formulas_unsaved, legacy_converted, macros_present
from tiendo.intake.tables import Merge, Sheet, SheetSummary, Source, are_blank
from tiendo.messages import TiendoError


@dataclass
class Workbook:
    """The sheets of a workbook as its reader gathers them.

    Attributes:
        format: `xlsx`, `xlsm`, `xls` or `ods`.
        path: Where it lies.
        has_macros: Whether programs lie beside the data.
        modern: Has read the texts.
        unsaved: Addresses of formula cells without a saved value, by sheet.
        sheets: Sheets that hold anything.
        summaries: Every sheet.
    """

    format: str
    path: Path
    has_macros: bool = False
    modern: Modern = field(default_factory=Modern)
    unsaved: dict[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    sheets: list[Sheet] = field(default_factory=list[Sheet])
    summaries: list[SheetSummary] = field(default_factory=list[SheetSummary])

    def add(
        self,
        name: str,
        rows: Sequence[list[Cell | timedelta]],
        merges: Sequence[Merge] = (),
        *,
        is_hidden: bool = False,
        claimed: tuple[int, int] = (0, 0),
    ) -> None:
        """Takes a sheet without the empty rows and columns at its end; of an empty one only the name.

        Args:
            name: Its name.
            rows: Its cells from A1 on; rows may differ in length.
            merges: Merged ranges, which may reach beyond the cells.
            is_hidden: Whether it is hidden.
            claimed: Rows and columns as the file claims them.
        """
        height, width = _extent(rows)
        size = (max(height, claimed[0]), max(width, claimed[1]))
        self.summaries.append(SheetSummary(name, is_hidden, *size))
        if not height:
            return
        check_area(self.path, height, width, name)
        grid = [self._finished(name, number, rows[number - 1], width) for number in range(1, height + 1)]
        inside = [
            Merge(top, left, min(bottom, height - 1), min(right, width - 1))
            for top, left, bottom, right in merges
            if top < height and left < width
        ]
        self.sheets.append(Sheet(name, grid, tuple(inside), is_hidden))

    def _finished(self, sheet: str, number: int, cells: list[Cell | timedelta], width: int) -> list[Cell]:
        """A row in its full width, every text in Unicode and no longer than allowed."""
        row = [*cells[:width], *[""] * (width - len(cells))]
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if len(cell) > MAX_CELL_LENGTH:
                    raise cell_too_long(self.path, len(cell), sheet, number, column_letters(column + 1))
                if not cell.isascii():
                    row[column] = self.modern(cell)
            elif isinstance(cell, timedelta):
                row[column] = hours(cell)
        return cast("list[Cell]", row)

    def source(self) -> Source:
        """The tables of all sheets and what the sender should know.

        Raises:
            TiendoError: TD-103 where no sheet holds a table.
        """
        tables = tuple(table for sheet in self.sheets if (table := find_table(sheet)) is not None)
        if not tables:
            raise empty(self.path)
        legacy = tuple(sorted(self.modern.encodings))
        notices = tuple(self._notices(legacy))
        sheets, grids = tuple(self.summaries), tuple(self.sheets)
        return Source(self.format, tables, sheets, legacy=legacy, notices=notices, grids=grids)

    def _notices(self, legacy: Sequence[str]) -> Iterator[TiendoError]:
        if self.has_macros:
            yield macros_present(self.path)
        for sheet, cells in self.unsaved.items():
            yield formulas_unsaved(self.path, sheet, cells)
        if legacy:
            yield legacy_converted(self.path, legacy)


def _extent(rows: Sequence[Sequence[Cell | timedelta]]) -> tuple[int, int]:
    """Number of rows and of columns up to the last that holds anything."""
    height = len(rows)
    while height and are_blank(rows[height - 1]):
        height -= 1
    width = max((len(rows[number]) for number in range(height)), default=0)
    while width and all(are_blank(rows[number][width - 1 : width]) for number in range(height)):
        width -= 1
    return height, width
