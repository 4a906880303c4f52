"""The pages that describe the tables, all from dbt's manifest: dictionary, star schema, dbt's own pages."""

from collections.abc import Iterator

from tiendo.publish.catalogue import CuratedTable, described, read_manifest
from tiendo.publish.dictionary_words import TYPE_WORDS, key_words
from tiendo.publish.units import UNITS
from tiendo.report.site.data import SiteData
from tiendo.report.site.dbt_docs import dbt_page
from tiendo.report.site.model import model_page
from tiendo.report.site.pages import Page

# Rows by table, out of the files' footers.
ROWS_SQL = """
select parse_filename(file_name, true) as table_name, sum(num_rows)::bigint as rows_counted
from parquet_file_metadata($files)
group by all
"""


def pages(site: SiteData) -> Iterator[Page]:
    """`dictionary.html`, `model.html`, `dbt/index.html`; without a manifest none of them.

    Raises:
        TiendoError: TD-601 where the manifest is there and describes the tables badly.
    """
    if not site.facts.dbt_manifest.is_file():
        return
    manifest = read_manifest(site.facts.dbt_manifest)
    tables = [table for table in described(manifest) if (site.release / f"{table.name}.parquet").is_file()]
    rows = rows_by_table(site)
    yield dictionary_page(tables, rows)
    yield model_page(tables, rows)
    yield dbt_page(site, manifest)


def rows_by_table(site: SiteData) -> dict[str, int]:
    """How many rows each table has."""
    files = [str(path) for path in sorted(site.release.glob("*.parquet"))]
    return {row["table_name"]: row["rows_counted"] for row in site.rows(ROWS_SQL, files=files)}


def dictionary_page(tables: list[CuratedTable], rows: dict[str, int]) -> Page:
    """Each table and column with label, type, unit and closed list."""
    context = {
        "tables": tables,
        "rows": rows,
        "types": TYPE_WORDS,
        "units": UNITS,
        "labels": {table.name: {column.name: column for column in table.columns} for table in tables},
        "published": {table.name for table in tables},
        "key_words": key_words,
    }
    return Page("dictionary.html", "dictionary.html.jinja", "Từ điển dữ liệu", "Data dictionary", context)
