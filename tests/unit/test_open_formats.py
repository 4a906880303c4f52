"""Data package, dictionary and SDMX of a release, each read by a program that is not ours."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import openpyxl
import pytest
import yaml
from pysdmx.io import get_datasets, read_sdmx

from tiendo.messages import TiendoError
from tiendo.publish.catalogue import CuratedColumn, CuratedTable, ForeignKey
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.open_formats import write_open_formats
from tiendo.publish.sdmx_structure import ATTRIBUTES, DIMENSIONS, MEASURE, TIME
from tiendo.publish.units import UNITS

MARTS = Path(__file__).parents[2] / "dbt_project/models/marts"
INPUTS = ReleaseInputs(date(2026, 6, 30), datetime(2026, 7, 1, tzinfo=UTC), "a" * 64, "0.1.0")
# Place (number of its row), indicator, plan row, period, and what decides OBS_STATUS.
ROWS = """
    (2, 'infra_5g', 'PL1.1', '2026-05', 'month', 50, 10, null, 'final', 'at_risk', 1, true, 'A'),
    (2, 'infra_5g', 'PL1.1', '2026-Q2', 'quarter', 51, 10, null, 'provisional', 'at_risk', 1, null, 'P'),
    (2, 'infra_5g', 'PL1.1', '2026-H1', 'half_year', 52, 10, null, null, 'at_risk', 0.9, null, 'P'),
    (2, 'infra_5g', 'PL1.1', '2026', 'year', 53, 10, 'full_year_estimate', null, 'no_data', 1, null, 'E'),
    (2, 'infra_5g', null, '2026-05', 'month', 54, 10, null, null, 'withheld', 0.2, null, 'U'),
    (2, 'infra_5g', null, '2026-06', 'month', 55, 10, null, null, 'no_data', null, false, 'V'),
    (1, 'infra_5g', null, '2025-06', 'month', null, 0, null, null, 'no_data', 1, null, 'M'),
    (1, 'infra_5g', null, '2025-05', 'month', null, null, null, null, 'no_data', null, null, 'O')
"""
SETUP = f"""
create table dim_org_unit as from (values
    ('66', date '2004-07-08', date '2025-06-30', false, 'Tỉnh Đắk Lắk'),
    ('66', date '2025-07-01', null, true, 'Tỉnh Đắk Lắk')
) as t (org_code, valid_from, valid_to, is_current, org_name_vi);
create table dim_indicator as select 'infra_5g' as indicator_code, 'Phủ sóng 5G' as indicator_name_vi,
    '5G coverage' as indicator_name_en, null::varchar as publisher_vi;
create table dim_plan as select 'dl-2026' as plan_id, '12/KH-UBND' as plan_number, 'UBND tỉnh' as issuer_vi,
    date '2026-01-10' as issued_on;
create table dim_status as from (values
    ('at_risk', 'Có nguy cơ chậm', 'At risk'), ('no_data', 'Chưa có', 'None'), ('withheld', 'Chưa đủ', 'Few')
) as t (status, label_vi, label_en);
create table indicator_progress as
select '66' as org_code, if(place = 1, date '2004-07-08', date '2025-07-01') as org_valid_from,
    indicator_code, if(row_ref is null, null, 'dl-2026') as plan_id, row_ref, period, period_kind,
    date '2026-06-30' as period_end, actual::double as actual, denominator::decimal(18, 6) as denominator,
    basis, maturity, status, coverage_share::double as coverage_share, is_verified, expected as variant,
    'percent' as unit, 'at_least' as comparator, 70::decimal(18, 6) as target,
    70::decimal(18, 6) as target_low, null::decimal(18, 6) as target_high, null::double as expected_now,
    true as is_primary, 'computed' as source_kind, if(place = 1, date '2025-05-25', null) as data_cutoff
from (values {ROWS}) as t (place, indicator_code, row_ref, period, period_kind, actual, denominator, basis,
    maturity, status, coverage_share, is_verified, expected);
