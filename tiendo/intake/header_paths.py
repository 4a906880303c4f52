"""Reads a header of several rows as one path per column: ('Quyết toán', 'Ngân sách cấp tỉnh').

Forms set 'Trong đó' beside the figure it splits, not below it: it stands for its neighbour on the left.
"""

from tiendo.intake.folding import fold
from tiendo.intake.header_grid import Grid
from tiendo.intake.tables import HeaderPath

_PARTS_OF = frozenset(
    {
        "trong do",
        "bao gom",
        "gom",
        "chia ra",
        "trong do gom",
        "trong do bao gom",
        "trong do chia ra",
        "bao gom ca",
        "of which",
    }
)
# In taller headers without merged cells the words of one column run over the rows.
_MOST_ROWS_OF_GROUPS = 3


def header_paths(grid: Grid, first: int, last: int) -> list[HeaderPath]:
    """The header texts of every column from the top row to the lowest; () where there is none."""
    return [_path(grid, first, last, column) for column in range(grid.width)]


def _path(grid: Grid, first: int, last: int, column: int) -> HeaderPath:
    parts: list[str] = []
    seen: set[tuple[int, int]] = set()
    for row in range(first, last + 1):
        at = _heading(grid, first, last, row, column)
        if at is None or at in seen:
            continue
        seen.add(at)
        text = grid.texts(at[0])[at[1]]
        if not is_part_of(text):
            parts.append(text)
        elif (whole := _whole_of(grid, first, *at)) and parts[-1:] != [whole]:
            parts.append(whole)
    return tuple(parts)


def is_part_of(text: str) -> bool:
    """Whether a heading only says that parts of another figure follow ('Trong đó:')."""
    return fold(text) in _PARTS_OF


def _heading(grid: Grid, first: int, last: int, row: int, column: int) -> tuple[int, int] | None:
    """Where the text begins that heads a column in a row; an unmerged group reaches to the right."""
    at = grid.owner(row, column)
    if at[0] < first:
        return None
    if grid.texts(at[0])[at[1]]:
        return at
    if (
        grid.is_merged(row, column)
        or last - first >= _MOST_ROWS_OF_GROUPS
        or not _below(grid, row, last, column)
    ):
        return None
    left = column - 1
    while left >= 0 and not grid.shown(row, left) and not grid.is_merged(row, left):
        left -= 1
    is_group = left >= 0 and not grid.is_merged(row, left) and _below(grid, row, last, left)
    return (row, left) if is_group and _same_above(grid, first, row, left, column) else None


def _below(grid: Grid, row: int, last: int, column: int) -> bool:
    return any(grid.texts(lower)[column] for lower in range(row + 1, last + 1))


def _same_above(grid: Grid, first: int, row: int, left: int, column: int) -> bool:
    return row == first or grid.owner(row - 1, left) == grid.owner(row - 1, column)


def _whole_of(grid: Grid, first: int, row: int, column: int) -> str:
    """The nearest heading to the left below the same upper one, '' where parts stand below their whole."""
    for left in range(column - 1, -1, -1):
        if row > first and not _same_above(grid, first, row, left, column):
            break
        text = grid.shown(row, left) if grid.owner(row, left)[0] >= first else ""
        if text and not is_part_of(text):
            return text
    return ""
