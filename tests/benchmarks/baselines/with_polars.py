"""The same figures with polars; run as bare_duckdb.py: `python with_polars.py PROJECT RAW OUT AS_OF [STEP]`.

Leaves out: identifiers and rows are hashed by polars' own hash, 64 bits twice under a seed, which keeps no
secret; polars has no other. Workbooks and their measures are those of form04.py.
"""

import sys
from datetime import date
from pathlib import Path

from polars_landing import land
from polars_measures import publish


def main() -> None:
    """Reads the command line."""
    project, raw, out = (Path(argument) for argument in sys.argv[1:4])
    as_of, step = date.fromisoformat(sys.argv[4]), sys.argv[5] if len(sys.argv) > 5 else ""
    if step != "publish":
        land(project, raw, out)
    if step != "land":
        publish(project, out, as_of)


if __name__ == "__main__":
    main()
