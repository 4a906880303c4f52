"""No curated number is NaN or infinite, over a whole synthetic year; that such a table is not published is
tested in tests/unit/test_publish.py.
"""

from pathlib import Path

import polars as pl
import polars.selectors as cs


def test_no_curated_number_is_nan_or_infinite(demo_home: Path) -> None:
    checked = 0
    for path in sorted((demo_home / "data/curated/current").glob("*.parquet")):
        floats = pl.read_parquet(path).select(cs.float())
        odd = floats.select((~pl.all().is_finite()).sum())
        assert not odd.width or not any(odd.row(0)), f"{path.stem}: {odd.to_dicts()}"
        checked += sum(floats.height - column.null_count() for column in floats)
    assert checked > 100_000, "the demo holds too few numbers to prove anything"
