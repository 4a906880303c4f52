"""The release described for machines: a Frictionless Data Package (version 1).

Titles are Vietnamese; `label_en` and `unit` are custom properties, which the standard permits. Nothing in it
depends on when it was made, so that equal runs give equal bytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tiendo.publish.catalogue import CuratedColumn, CuratedTable
from tiendo.publish.files import FileFacts
from tiendo.publish.inputs import ReleaseInputs

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
SOURCES = (
    {
        "title": "Các kế hoạch thực hiện Nghị quyết 57-NQ/TW (bảng dim_plan) / "
        "Plans that carry out Resolution 57-NQ/TW (table dim_plan)"
    },
    {
        "title": "Báo cáo của các đơn vị và số liệu đã công bố (bảng submissions) / "
        "Reports of the units and published figures (table submissions)"
    },
)
SYNTHETIC_SOURCE = {"title": "Dữ liệu giả lập, không phải số liệu thật / Synthetic data, not real figures"}


def build_datapackage(
    tables: Sequence[CuratedTable],
    files: Mapping[str, FileFacts],
    inputs: ReleaseInputs,
) -> dict[str, Any]:
    """The descriptor of a release.

    Args:
        tables: Published tables.
        files: Hash and length of at least every `<table>.parquet`.
        inputs: What went into the release; gives version, day, licence and whether it is synthetic.
    """
    sources = [dict(source) for source in SOURCES]
    if inputs.is_synthetic:
        sources.append(dict(SYNTHETIC_SOURCE))
    as_of = inputs.as_of
    ordered = sorted(tables, key=lambda table: table.name)
    published = {table.name for table in ordered}
    return {
        "profile": "data-package",
        "name": "tiendo",
        "title": "Tiến độ thực hiện chỉ tiêu, nhiệm vụ Nghị quyết 57-NQ/TW",
        "description": f"Mục tiêu và kết quả đến {as_of:%d/%m/%Y}. / Target versus actual as of {as_of}.",
        "version": inputs.release_id,
        "licenses": [dict(LICENSES[inputs.edition])],
        "sources": sources,
        "resources": [_resource(table, files, published) for table in ordered],
    }


def _resource(table: CuratedTable, files: Mapping[str, FileFacts], published: set[str]) -> dict[str, Any]:
    path = f"{table.name}.parquet"
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.grain),
    }
    keys = [
        {"fields": [key.column], "reference": {"resource": key.table, "fields": [key.reference_column]}}
        for key in table.foreign_keys
        if key.table in published
    ]
    if keys:
        schema["foreignKeys"] = keys
    resource: dict[str, Any] = {
        "profile": "data-resource",
        "name": table.name,
        "title": table.label_vi or table.name,
        "description": table.description,
        "path": path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": files[path].size_bytes,
        "hash": f"sha256:{files[path].sha256}",
        "schema": schema,
    }
    return resource | ({"label_en": table.label_en} if table.label_en else {})


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
    # Only rules that the model states: a grain column may be empty by design.
    if column.is_required:
        field["constraints"] = {"required": True}
    return field