"""
GRAINS = {
    "dim_org_unit": ("org_code", "valid_from"),
    "dim_indicator": ("indicator_code",),
    "dim_plan": ("plan_id",),
    "dim_status": ("status",),
    "indicator_progress": ("org_code", "org_valid_from", "indicator_code", "plan_id", "row_ref", "period"),
}
KEYS = (
    ForeignKey(("indicator_code",), "dim_indicator", ("indicator_code",)),
    ForeignKey(("org_code", "org_valid_from"), "dim_org_unit", ("org_code", "valid_from")),
    ForeignKey(("plan_id",), "dim_plan", ("plan_id",)),
)


def curated(connection: duckdb.DuckDBPyConnection, name: str) -> CuratedTable:
    described = connection.execute(f"describe {name}").fetchall()
    columns = [
        CuratedColumn(
            name=column,
            data_type=data_type,
            description=f"What <{column}> holds.",
            label_vi=f"Nhãn {column}",
            label_en=f"Label {column}",
            unit="percent" if column == "coverage_share" else None,
            is_required=column in GRAINS[name] and name != "indicator_progress",
            allowed_values=("at_risk", "no_data", "withheld") if column == "status" else (),
        )
        for column, data_type, *_ in described
    ]
    keys = KEYS if name == "indicator_progress" else ()
    return CuratedTable(name, f"Table {name}.", GRAINS[name], tuple(columns), keys, f"Bảng {name}", name)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The same small release written twice."""
    folders = [tmp_path_factory.mktemp("it's a release") for _ in range(2)]
    for folder in folders:
        with duckdb.connect() as connection:
            connection.execute(SETUP)
            for name in GRAINS:
                path = str(folder / f"{name}.parquet").replace("'", "''")
                connection.execute(f"copy {name} to '{path}' (format parquet)")
            tables = [curated(connection, name) for name in GRAINS]
        rows = dict.fromkeys(GRAINS, 2) | {"indicator_progress": 1234}
        write_open_formats(folder, tables, rows, replace(INPUTS, is_synthetic=True))
    return folders


@pytest.fixture(scope="module")
def release(releases: list[Path]) -> Path:
    return releases[0]


def as_csv(folder: Path, names: list[str], target: Path) -> frictionless.Package:
    """The data package over the same tables written as CSV, which frictionless reads without further help."""
    package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [resource for resource in package["resources"] if resource["name"] in names]
    for resource in package["resources"]:
        source, path = str(folder / resource["path"]).replace("'", "''"), target / f"{resource['name']}.csv"
        duckdb.sql(f"copy (from read_parquet('{source}')) to '{path}' (header, nullstr '(empty)')")
        resource |= {"path": path.name, "format": "csv", "mediatype": "text/csv"}
        del resource["bytes"], resource["hash"], resource["rows"]
        keys: list[dict[str, Any]] = resource["schema"].get("foreignKeys", [])
        resource["schema"]["missingValues"] = ["(empty)"]
        resource["schema"]["foreignKeys"] = [key for key in keys if key["reference"]["resource"] in names]
    assert frictionless.Package.validate_descriptor(package).valid
    return frictionless.Package.from_descriptor(package, basepath=str(target))


def sdmx_problems(folder: Path) -> tuple[int, list[str]]:
    """Number of observations, and what pysdmx's reading of structure and data finds at odds."""
    message = read_sdmx(folder / "sdmx/structure.json", validate=True)
    assert len(message.structures) == 10
    (data,) = get_datasets(folder / "sdmx/indicator_progress.csv", folder / "sdmx/structure.json")
    components, frame = data.structure.components, data.data
    assert [component.id for component in components] == list(frame.columns)
    problems: list[str] = []
    for component in components:
        values = frame[component.id].dropna()
        values = values[values != ""]
        if component.required and len(values) < len(frame):
            problems.append(f"{component.id} is empty")
        if component.enumeration:
            codes = {code.id for code in component.enumeration}
            problems += [f"{component.id}: no code {value}" for value in set(values) - codes]
    keys = [component.id for component in components.dimensions]
    if frame.duplicated(subset=keys).any():
        problems.append("keys repeat")
    return len(frame), problems


def test_equal_runs_give_equal_bytes(releases: list[Path]) -> None:
    first, second = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in releases
    )
    assert len(first) == len(GRAINS) + 4
    assert first == second


def test_a_table_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    tables = [CuratedTable(name, "One row.", ("x",), ()) for name in GRAINS]
    for name in GRAINS:
        (tmp_path / f"{name}.parquet").write_bytes(b"junk")
    with pytest.raises(TiendoError, match="TD-606"):
        write_open_formats(tmp_path, tables, dict.fromkeys(GRAINS, 1), INPUTS)


class TestDataPackage:
    def test_frictionless_reads_data_keys_and_lists(self, release: Path, tmp_path: Path) -> None:
        package = as_csv(release, list(GRAINS), tmp_path)
        report = package.validate()
        assert report.valid, report.flatten(["type", "note"])
        path = tmp_path / "indicator_progress.csv"
        path.write_text(path.read_text(encoding="utf-8").replace("at_risk", "other").replace("infra_", "x_"))
        found = {error[0] for error in package.validate().flatten(["type"])}
        assert {"constraint-error", "foreign-key"} <= found

    def test_units_keys_and_sources(self, release: Path) -> None:
        package = json.loads((release / "datapackage.json").read_text(encoding="utf-8"))
        assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
        assert package["licenses"][0]["name"] == "other-closed"
        titles = [source["title"] for source in package["sources"]]
        assert titles[0] == "Kế hoạch / Plan 12/KH-UBND, UBND tỉnh, 10/01/2026, dl-2026"
        assert "giả lập" in titles[-1]
        tables = {resource["name"]: resource["schema"] for resource in package["resources"]}
        progress = tables["indicator_progress"]
        # A row without a target has no plan, and a primary key may not be empty.
        assert progress["uniqueKeys"] == [progress["grain"]]
        assert tables["dim_org_unit"]["primaryKey"] == ["org_code", "valid_from"]
        assert {
            "fields": ["org_code", "org_valid_from"],
            "reference": {"fields": ["org_code", "valid_from"], "resource": "dim_org_unit"},
        } in progress["foreignKeys"]
        share = next(field for field in progress["fields"] if field["name"] == "coverage_share")
        assert (share["unit"], share["unit_vi"], share["title"]) == ("percent", "%", "Nhãn coverage_share")


