"""The tile map of a province: a tile for each commune, none on another, about where it lies."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tiendo.report.site.tiles import Spot, tile_map
from tiendo.settings import DBT_PROJECT

degrees = some.tuples(some.floats(8, 24), some.floats(102, 110))


@given(some.lists(degrees, max_size=60))
@settings(max_examples=60, deadline=None)
def test_each_unit_has_a_cell_of_its_own_inside_the_map(places: list[tuple[float, float]]) -> None:
    spots = [Spot(f"{number:05}", *place) for number, place in enumerate(places)]
    found = tile_map(spots)
    assert set(found.cells) == {spot.org_code for spot in spots}
    assert len(set(found.cells.values())) == len(spots)
    assert all(
        1 <= row <= found.rows and 1 <= column <= found.columns for row, column in found.cells.values()
    )
    assert tile_map(list(reversed(spots))) == found


@pytest.mark.parametrize("province", ["66", "68", "75"])
def test_north_stays_above_and_west_left(province: str) -> None:
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select org_code, latitude::double, longitude::double from read_csv($file, all_varchar = true) "
            "where province_code = $province and org_level = 'commune' and valid_to is null",
            {"file": str(DBT_PROJECT / "seeds/reference/org_units.csv"), "province": province},
        ).fetchall()
    found = tile_map([Spot(*row) for row in rows])
    assert len(found.cells) == len(rows) > 90
    assert found.columns <= 14
    pairs = [(one, other) for one in rows for other in rows if one[1] > other[1]]
    kept = sum(found.cells[one[0]][0] <= found.cells[other[0]][0] for one, other in pairs)
    assert kept / len(pairs) > 0.9
    pairs = [(one, other) for one in rows for other in rows if one[2] < other[2]]
    kept = sum(found.cells[one[0]][1] <= found.cells[other[0]][1] for one, other in pairs)
    assert kept / len(pairs) > 0.9
