"""The release described for machines: a Data Package, version 2 of the standard.

Titles are Vietnamese; `label_en`, `unit`, `unit_vi`, `unit_en` and `grain` are custom properties, which the
standard permits. Nothing in it depends on when it was made, so that equal runs give equal bytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tiendo.publish.catalogue import CuratedColumn, CuratedTable, ForeignKey
from tiendo.publish.files import FileFacts
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.units import UNITS

PROFILES = "https://datapackage.org/profiles/2.0"
FIELD_TYPES = {
    "BIGINT": "integer",
    "DECIMAL(18,6)": "number",
    "DOUBLE": "number",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "BOOLEAN": "boolean",
    "VARCHAR": "string",
}
# Editions made for inside the administration may quote Party documents and are not licensed to the public.
LICENSES = {
    "internal": {
        "name": "other-closed",
        "title": "Lưu hành nội bộ cơ quan nhà nước / For use inside the administration",
    },
    "public": {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Attribution 4.0",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    },
}
REPORTS = {
    "title": "Báo cáo của các đơn vị và số liệu đã công bố (bảng submissions) / "
    "Reports of the units and published figures (table submissions)"
}
SYNTHETIC_SOURCE = {"title": "Dữ liệu giả lập, không phải số liệu thật / Synthetic data, not real figures"}


def build_datapackage(
    tables: Sequence[CuratedTable],
    rows: Mapping[str, int],
    files: Mapping[str, FileFacts],
    inputs: ReleaseInputs,
    sources: Sequence[str] = (),
) -> dict[str, Any]:
    """The descriptor of a release.

    Args:
        tables: Published tables.
        rows: Rows per table.
        files: Hash and length of at least every `<table>.parquet`.
        inputs: What went into the release; gives version, day, licence and whether it is synthetic.
        sources: Plans and publishers the figures come from, as one citation each.
    """
    cited = [{"title": title} for title in sources] + [REPORTS]
    as_of = inputs.as_of
    ordered = sorted(tables, key=lambda table: table.name)
    published = {table.name for table in ordered}
    return {
        "$schema": f"{PROFILES}/datapackage.json",
        "name": "tiendo",
        "id": f"tiendo-{inputs.release_id}",
        "title": "Tiến độ thực hiện chỉ tiêu, nhiệm vụ Nghị quyết 57-NQ/TW",
        "description": f"Mục tiêu và kết quả đến {as_of:%d/%m/%Y}. / Target versus actual as of {as_of}.",
        "version": inputs.release_id,
        "licenses": [dict(LICENSES[inputs.edition])],
        "sources": cited + ([SYNTHETIC_SOURCE] if inputs.is_synthetic else []),
        "resources": [_resource(table, rows, files, published) for table in ordered],
    }


def _resource(
    table: CuratedTable, rows: Mapping[str, int], files: Mapping[str, FileFacts], published: set[str]
) -> dict[str, Any]:
    path = f"{table.name}.parquet"
    resource: dict[str, Any] = {
        "$schema": f"{PROFILES}/dataresource.json",
        "name": table.name,
        "title": table.label_vi or table.name,
        "label_en": table.label_en,
        "description": table.description,
        "path": path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": files[path].size_bytes,
        "hash": f"sha256:{files[path].sha256}",
        "rows": rows[table.name],
        "schema": _schema(table, published),
    }
    return {name: value for name, value in resource.items() if value is not None}


def _schema(table: CuratedTable, published: set[str]) -> dict[str, Any]:
    required = {column.name for column in table.columns if column.is_required}
    schema: dict[str, Any] = {
        "$schema": f"{PROFILES}/tableschema.json",
        "fields": [_field(column) for column in table.columns],
        # Parquet knows empty cells, so no text stands for one; '' is a text.
        "missingValues": [],
        "grain": list(table.grain),
    }
    # The standard forbids empty values in a primary key; a grain may have them (a figure without a target).
    if set(table.grain) <= required:
        schema["primaryKey"] = list(table.grain)
    else:
        schema["uniqueKeys"] = [list(table.grain)]
    if keys := [_foreign_key(key, table.name) for key in table.foreign_keys if key.table in published]:
        schema["foreignKeys"] = keys
    return schema


def _foreign_key(key: ForeignKey, own: str) -> dict[str, Any]:
    reference: dict[str, Any] = {"fields": list(key.reference_columns)}
    # The standard leaves the resource out where a table refers to itself.
    if key.table != own:
        reference["resource"] = key.table
    return {"fields": list(key.columns), "reference": reference}


def _field(column: CuratedColumn) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": FIELD_TYPES[column.data_type],
        "title": column.label_vi,
        "label_en": column.label_en,
        "description": column.description,
    }
    if column.unit:
        field["unit"] = column.unit
        field["unit_vi"], field["unit_en"] = UNITS.get(column.unit, (column.unit, column.unit))
    # Only rules that the model states: a grain column may be empty by design.
    constraints: dict[str, Any] = {"required": True} if column.is_required else {}
    if column.allowed_values:
        constraints["enum"] = list(column.allowed_values)
    return field | ({"constraints": constraints} if constraints else {})