class TestSdmx:
    def test_structure_and_data_fit(self, release: Path) -> None:
        assert sdmx_problems(release) == (8, [])

    def test_observations(self, release: Path) -> None:
        file = str(release / "sdmx/indicator_progress.csv").replace("'", "''")
        found = duckdb.sql(f"from read_csv('{file}', all_varchar = true)")
        header = ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
        assert found.columns == header + [part.id for part in (*DIMENSIONS, TIME, MEASURE, *ATTRIBUTES)]
        # The fixture names in VARIANT the status that is expected.
        assert found.filter("OBS_STATUS <> VARIANT").fetchall() == []
        assert {row[0] for row in found.select("OBS_STATUS").fetchall()} == set("AEMOPUV")
        periods = found.select("FREQ, TIME_PERIOD").distinct().order("all").fetchall()
        assert periods == [
            ("A", "2026"),
            *(("M", month) for month in ("2025-05", "2025-06", "2026-05", "2026-06")),
            ("Q", "2026-Q2"),
            ("S", "2026-S1"),
        ]
        # A code that a former unit bore is not the code of today's.
        areas = found.select("REF_AREA, PLAN, PLAN_ROW").distinct().order("all").fetchall()
        assert areas == [("66", "_Z", "_Z"), ("66", "dl-2026", "PL1.1"), ("66_20040708", "_Z", "_Z")]

    def test_units_of_indicators_are_those_of_the_registry(self) -> None:
        from tiendo.publish.sdmx_structure import FIXED_LISTS

        rules = MARTS.parents[1] / "seeds/rules/unit_factors.csv"
        units = [line.split(",")[0].upper() for line in rules.read_text(encoding="utf-8").splitlines()[1:]]
        assert sorted(code.id for code in FIXED_LISTS["CL_UNIT_MEASURE"]) == sorted(units)


class TestDictionary:
    def test_workbook_can_be_filtered(self, release: Path) -> None:
        book = openpyxl.load_workbook(release / "dictionary.xlsx")
        tables, columns, values = book.worksheets
        assert [sheet.title for sheet in book] == ["Bảng", "Cột", "Danh mục giá trị"]
        assert all(sheet.freeze_panes == "C2" and sheet.auto_filter.ref for sheet in book)
        assert [row[0] for row in tables.iter_rows(min_row=2, values_only=True)] == sorted(GRAINS)
        share = [row for row in columns.iter_rows(values_only=True) if row[1] == "coverage_share"]
        assert [row[5:7] for row in share] == [("%", "percent")]
        listed = [row for row in values.iter_rows(values_only=True) if row[0] == "indicator_progress"]
        assert [row[3] for row in listed] == ["at_risk", "no_data", "withheld"]
        assert book.properties.created == datetime(2026, 6, 30)


def test_every_number_has_a_unit_of_the_closed_list() -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    missing: list[str] = []
    used: set[str] = set()
    for path in sorted(MARTS.rglob("_*.yml")):
        if path.name.startswith("_unit_tests"):
            continue
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
        for model in content.get("models", ()):
            for column in model.get("columns", ()):
                unit = column["config"]["meta"].get("unit")
                is_number = re.match(r"bigint|double|decimal", str(column["data_type"]).lower())
                if (is_number and not unit) or (unit and unit not in UNITS):
                    missing.append(f"{model['name']}.{column['name']}: {unit}")
                used |= {unit}
    assert missing == [], "add `unit:` to the column's meta; the list is in tiendo/publish/units.py"
    assert set(UNITS) <= used, "a unit that no column has"


def test_the_demo_release(demo_home: Path, tmp_path: Path) -> None:
    current = demo_home / "data/curated/current"
    manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    assert sdmx_problems(current) == (manifest["row_counts"]["indicator_progress"], [])
    whole = json.loads((current / "datapackage.json").read_text(encoding="utf-8"))
    report = frictionless.Package.validate_descriptor(whole)
    assert report.valid, report.flatten(["note"])
    names = ["dim_plan", "dim_agency", "dim_task_state", "plan_tasks", "task_progress", "task_agencies"]
    read = as_csv(current, names, tmp_path).validate()
    assert read.valid, read.flatten(["type", "note"])[:5]
