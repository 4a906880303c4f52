"""What a release offers beside its tables to programs and people that know other formats.

Everything is written from the catalogue and from the tables just published, so it cannot say something else
than they do; nothing depends on the clock.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tiendo.publish.catalogue import CuratedTable
from tiendo.publish.datapackage import build_datapackage
from tiendo.publish.dictionary_workbook import build_dictionary_workbook
from tiendo.publish.files import hash_file, to_json
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.sdmx import SDMX_TABLES, write_sdmx
from tiendo.publish.tables import connect, unreadable

DATAPACKAGE = "datapackage.json"
PLANS = """
select concat_ws(', ',
    'Kế hoạch / Plan ' || coalesce(nullif(plan_number, ''), plan_id), issuer_vi,
    strftime(issued_on, '%d/%m/%Y'), plan_id
) from read_parquet(?) order by plan_id
"""
PUBLISHERS = """
select 'Số đã công bố / Published figures: ' || publisher_vi from read_parquet(?)
where publisher_vi is not null
    and indicator_code in (select indicator_code from read_parquet(?) where source_kind = 'published')
group by publisher_vi order by publisher_vi
"""


def write_open_formats(
    folder: Path, tables: Sequence[CuratedTable], rows: Mapping[str, int], inputs: ReleaseInputs
) -> None:
    """Writes `datapackage.json`, `dictionary.xlsx` and `sdmx/` into a release.

    Args:
        folder: The release being staged, with `<table>.parquet` for each table.
        tables: Published tables.
        rows: Rows per table.
        inputs: What went into the release.

    Raises:
        TiendoError: TD-606 where DuckDB cannot read the tables or write the file.
        OSError: Where another file cannot be written.
    """
    import duckdb

    names = {table.name for table in tables}
    hashes = {path.name: hash_file(path) for path in folder.glob("*.parquet")}
    try:
        sources = _sources(folder, names)
        if names >= SDMX_TABLES:
            write_sdmx(folder, inputs)
    except duckdb.Error as error:
        raise unreadable(str(error).splitlines()[0]) from error
    package = build_datapackage(tables, rows, hashes, inputs, sources)
    (folder / DATAPACKAGE).write_text(to_json(package, sort_keys=False), encoding="utf-8")
    (folder / "dictionary.xlsx").write_bytes(build_dictionary_workbook(tables, rows, inputs))


def _sources(folder: Path, names: set[str]) -> list[str]:
    """The plans, then the publishers of published figures, as one citation each."""

    def path(table: str) -> str:
        return str(folder / f"{table}.parquet")

    found: list[str] = []
    with connect(folder) as connection:
        if "dim_plan" in names:
            found += [str(row[0]) for row in connection.execute(PLANS, [path("dim_plan")]).fetchall()]
        if {"dim_indicator", "indicator_progress"} <= names:
            parameters = [path("dim_indicator"), path("indicator_progress")]
            found += [str(row[0]) for row in connection.execute(PUBLISHERS, parameters).fetchall()]
    return found
