"""What is published: every mart of the dbt project with its grain, labels and units.

The dbt model files are the only place where tables and columns are described; everything published about
them is generated from dbt's `target/manifest.json`, so that data and description cannot drift apart.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tiendo.messages import TiendoError

Node = Mapping[str, Any]

# Spellings of one type in model files; anything else is compared as written.
TYPE_ALIASES = {
    "TEXT": "VARCHAR",
    "STRING": "VARCHAR",
    "INT8": "BIGINT",
    "LONG": "BIGINT",
    "FLOAT8": "DOUBLE",
    "BOOL": "BOOLEAN",
    "DATETIME": "TIMESTAMP",
}
REFERENCE = re.compile(r"""ref\(\s*['"](\w+)['"]\s*\)""")


@dataclass(frozen=True)
class CuratedColumn:
    """One published column.

    Attributes:
        name: Column name.
        data_type: DuckDB type in capitals, such as `DECIMAL(18,6)`.
        description: What it holds, one or more sentences.
        label_vi: Short Vietnamese heading.
        label_en: Short English heading.
        unit: Unit of the values, None where they have none.
        is_required: Whether the model's contract or a test forbids an empty value.
        allowed_values: The closed list it takes its values from (a dbt `accepted_values` test), else empty.
    """

    name: str
    data_type: str
    description: str
    label_vi: str
    label_en: str
    unit: str | None = None
    is_required: bool = False
    allowed_values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose values are looked up together in another published table.

    One column by a dbt `relationships` test; several, or what is only checked when a release is written, by
    `foreign_keys` in the model's meta.
    """

    columns: tuple[str, ...]
    table: str
    reference_columns: tuple[str, ...]


@dataclass(frozen=True)
class CuratedTable:
    """One published table.

    Attributes:
        name: Table name, also the name of its Parquet file.
        description: What one row is and where it comes from.
        grain: Columns that together name one row; rows are ordered by them.
        columns: Columns as described, in the order of the model file.
        foreign_keys: Look-ups in other published tables.
        label_vi: Vietnamese title, None where the model file gives none.
        label_en: English title, None where the model file gives none.
    """

    name: str
    description: str
    grain: tuple[str, ...]
    columns: tuple[CuratedColumn, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    label_vi: str | None = None
    label_en: str | None = None


def read_catalogue(dbt_manifest: Path) -> list[CuratedTable]:
    """The marts that dbt's manifest describes, in order of name.

    Args:
        dbt_manifest: dbt's `target/manifest.json`.

    Raises:
        TiendoError: TD-601 where the manifest cannot be read, or a mart lacks its grain or description or
            a column its description, type or labels.
    """
    return described(read_manifest(dbt_manifest))


def described(manifest: Node) -> list[CuratedTable]:
    """The marts of a manifest that is read already; raises TD-601 as `read_catalogue` does."""
    nodes = cast("dict[str, Node]", manifest["nodes"])
    marts = {key: node for key, node in nodes.items() if _is_mart(node)}
    if not marts:
        raise _not_described(["manifest.json: 0 marts"])
    tests = [node for node in nodes.values() if node.get("resource_type") == "test"]
    names = {str(node["name"]): _table_name(node) for node in marts.values()}
    tables = [_read_table(key, node, tests, names) for key, node in marts.items()]
    tables.sort(key=lambda table: table.name)
    known = {table.name: {column.name for column in table.columns} for table in tables}
    if missing := [text for table in tables for text in _missing(table, known)]:
        raise _not_described(missing)
    return tables


def read_manifest(dbt_manifest: Path) -> dict[str, Any]:
    """The whole manifest, which has `nodes`.

    Raises:
        TiendoError: TD-601 where it cannot be read.
    """
    try:
        manifest = json.loads(dbt_manifest.read_text(encoding="utf-8"))
        return {**manifest, "nodes": dict(manifest["nodes"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TiendoError(
            "TD-601",
            f"Không đọc được mô tả các bảng của dbt ({dbt_manifest.name}: {type(error).__name__}).",
            f"dbt's description of the tables cannot be read ({dbt_manifest.name}: {type(error).__name__}).",
            "Chạy lại: tiendo refresh --full",
            "Run again: tiendo refresh --full",
            exit_code=4,
        ) from error


def _not_described(missing: list[str]) -> TiendoError:
    listed = "; ".join(missing[:10]) + (f"; … (+{len(missing) - 10})" if len(missing) > 10 else "")
    return TiendoError(
        "TD-601",
        f"Bảng công bố chưa được mô tả đủ: {listed}.",
        f"Published tables are not fully described: {listed}.",
        "Bổ sung vào tệp YAML của mô hình dbt.",
        "Add it to the dbt model's YAML file.",
        exit_code=4,
    )


def _is_mart(node: Node) -> bool:
    return node.get("resource_type") == "model" and "marts" in node.get("fqn", ())


def _table_name(node: Node) -> str:
    return str(node.get("alias") or node["name"])


def _meta(node: Node) -> dict[str, Any]:
    """`config.meta` over `meta`: dbt 1.10 moved the one into the other."""
    own = cast("dict[str, Any]", node.get("meta") or {})
    config = cast("dict[str, Any]", node.get("config") or {})
    return {**own, **cast("dict[str, Any]", config.get("meta") or {})}


def _sentence(node: Node) -> str:
    """The description on one line: where it is broken in the model file means nothing.

    With it the last day that a table (dbt's `deprecation_date`) or column (in its meta) is promised for.
    """
    described = " ".join(str(node.get("description") or "").split())
    leaves_on = node.get("deprecation_date") or _meta(node).get("deprecation_date")
    return f"{described} Deprecated: stays until {str(leaves_on)[:10]}." if leaves_on else described


def _read_table(key: str, node: Node, tests: Iterable[Node], names: Mapping[str, str]) -> CuratedTable:
    meta = _meta(node)
    own_tests = [cast("Node", test["test_metadata"]) for test in tests if _unconditional(test, key)]
    required = {_argument(test, "column_name") for test in own_tests if test.get("name") == "not_null"}
    lists = _allowed_values(own_tests)
    columns = [_read_column(column, required, lists) for column in dict(node.get("columns") or {}).values()]
    return CuratedTable(
        name=_table_name(node),
        description=_sentence(node),
        grain=tuple(str(name) for name in meta.get("grain") or ()),
        columns=tuple(columns),
        foreign_keys=tuple(_foreign_keys(own_tests, meta.get("foreign_keys") or (), names)),
        label_vi=meta.get("label_vi"),
        label_en=meta.get("label_en"),
    )


def _unconditional(test: Node, key: str) -> bool:
    """A test with a `where` holds for some rows only and says nothing about the whole column."""
    config = cast("dict[str, Any]", test.get("config") or {})
    return test.get("attached_node") == key and bool(test.get("test_metadata")) and not config.get("where")


def _argument(test: Node, name: str) -> str:
    return str(dict(test.get("kwargs") or {}).get(name) or "")


def _foreign_keys(
    tests: Iterable[Node], declared: Iterable[Node], names: Mapping[str, str]
) -> list[ForeignKey]:
    keys: set[tuple[tuple[str, ...], str, tuple[str, ...]]] = set()
    for test in tests:
        target = REFERENCE.search(_argument(test, "to"))
        if test.get("name") == "relationships" and target and target[1] in names:
            keys.add(((_argument(test, "column_name"),), names[target[1]], (_argument(test, "field"),)))
    for key in declared:
        keys.add((tuple(key["columns"]), str(key["to"]), tuple(key["fields"])))
    return [ForeignKey(*key) for key in sorted(keys)]


def _allowed_values(tests: Iterable[Node]) -> dict[str, tuple[str, ...]]:
    return {
        _argument(test, "column_name"): tuple(str(value) for value in dict(test["kwargs"])["values"])
        for test in tests
        if test.get("name") == "accepted_values"
    }


def _read_column(column: Node, required: set[str], lists: Mapping[str, tuple[str, ...]]) -> CuratedColumn:
    meta = _meta(column)
    name = str(column["name"])
    constraints = [dict(constraint) for constraint in column.get("constraints") or ()]
    written = re.sub(r"\s+", "", str(column.get("data_type") or "")).upper()
    return CuratedColumn(
        name=name,
        data_type=TYPE_ALIASES.get(written, written),
        description=_sentence(column),
        label_vi=str(meta.get("label_vi") or "").strip(),
        label_en=str(meta.get("label_en") or "").strip(),
        unit=str(meta["unit"]) if meta.get("unit") else None,
        is_required=name in required or any(item.get("type") == "not_null" for item in constraints),
        allowed_values=lists.get(name, ()),
    )


def _missing(table: CuratedTable, known: Mapping[str, set[str]]) -> list[str]:
    """What the release's contract asks for and the model file does not give."""
    missing = [f"{table.name}: {part}" for part in ("description", "grain") if not getattr(table, part)]
    own = known[table.name]
    missing += [f"{table.name}: grain {name}" for name in table.grain if name not in own]
    missing += [
        f"{table.name}: foreign key to {key.table}"
        for key in table.foreign_keys
        if not own.issuperset(key.columns)
        or not known.get(key.table, set()).issuperset(key.reference_columns)
    ]
    parts = ("data_type", "description", "label_vi", "label_en")
    missing += [
        f"{table.name}.{column.name}: {part}"
        for column in table.columns
        for part in parts
        if not getattr(column, part)
    ]
    return missing
