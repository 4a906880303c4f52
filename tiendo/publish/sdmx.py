"""`indicator_progress` as SDMX-CSV 2.0, for statistics programs that expect that exchange format.

One observation per row of the table; what the columns mean stands in `sdmx/structure.json` beside the file.
The keys are those of the table's grain, so each row can be found again in the Parquet file.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiendo.publish.files import to_json
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.sdmx_structure import DATAFLOW, Code, build_structure
from tiendo.publish.tables import connect
from tiendo.quoting import sql_text

if TYPE_CHECKING:
    import duckdb

SDMX_TABLES = frozenset({"indicator_progress", "dim_org_unit", "dim_indicator", "dim_plan", "dim_status"})

# A code that was given to another unit before keeps its plain form for the unit of today only.
PLACES = """
select *, case when is_current then org_code else org_code || '_' || strftime(valid_from, '%Y%m%d') end
    as ref_area
from read_parquet('{folder}/dim_org_unit.parquet')
"""
# The first rule that applies, from what is missing to what is doubtful; the codes are those of the SDMX list.
OBS_STATUS = """
case
    when actual is null and denominator = 0 then 'M'
    when actual is null then 'O'
    when basis = 'full_year_estimate' then 'E'
    when status = 'withheld' then 'U'
    when maturity = 'provisional' or coverage_share < 1 then 'P'
    when not is_verified then 'V'
    else 'A'
end
"""
OBSERVATIONS = """
select
    'dataflow' as "STRUCTURE",
    '{dataflow}' as "STRUCTURE_ID",
    'I' as "ACTION",
    case period_kind when 'month' then 'M' when 'quarter' then 'Q' when 'half_year' then 'S' else 'A' end
        as "FREQ",
    coalesce(places.ref_area, progress.org_code) as "REF_AREA",
    indicator_code as "INDICATOR",
    coalesce(plan_id, '_Z') as "PLAN",
    coalesce(row_ref, '_Z') as "PLAN_ROW",
    replace(period, '-H', '-S') as "TIME_PERIOD",
    actual as "OBS_VALUE",
    {obs_status} as "OBS_STATUS",
    upper(unit) as "UNIT_MEASURE",
    status as "VERDICT",
    comparator as "COMPARATOR",
    cast(target as double) as "TARGET",
    cast(target_low as double) as "TARGET_LOW",
    cast(target_high as double) as "TARGET_HIGH",
    expected_now as "EXPECTED_NOW",
    is_primary as "IS_PRIMARY",
    variant as "VARIANT",
    basis as "BASIS",
    source_kind as "SOURCE_KIND",
    data_cutoff as "DATA_CUTOFF",
    coverage_share as "COVERAGE"
from read_parquet('{folder}/indicator_progress.parquet') as progress
left join ({places}) as places
    on progress.org_code = places.org_code and progress.org_valid_from = places.valid_from
order by "REF_AREA", "INDICATOR", "PLAN", "PLAN_ROW", period_end, "FREQ"
"""
CODE_LISTS = {
    "CL_AREA": """
        select ref_area, org_name_vi || if(is_current, '', ' (đến ' || strftime(valid_to, '%d/%m/%Y') || ')'),
            null from ({places}) where (org_code, valid_from) in (
            select (org_code, org_valid_from) from read_parquet('{folder}/indicator_progress.parquet'))
    """,
    "CL_INDICATOR": """
        select indicator_code, indicator_name_vi, indicator_name_en
        from read_parquet('{folder}/dim_indicator.parquet')
    """,
    "CL_PLAN": """
        select plan_id, concat_ws(', ', plan_number, issuer_vi), null
        from read_parquet('{folder}/dim_plan.parquet')
        union all select '_Z', 'Không có mục tiêu', 'No target (not applicable)'
    """,
    "CL_VERDICT": "select status, label_vi, label_en from read_parquet('{folder}/dim_status.parquet')",
}


def write_sdmx(folder: Path, inputs: ReleaseInputs) -> None:
    """Writes `sdmx/indicator_progress.csv` and `sdmx/structure.json` into a release.

    Args:
        folder: The release being staged, with the Parquet files of `SDMX_TABLES`.
        inputs: What went into the release; the structure bears its day.
    """
    target = folder / "sdmx"
    target.mkdir()
    with connect(folder) as connection:
        observations = _filled(OBSERVATIONS, folder, obs_status=OBS_STATUS)
        file = sql_text(target / "indicator_progress.csv")
        connection.execute(f"copy ({observations}) to {file} (format csv, header)")
        lists = {name: _codes(connection, _filled(sql, folder)) for name, sql in CODE_LISTS.items()}
    structure = build_structure(lists, inputs.as_of)
    (target / "structure.json").write_text(to_json(structure, sort_keys=False), encoding="utf-8")


def _filled(sql: str, folder: Path, **more: Any) -> str:
    # The queries have it at the beginning of quoted paths.
    quoted = sql_text(folder)[1:-1]
    return sql.format(folder=quoted, places=PLACES.format(folder=quoted), dataflow=DATAFLOW, **more)


def _codes(connection: "duckdb.DuckDBPyConnection", sql: str) -> list[Code]:
    rows = connection.execute(f"from ({sql}) order by 1").fetchall()
    return [Code(str(code), str(vi), str(en) if en else None) for code, vi, en in rows]
