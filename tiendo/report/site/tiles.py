"""A map of tiles: one for each unit of a province, about where the unit lies.

A map of areas would show the large and empty communes; tiles show each as one, with room for its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, cos, radians, sqrt

# Cells per unit: enough to leave gaps where nobody lives, few enough for a page.
CELLS_PER_UNIT = 1.35
MOST_COLUMNS, FEWEST_COLUMNS = 14, 6


@dataclass(frozen=True)
class Spot:
    """A unit and where it lies, in degrees."""

    org_code: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class TileMap:
    """Columns, rows, and the cell of each unit: row and column from 1, from the north-west."""

    columns: int
    rows: int
    cells: dict[str, tuple[int, int]]


def tile_map(spots: Sequence[Spot]) -> TileMap:
    """Places each unit on a cell of its own, close to where it lies.

    Half of the way between the true place and the place in order, so that towns do not crowd each other out;
    then each takes the free cell that is nearest, those that lie in the middle of a cell first.
    """
    if not spots:
        return TileMap(0, 0, {})
    columns, rows = _size(spots)
    across = _spread({spot.org_code: spot.longitude for spot in spots})
    down = _spread({spot.org_code: -spot.latitude for spot in spots})
    wished = {code: (down[code] * (rows - 1), across[code] * (columns - 1)) for code in sorted(across)}
    free = {(row, column) for row in range(rows) for column in range(columns)}

    def away(code: str, cell: tuple[int, int]) -> float:
        return (wished[code][0] - cell[0]) ** 2 + (wished[code][1] - cell[1]) ** 2

    cells: dict[str, tuple[int, int]] = {}
    centred = sorted(wished, key=lambda code: (away(code, _nearest(wished[code])), code))
    for code in centred:
        cell = _nearest(wished[code])
        if cell not in free:
            cell = min(free, key=lambda each: (away(code, each), each))
        free.remove(cell)
        cells[code] = cell
    return _trimmed(cells)


def _size(spots: Sequence[Spot]) -> tuple[int, int]:
    """Columns and rows in the proportions of the province."""
    latitudes = [spot.latitude for spot in spots]
    longitudes = [spot.longitude for spot in spots]
    height = max(latitudes) - min(latitudes)
    width = (max(longitudes) - min(longitudes)) * cos(radians(sum(latitudes) / len(latitudes)))
    wide = width / height if width > 0 and height > 0 else 1.0
    # A tile is wider than high, so that a name fits.
    columns = round(sqrt(CELLS_PER_UNIT * len(spots) * wide * 0.8))
    columns = max(min(columns, MOST_COLUMNS), min(FEWEST_COLUMNS, len(spots)))
    return columns, ceil(CELLS_PER_UNIT * len(spots) / columns)


def _spread(values: dict[str, float]) -> dict[str, float]:
    """Numbers from 0 to 1, half by size and half by order."""
    low, high = min(values.values()), max(values.values())
    ordered = sorted(values, key=lambda code: (values[code], code))
    last = max(len(ordered) - 1, 1)
    span = (high - low) or 1.0
    return {code: ((values[code] - low) / span + place / last) / 2 for place, code in enumerate(ordered)}


def _nearest(wish: tuple[float, float]) -> tuple[int, int]:
    return round(wish[0]), round(wish[1])


def _trimmed(cells: dict[str, tuple[int, int]]) -> TileMap:
    """Without empty rows and columns at the edges, counted from 1."""
    top, left = min(row for row, _ in cells.values()), min(column for _, column in cells.values())
    placed = {code: (row - top + 1, column - left + 1) for code, (row, column) in cells.items()}
    rows, columns = max(row for row, _ in placed.values()), max(column for _, column in placed.values())
    return TileMap(columns, rows, dict(sorted(placed.items())))
