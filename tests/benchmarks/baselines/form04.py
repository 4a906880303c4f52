"""Form 04 for the comparisons: workbooks read with calamine, checked, and added up by DuckDB."""

from pathlib import Path

import duckdb
import pyarrow as pa
from forms import measures_of, submission_of
from python_calamine import CalamineWorkbook

HEADERS = {
    "mã đơn vị": "org_code",
    "tên đơn vị": "org_name",
    "kỳ báo cáo": "period",
    "đơn vị cung cấp": "sender",
    "dân số": "population",
    "nguồn dân số": "population_source",
    "dân số được phủ sóng 5g": "population_5g",
    "diện tích": "area_km2",
    "diện tích phủ sóng 5g": "area_5g_km2",
    "số thôn, buôn": "villages",
    "số thôn lõm sóng": "villages_no_signal",
    "số thôn lõm sóng đầu năm": "villages_no_signal_start",
    "số trạm 5g": "bts_5g",
}
TEXTS = ("org_code", "org_name", "period", "sender", "population_source")
PAIRS = (
    ("population_5g", "population"),
    ("area_5g_km2", "area_km2"),
    ("villages_no_signal", "villages"),
)
KEEP = """
copy (
    with judged as (
        select
            *,
            exists (
                select 1 from units
                where unit_code = org_code
                    and last_day((period || '-01')::date) between valid_from and valid_to
            ) and population is not null and {pairs} as is_good
        from cells
    )
    select *, md5(concat_ws(chr(31), {names})) as row_hash from judged
) to '{target}' (compression zstd)
"""
MEASURES = """
copy (
    with known as (
        select * from '{out}/coverage.parquet' where is_good and sender is null
        qualify row_number() over (partition by org_code, period order by submission_id desc) = 1
    ),
    parts as ({parts}),
    placed as (
        select parts.*, units.province_code from parts
        inner join units
            on org_code = unit_code and last_day((period || '-01')::date) between valid_from and valid_to
        where org_level = 'commune'
    ),
    added as (
        select org_code, indicator_code, variant, period, numerator, denominator from placed
        union all
        select province_code, indicator_code, variant, period, sum(numerator), sum(denominator) from placed
        group by all
    )
    select *, 100 * numerator::double / nullif(denominator::double, 0) as actual from added
    where numerator is not null and denominator is not null
    order by all
) to '{out}/coverage_measures.parquet' (compression zstd)
"""


def land(connection: duckdb.DuckDBPyConnection, raw: Path, out: Path) -> None:
    """All rows of all workbooks in one file, good and bad ones told apart."""
    rows = [row for path in sorted(raw.glob("coverage/*/*/*.xlsx")) for row in rows_of(path)]
    names = [*HEADERS.values(), "submission_id"]
    columns = {
        name: pa.array(
            [row.get(name) for row in rows],
            pa.string() if name in (*TEXTS, "submission_id") else pa.float64(),
        )
        for name in names
    }
    connection.register("cells", pa.table(columns))
    pairs = " and ".join(f"coalesce({part} <= {whole}, true)" for part, whole in PAIRS)
    words = ", ".join(f"coalesce({name}::varchar, chr(0))" for name in names)
    connection.execute(KEEP.format(target=out / "coverage.parquet", pairs=pairs, names=words))


def rows_of(path: Path) -> list[dict[str, str | float | None]]:
    """The rows of a workbook by column."""
    header, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    names = [HEADERS[str(text).strip().lower()] for text in header]
    submission = submission_of(path)[2]
    return [
        {name: value_of(name, cell) for name, cell in zip(names, row, strict=True)}
        | {"submission_id": submission}
        for row in rows
    ]


def value_of(name: str, cell: object) -> str | float | None:
    """A cell as text or number; numbers may be written `1.234,5`, months `03/2026`."""
    if cell in ("", None):
        return None
    if name == "period":
        month, _, year = str(cell).partition("/")
        return f"{year}-{month}" if year else month
    if name in TEXTS:
        return str(cell)
    return float(cell.replace(".", "").replace(",", ".")) if isinstance(cell, str) else float(str(cell))


def publish(connection: duckdb.DuckDBPyConnection, project: Path, out: Path) -> None:
    """The measures of coverage by commune, province and month."""
    parts = " union all ".join(
        f"select '{each['indicator_code']}' as indicator_code, '{each['variant']}' as variant, org_code,"
        f" period, {part(each, 'numerator')}, {part(each, 'denominator')} from known"
        for each in measures_of(project, "F04")
    )
    connection.execute(MEASURES.format(out=out, parts=parts))


def part(measure: dict[str, str], side: str) -> str:
    """A row's numerator or denominator in a measure."""
    rule, summed = measure[f"{side}_rule"], measure[f"{side}_sum"]
    return f"(case when {rule} then {summed} end)::decimal(18, 6) as {side}"
