"""Loads the extracts into DuckDB with dlt, and nothing else: `python load_with_dlt.py RAW OUT rows|arrow`.

`rows` is how dlt's guide reads CSV files; `arrow` hands it whole tables, the fastest way it knows. Both load
what the cells say: no row is checked, none is set aside, identifiers stay as they are.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import dlt
import pyarrow as pa
from dlt.sources.filesystem import filesystem, read_csv
from pyarrow import csv


@dlt.resource(name="dossier")
def tables(raw: Path) -> Iterator[pa.Table]:
    """Each extract as a table of texts."""
    for path in sorted(raw.glob("dossier/*/*/*.csv")):
        header = csv.open_csv(path).schema.names
        yield csv.read_csv(
            path, convert_options=csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()))
        )


def main() -> None:
    """Reads the command line."""
    raw, out, way = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    os.environ["DLT_DATA_DIR"] = str(out / "dlt")
    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.duckdb(str(out / "dlt.duckdb")),
        dataset_name="raw",
        pipelines_dir=str(out / "pipelines"),
    )
    if way == "arrow":
        pipeline.run(tables(raw), loader_file_format="parquet")
        return
    files = filesystem(bucket_url=raw.resolve().as_uri(), file_glob="dossier/**/*.csv") | read_csv(dtype=str)
    pipeline.run(files.with_name("dossier"))


if __name__ == "__main__":
    main()
