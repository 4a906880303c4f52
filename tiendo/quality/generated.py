"""Checks that follow from what is declared anyway: a form's contract, a curated table's dbt model.

They are made at run time, so that no file has to be kept in step: a new form or a new mart has its suite from
its first day. What states a rule of its own is written by hand in `expectations/suites`.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from tiendo.intake.contract_model import Contract, Derived, canonical_schema
from tiendo.intake.contracts import load_contracts
from tiendo.quality.kinds import SPELLINGS, CheckMaker
from tiendo.quality.suites import Suite
from tiendo.registry.tables import view_name

# Every landed row names its submission and its line, and has the hash by which versions are compared.
LINEAGE = ("submission_id", "row_number", "row_hash")
LINEAGE_LABELS = {
    "submission_id": ("Lần nộp", "Submission"),
    "received_at": ("Thời điểm nhận", "Received at"),
    "sheet": ("Trang tính", "Sheet"),
    "row_number": ("Dòng", "Row"),
}

Node = Mapping[str, Any]


def suites_from_contracts() -> list[Suite]:
    """A suite for every form, from its contract.

    Raises:
        TiendoError: TD-110 where a contract is faulty.
    """
    return [_of_form(contract) for contract in load_contracts().values()]


def suites_from_models(dbt_manifest: Path) -> list[Suite]:
    """A suite for every mart, from dbt's `target/manifest.json`."""
    nodes = cast("dict[str, Node]", json.loads(dbt_manifest.read_text(encoding="utf-8"))["nodes"])
    tests: dict[str, list[Node]] = {}
    for node in nodes.values():
        if node["resource_type"] == "test" and node.get("attached_node") and not node["config"].get("where"):
            tests.setdefault(node["attached_node"], []).append(node)
    marts = [node for node in nodes.values() if node["resource_type"] == "model" and "marts" in node["fqn"]]
    return [_of_mart(mart, tests.get(mart["unique_id"], [])) for mart in marts]


def _of_form(contract: Contract) -> Suite:
    labels = {name: (name, name) for name in canonical_schema(contract)}
    labels |= LINEAGE_LABELS
    labels |= {column.name: (column.label_vi, column.label_en) for column in contract.columns}
    # What is derived has no heading; the sender knows the cell it comes from.
    labels |= {
        derived.name: labels.get(derived.source, ("Tiêu đề của bảng", "Title of the table"))
        for derived in contract.derived
    }
    make = CheckMaker("raw", contract.number, labels)
    needed = [column.name for column in contract.columns if column.required]
    needed += [derived.name for derived in contract.derived if _is_always_given(derived, needed)]
    lists = {column.name: tuple(column.choices) for column in contract.columns if column.choices}
    lists |= {derived.name: _values(derived) for derived in contract.derived if _values(derived)}
    spelt = {column.name: column.type for column in contract.columns if column.type in SPELLINGS}
    spelt |= {derived.name: "month" for derived in contract.derived if derived.kind == "month"}
    ranges = {column.name: (column.minimum, column.maximum) for column in contract.columns}
    pairs = [pair for rule in contract.rules if rule.when == "part_above_whole" for pair in rule.pairs]
    checks = [
        make.columns(labels),
        make.required(needed, LINEAGE),
        make.unique("key", ["submission_id", *(contract.key or ("sheet", "row_number"))]),
        make.lists(lists),
        make.spelling(spelt),
        make.ranges(ranges),
        make.parts(pairs),
    ]
    return make.suite(view_name(contract.form), contract.title_vi, contract.title_en, (), checks)


def _is_always_given(derived: Derived, needed: Sequence[str]) -> bool:
    if derived.kind == "month":
        return derived.source in needed
    return derived.kind == "title" or derived.otherwise is not None


def _values(derived: Derived) -> tuple[str, ...]:
    """What a derived column may hold; none where that is open."""
    if derived.lines:
        return tuple(derived.lines)
    return (*derived.choices, *([derived.otherwise] if derived.otherwise else [])) if derived.choices else ()


def _of_mart(mart: Node, tests: Iterable[Node]) -> Suite:
    metas = {name: _meta(column) for name, column in mart["columns"].items()}
    labels = {
        name: (str(meta.get("label_vi") or name), str(meta.get("label_en") or name))
        for name, meta in metas.items()
    }
    make = CheckMaker("curated", str(mart["name"]), labels)
    declared = [test["test_metadata"] for test in tests if test.get("test_metadata")]
    needed = {str(test["kwargs"]["column_name"]) for test in declared if test["name"] == "not_null"}
    needed |= {
        name
        for name, column in mart["columns"].items()
        if any(each["type"] == "not_null" for each in column.get("constraints") or ())
    }
    lists = {
        str(test["kwargs"]["column_name"]): tuple(map(_as_sql_shows, test["kwargs"]["values"]))
        for test in declared
        if test["name"] == "accepted_values"
    }
    meta = _meta(mart)
    grain = tuple(str(name) for name in meta.get("grain") or ())
    checks = [
        make.columns(labels),
        make.unique("grain", grain) if grain else None,
        make.required([name for name in labels if name in needed]),
        make.lists({name: lists[name] for name in labels if name in lists}),
    ]
    table = str(mart.get("alias") or mart["name"])
    return make.suite(table, str(meta.get("label_vi") or ""), str(meta.get("label_en") or ""), grain, checks)


def _meta(node: Node) -> dict[str, Any]:
    config = cast("dict[str, Any]", node.get("config") or {})
    return {**(node.get("meta") or {}), **(config.get("meta") or {})}


def _as_sql_shows(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
