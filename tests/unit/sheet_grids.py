"""Tiny sheets as tests draw them: rows of any length, None where a cell is empty."""

from tiendo.intake.tables import Merge, Sheet


def sheet(*rows, merges=(), name="Biểu", is_hidden=False):
    width = max(map(len, rows), default=0)
    squared = [[*row, *[None] * (width - len(row))] for row in rows]
    return Sheet(name, squared, tuple(Merge(*merge) for merge in merges), is_hidden)


def merged(*names):
    """Merges by their Excel names: 'A1:C1'."""
    return [_merge(*name.split(":")) for name in names]


def _merge(start, end):
    (first_row, first_column), (last_row, last_column) = _cell(start), _cell(end)
    return first_row, first_column, last_row, last_column


def _cell(name):
    return int(name[1:]) - 1, ord(name[0]) - ord("A")
