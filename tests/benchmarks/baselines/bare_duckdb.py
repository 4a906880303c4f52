"""The same figures with nothing but DuckDB and its SQL: what somebody who knows both would write.

Run as `python bare_duckdb.py PROJECT RAW OUT AS_OF [land|publish]`; without a step it does both. Landing
reads the raw files with explicit types, checks every row, sets bad ones aside, replaces identifiers, and
writes a Parquet file for each extract; publishing takes the latest extract of each unit and month and writes
the measures.
"""

import sys
from pathlib import Path

from duckdb_landing import land
from duckdb_measures import publish


def main() -> None:
    """Reads the command line."""
    project, raw, out = (Path(argument) for argument in sys.argv[1:4])
    as_of, step = sys.argv[4], sys.argv[5] if len(sys.argv) > 5 else ""
    if step != "publish":
        land(project, raw, out)
    if step != "land":
        publish(project, out, as_of)


if __name__ == "__main__":
    main()
