"""Finds the table of a sheet: its header, the texts above it and the rows below it.

It looks for the spellings of our forms first and, where they are misspelt or the form is another, at how the
sheet is laid out, so that `inspect` shows any published table.
"""

from collections.abc import Sequence, Set
from datetime import date

import polars as pl

from tiendo.intake.folding import clean_text
from tiendo.intake.header_grid import Grid
from tiendo.intake.header_paths import header_paths
from tiendo.intake.header_rows import HeaderRows, find_header_rows
from tiendo.intake.headers import is_quantity, is_reference, known_spellings
from tiendo.intake.problems import Cell, cell_text
from tiendo.intake.tables import HeaderPath, LeftOut, Sheet, Table, are_blank, beginning, is_blank


def find_table(sheet: Sheet, spellings: frozenset[str] | None = None) -> Table | None:
    """The table of a sheet; None for a sheet without any filled cell.

    Args:
        sheet: All cells at their true places.
        spellings: Folded headers to look for; those of all forms where not given.
    """
    grid = Grid(sheet)
    rows = find_header_rows(grid, known_spellings() if spellings is None else spellings)
    if rows is None:
        return None
    paths = header_paths(grid, rows.first, rows.last)
    references = frozenset(column for column, path in enumerate(paths) if is_reference(path))
    data, left_out = _below(grid, rows, references)
    columns = list(map(list, zip(*(sheet.rows[row] for row in data), strict=True))) or [
        [] for _ in range(grid.width)
    ]
    _fill_down(sheet, paths, data, columns)
    holds = [not are_blank(column) for column in columns]
    _split_merged(grid, rows, paths, holds)
    kept = [c for c in range(grid.width) if c not in references and (paths[c] or holds[c])]
    return Table(
        sheet.name,
        tuple(columns[column] for column in kept),
        pl.Series([row + 1 for row in data], dtype=pl.Int64),
        tuple(paths[column] for column in kept),
        tuple(column + 1 for column in kept),
        sheet.is_hidden,
        (rows.first + 1, rows.last + 1),
        tuple(text for row in grid.filled if row < rows.first for _, text in grid.cells(row)),
        tuple(left_out),
    )


def _below(grid: Grid, rows: HeaderRows, references: Set[int]) -> tuple[list[int], list[LeftOut]]:
    """The filled rows below the header, and those among them that only repeat it.

    What a template shows for reference does not fill a row.
    """
    repeated = _Repeated(grid, rows)
    data: list[int] = []
    left_out: list[LeftOut] = []
    for row in range(rows.last + 1, len(grid.rows)):
        cells = grid.rows[row]
        own = [cell for c, cell in enumerate(cells) if c not in references] if references else cells
        if are_blank(own):
            continue
        if row == rows.numbers:
            left_out.append(LeftOut(row + 1, "column_numbers", _beginning(cells)))
        elif kind := repeated.kind(cells):
            left_out.append(LeftOut(row + 1, kind, _beginning(cells)))
        else:
            data.append(row)
    return data, left_out


class _Repeated:
    """Header rows that stand again: at the top of a printed page, or where two files were put together."""

    def __init__(self, grid: Grid, rows: HeaderRows) -> None:
        header = [(_squeezed(grid.rows[row]), "repeated_header") for row in range(rows.first, rows.last + 1)]
        numbers = [] if rows.numbers is None else [(_squeezed(grid.rows[rows.numbers]), "column_numbers")]
        self._rows = [(cells, kind) for cells, kind in (*header, *numbers) if cells]
        self._openings = {next(iter(cells.values())) for cells, _ in self._rows}
        self._next = 0

    def kind(self, cells: Sequence[Cell]) -> str | None:
        """What a row repeats; one of a single text may as well head a group, unless the row above repeats."""
        first = next(cell for cell in cells if not is_blank(cell))
        if self._next == 0 and _squeeze(first) not in self._openings:
            return None
        squeezed = _squeezed(cells)
        for position, (header, kind) in enumerate(self._rows):
            if squeezed == header and (len(header) > 1 or 0 < position == self._next):
                self._next = position + 1
                return kind
        self._next = 0
        return None


def _squeezed(cells: Sequence[Cell]) -> dict[int, str]:
    return {column: _squeeze(cell) for column, cell in enumerate(cells) if not is_blank(cell)}


def _squeeze(cell: Cell) -> str:
    return " ".join(clean_text(cell_text(cell) or "").split())


def _fill_down(
    sheet: Sheet, paths: Sequence[HeaderPath], data: Sequence[int], columns: Sequence[list[Cell]]
) -> None:
    """Gives every row what is merged over it and says of whom or when it speaks; amounts stay where they are.

    An amount merged over two rows is the sum of both, and repeating it would count it twice.
    """
    positions = {row: position for position, row in enumerate(data)}
    for first_row, column, last_row, _ in sheet.merges:
        if first_row not in positions or column >= len(columns) or is_quantity(paths[column]):
            continue
        value = sheet.rows[first_row][column]
        if not isinstance(value, str | date):
            continue
        for row in range(first_row + 1, min(last_row, data[-1]) + 1):
            if row in positions and is_blank(columns[column][positions[row]]):
                columns[column][positions[row]] = value


def _beginning(cells: Sequence[Cell]) -> str:
    return beginning(cell_text(cell) or "" for cell in cells)


def _split_merged(grid: Grid, rows: HeaderRows, paths: list[HeaderPath], holds: Sequence[bool]) -> None:
    """Leaves a heading merged over several columns to those that hold something, or to the first."""
    column = 0
    while column < grid.width:
        start = grid.owner(rows.last, column)
        end = column
        while end + 1 < grid.width and grid.owner(rows.last, end + 1) == start:
            end += 1
        merged = range(column, end + 1)
        used = [c for c in merged if holds[c]] or [column]
        for c in merged:
            if c not in used:
                paths[c] = ()
        column = end + 1
