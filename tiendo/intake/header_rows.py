"""Decides which rows of a sheet are the header: by known spellings, column numbers, merges, figures below.

Titles, unit lines and decisions stand above a header, figures below it; a header may have up to six rows.
"""

from typing import NamedTuple

from tiendo.intake.header_grid import MOST_TITLE_CELLS, Grid
from tiendo.intake.header_paths import header_paths
from tiendo.intake.headers import spelled
from tiendo.intake.tables import HeaderPath

_MOST_ROWS = 6
# Of several rows that could open the header, the first that is nearly as good as the best does.
_NEARLY = 0.7
_PER_SPELLING, _FOR_NUMBERS = 3, 5
_ENOUGH_SPELLINGS = 3


class HeaderRows(NamedTuple):
    """First and last row of a header, and the row of column numbers below it, from 0."""

    first: int
    last: int
    numbers: int | None = None


class _Candidate(NamedTuple):
    rows: HeaderRows
    columns: int
    spellings: int

    @property
    def score(self) -> int:
        numbered = _FOR_NUMBERS if self.rows.numbers is not None else 0
        return self.columns + _PER_SPELLING * self.spellings + numbered


def find_header_rows(grid: Grid, spellings: frozenset[str]) -> HeaderRows | None:
    """The rows of the header; None for a sheet without any filled cell."""
    found: list[_Candidate] = []
    for row in grid.filled:
        if not _may_open(grid, row, spellings):
            continue
        candidate = _candidate(grid, row, spellings)
        found.append(candidate)
        if candidate.spellings >= _ENOUGH_SPELLINGS and candidate.spellings * 2 > candidate.columns:
            break
    if not found:
        return _first_of(grid)
    best = max(candidate.score for candidate in found)
    return next(candidate.rows for candidate in found if candidate.score >= _NEARLY * best)


def _may_open(grid: Grid, row: int, spellings: frozenset[str]) -> bool:
    kind = grid.kind(row)
    return kind == "texts" or (kind == "single" and _is_spelling((grid.cells(row)[0][1],), spellings))


def _candidate(grid: Grid, first: int, spellings: frozenset[str]) -> _Candidate:
    rows = _rows_from(grid, first)
    while _is_title_above(grid, rows):
        rows = _rows_from(grid, _next_filled(grid, rows.first) or rows.last)
    found = _measured(grid, rows, spellings)
    return found if rows.numbers is not None else _lengthened(grid, found, spellings)


def _measured(grid: Grid, rows: HeaderRows, spellings: frozenset[str]) -> _Candidate:
    paths = {path for path in header_paths(grid, rows.first, rows.last) if path}
    return _Candidate(rows, len(paths), sum(_is_spelling(path, spellings) for path in paths))


def _lengthened(grid: Grid, found: _Candidate, spellings: frozenset[str]) -> _Candidate:
    """The header with rows below it where only the words of all these rows together make known names."""
    if found.spellings == found.columns:
        return found
    first, last, _ = found.rows
    second = _next_filled(grid, first) or 0
    while (last := _next_filled(grid, last) or 0) and last - first < _MOST_ROWS:
        if grid.kind(last) not in {"texts", "single"}:
            break
        longer = _measured(grid, HeaderRows(first, last), spellings)
        if longer.spellings > max(
            found.spellings, _measured(grid, HeaderRows(second, last), spellings).spellings
        ):
            found = longer
    return found


def _is_spelling(path: HeaderPath, spellings: frozenset[str]) -> bool:
    return any(key in spellings for key in spelled(path).keys if key)


def _first_of(grid: Grid) -> HeaderRows | None:
    """A sheet in which nothing looks like a header: its first row of several cells, else its first row."""
    several = (row for row in grid.filled if len(grid.cells(row)) > 1 and grid.kind(row) != "title")
    row = next(several, grid.filled[0] if grid.filled else None)
    return None if row is None else HeaderRows(row, row)


def _rows_from(grid: Grid, first: int) -> HeaderRows:
    last = _merged_to(grid, first, first)
    numbers = _numbers_below(grid, first, last)
    if numbers is not None:
        above = [row for row in grid.filled if first <= row < numbers]
        return HeaderRows(first, max(last, above[-1]), numbers)
    while (below := _next_filled(grid, last)) and below - first < _MOST_ROWS:
        if not _continues(grid, first, last, below):
            break
        last = _merged_to(grid, first, below)
    return HeaderRows(first, last)


def _merged_to(grid: Grid, first: int, last: int) -> int:
    """Last row that cells beginning in these rows reach."""
    row = first
    while row <= last:
        reached = [grid.last_row_of(row, column) for column, _ in grid.cells(row)]
        last = max([last, *(end for end in reached if end - first < _MOST_ROWS)])
        row += 1
    return last


def _next_filled(grid: Grid, row: int) -> int | None:
    return next((below for below in grid.filled if below > row), None)


def _numbers_below(grid: Grid, first: int, last: int) -> int | None:
    """The row of column numbers, where nothing but header rows stands between."""
    previous = first
    for row in grid.filled:
        if row <= first:
            continue
        kind = grid.kind(row)
        if kind == "numbers":
            return row if _covers(grid, first, row) else None
        is_between = kind in {"texts", "single"} or row <= last
        if not is_between or row - first >= _MOST_ROWS or row - previous > _MOST_ROWS:
            return None
        previous = row
    return None


def _covers(grid: Grid, first: int, numbers: int) -> bool:
    """Whether the numbers stand below most columns; so many records do not begin with 1, 2, 3."""
    columns = sum(1 for path in header_paths(grid, first, numbers - 1) if path)
    return len(grid.cells(numbers)) * 3 > columns


def _continues(grid: Grid, first: int, last: int, row: int) -> bool:
    """Whether a row goes on with the header above: it splits merged headings or fills in missing ones."""
    if grid.kind(row) not in {"texts", "single"} or row - last > 1:
        return False
    cells = grid.cells(row)
    if all(_is_below_group(grid, first, last, column) for column, _ in cells):
        return True
    paths = header_paths(grid, first, last)
    leading = next((column for column, path in enumerate(paths) if path), 0)
    fills = any(not paths[column] for column, _ in cells)
    return fills and len(cells) > 1 and cells[0][0] > leading


def _is_below_group(grid: Grid, first: int, last: int, column: int) -> bool:
    row, left = grid.owner(last, column)
    return row >= first and bool(grid.texts(row)[left]) and grid.spans.get((row, left), (row, left))[1] > left


def _is_title_above(grid: Grid, rows: HeaderRows) -> bool:
    """Whether the first row is a title of two parts: it heads no column alone, not even the leading one."""
    below = _next_filled(grid, rows.first)
    if below is None or below > rows.last:
        return False
    cells = grid.cells(rows.first)
    widest = max(len(grid.cells(row)) for row in range(below, rows.last + 1))
    paths = header_paths(grid, below, rows.last)
    heads_alone = any(path and not paths[column] for column, path in enumerate(header_paths(grid, *rows[:2])))
    leading = next((column for column, path in enumerate(paths) if path), 0)
    return (
        not heads_alone
        and (not cells or cells[0][0] <= leading)
        and len(cells) * 2 <= widest
        and len(cells) <= MOST_TITLE_CELLS
    )
