"""Rows of a release as plain values: decimals as floats, everything else as the tables hold it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from tiendo.publish.query import query

Row = dict[str, Any]


def rows_of(release: Path, sql: str) -> list[Row]:
    """The result of a statement, one dict per row."""
    return [
        {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        for row in query(release, sql).iter_rows(named=True)
    ]
