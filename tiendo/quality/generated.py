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
from tiendo.quality.suites import Breach, Check, Layer, Suite
from tiendo.registry.tables import view_name

# Every landed row names its submission and its line, and has the hash by which versions are compared.
LINEAGE = ("submission_id", "row_number", "row_hash")
# How codes and periods are spelt, by type of column.
SPELLINGS = {
    "org_code": "[0-9]{2}([0-9]{3})?",
    "period": "[0-9]{4}(-(0[1-9]|1[0-2])|-Q[1-4]|-H[12])?",
    "month": "[0-9]{4}-(0[1-9]|1[0-2])",
    "sha256": "[0-9a-f]{64}",
}
LINEAGE_LABELS = {
    "submission_id": ("Lần nộp", "Submission"),
    "received_at": ("Thời điểm nhận", "Received at"),
    "sheet": ("Trang tính", "Sheet"),
    "row_number": ("Dòng", "Row"),
}

Labels = Mapping[str, tuple[str, str]]
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
    make = _Maker("raw", contract.number, labels)
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
    make = _Maker("curated", str(mart["name"]), labels)
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
    return {**(node.get("meta") or {}), **((node.get("config") or {}).get("meta") or {})}


def _as_sql_shows(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class _Maker:
    """Makes the checks of one table; a check that has nothing to ask is None."""

    def __init__(self, layer: Layer, prefix: str, labels: Labels) -> None:
        self._layer: Layer = layer
        self._prefix = prefix
        self._labels = labels

    def suite(
        self, table: str, title_vi: str, title_en: str, grain: tuple[str, ...], checks: Iterable[Check | None]
    ) -> Suite:
        made = tuple(check for check in checks if check)
        labels = {name: vi for name, (vi, _) in self._labels.items()}
        return Suite(self._layer, table, made, title_vi, title_en, grain, labels)

    def columns(self, names: Iterable[str]) -> Check:
        return self._check(
            "columns", "shareable", "expect_table_columns_to_match_set",
            {"column_set": list(names), "exact_match": True},
            "Bảng có đúng các cột đã mô tả, không thừa cột nào ngoài mô tả (như dữ liệu cá nhân).",
            "The table has exactly the columns described and none besides (such as personal data).",
        )  # fmt: skip

    def unique(self, what: str, names: Sequence[str]) -> Check:
        single = len(names) == 1
        return self._check(
            what, "consistent",
            "expect_column_values_to_be_unique" if single else "expect_compound_columns_to_be_unique",
            {"column": names[0]} if single else {"column_list": list(names), "ignore_row_if": "never"},
            f"Không có hai dòng trùng: {self._vi(names)}.",
            f"No two rows share: {self._en(names)}.",
        )  # fmt: skip

    def required(self, names: Sequence[str], lineage: Sequence[str] = ()) -> Check | None:
        breaches = [Breach(f"{_name(name)} is null", (name,)) for name in (*names, *lineage)]
        also_vi, also_en = (
            (" và nguồn gốc (lần nộp, dòng)", " and where it came from") if lineage else ("", "")
        )
        return self._rows(
            "required", "complete", breaches,
            f"Mọi dòng có {self._vi(names)}{also_vi}.",
            f"Every row has {self._en(names)}{also_en}.",
        )  # fmt: skip

    def lists(self, lists: Mapping[str, Sequence[str]]) -> Check | None:
        breaches = [
            Breach(f"cast({_name(name)} as varchar) not in ({', '.join(map(_text, values))})", (name,))
            for name, values in lists.items()
        ]
        return self._rows(
            "lists", "valid", breaches,
            f"Chỉ có giá trị trong danh sách đóng: {self._vi(lists)}.",
            f"Only values of the closed list: {self._en(lists)}.",
        )  # fmt: skip

    def spelling(self, types: Mapping[str, str]) -> Check | None:
        breaches = [
            Breach(f"not regexp_full_match({_name(name)}, {_text(SPELLINGS[kind])})", (name,))
            for name, kind in types.items()
        ]
        return self._rows(
            "spelling", "valid", breaches,
            f"Mã và kỳ viết đúng quy cách: {self._vi(types)}.",
            f"Codes and periods are spelt as agreed: {self._en(types)}.",
        )  # fmt: skip

    def ranges(self, ranges: Mapping[str, tuple[float | None, float | None]]) -> Check | None:
        breaches = [
            Breach(f"{_name(name)} {sign} {bound}", (name,))
            for name, bounds in ranges.items()
            for sign, bound in zip("<>", bounds, strict=True)
            if bound is not None
        ]
        asked = dict.fromkeys(breach.columns[0] for breach in breaches)
        vi = [self._vi([name]) + _range(ranges[name], "từ", "đến") for name in asked]
        en = [self._en([name]) + _range(ranges[name], "from", "to") for name in asked]
        return self._rows(
            "ranges", "accurate", breaches,
            f"Nằm trong khoảng cho phép: {'; '.join(vi)}.",
            f"Within the range allowed: {'; '.join(en)}.",
        )  # fmt: skip

    def parts(self, pairs: Sequence[tuple[str, str]]) -> Check | None:
        breaches = [Breach(f"{_name(part)} > {_name(whole)}", (part, whole)) for part, whole in pairs]
        vi = [" ≤ ".join(self._labels[name][0] for name in pair) for pair in pairs]
        en = [" ≤ ".join(self._labels[name][1] for name in pair) for pair in pairs]
        return self._rows(
            "parts", "accurate", breaches,
            f"Phần không lớn hơn tổng: {'; '.join(vi)}.",
            f"A part does not exceed its whole: {'; '.join(en)}.",
        )  # fmt: skip

    def _rows(self, what: str, dimension: str, breaches: Sequence[Breach], vi: str, en: str) -> Check | None:
        """One query for all columns: a query costs more than what it asks."""
        if not breaches:
            return None
        asked = " or ".join(breach.condition for breach in breaches).replace("{", "{{").replace("}", "}}")
        kwargs = {"unexpected_rows_query": f"from {{batch}} select * where {asked}"}
        return self._check(what, dimension, "unexpected_rows_expectation", kwargs, vi, en, tuple(breaches))

    def _check(
        self, what: str, dimension: str, kind: str, kwargs: dict[str, Any], vi: str, en: str,
        breaches: tuple[Breach, ...] = (),
    ) -> Check:  # fmt: skip
        return Check(f"Q-{self._prefix}-{what}", kind, kwargs, "fatal", dimension, vi, en, breaches)

    def _vi(self, names: Iterable[str]) -> str:
        return ", ".join(self._labels[name][0] for name in names)

    def _en(self, names: Iterable[str]) -> str:
        return ", ".join(self._labels[name][1] for name in names)


def _range(bounds: tuple[float | None, float | None], low: str, high: str) -> str:
    return "".join(
        f" {word} {bound}" for word, bound in zip((low, high), bounds, strict=True) if bound is not None
    )


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
