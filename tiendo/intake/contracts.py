"""Contracts: what a form holds, read from `expectations/contracts/<form>.yml` and checked at load.

A contract is the only place that names a form's columns, spellings and rules; a faulty one stops the program.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, cast

import yaml

from tiendo.intake.contract_faults import faults_of
from tiendo.intake.contract_model import (
    COLUMN_TYPES,
    QUANTITY_TYPES,
    Choices,
    Column,
    Contract,
    Derived,
    Line,
    Rule,
    canonical_schema,
)
from tiendo.messages import Place, TiendoError
from tiendo.settings import CONTRACTS

__all__ = [
    "COLUMN_TYPES",
    "QUANTITY_TYPES",
    "Choices",
    "Column",
    "Contract",
    "Derived",
    "Line",
    "Rule",
    "canonical_schema",
    "contract_paths",
    "form_named",
    "load_contract",
    "load_contracts",
    "parse_contract",
]


def contract_paths() -> list[Path]:
    """The contract files, in order of name."""
    return sorted(CONTRACTS.glob("*.yml"))


@cache
def load_contract(form: str) -> Contract:
    """The contract of a form.

    Raises:
        TiendoError: TD-102 where no such form is known, TD-110 where its contract is faulty.
    """
    path = CONTRACTS / f"{form}.yml"
    if path not in contract_paths():
        known = ", ".join(path.stem for path in contract_paths())
        raise TiendoError(
            "TD-102",
            f"Không có biểu mẫu nào tên là '{form}'.",
            f"There is no form called '{form}'.",
            f"Các biểu mẫu hiện có: {known}.",
            f"Known forms: {known}.",
            exit_code=2,
        )
    # The same safe loader in C: reading all contracts takes 10 ms, not 90.
    raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return parse_contract(raw, path.name)


def form_named(name: str) -> str:
    """The form called by its name or its number, such as `coverage` or `F04`.

    Raises:
        TiendoError: TD-102 where no such form is known.
    """
    by_number = {contract.number.casefold(): form for form, contract in load_contracts().items()}
    return load_contract(by_number.get(name.strip().casefold(), name)).form


@cache
def load_contracts() -> Mapping[str, Contract]:
    """All contracts by form, in order of name."""
    return {path.stem: load_contract(path.stem) for path in contract_paths()}


def parse_contract(raw: Any, file_name: str) -> Contract:
    """A contract from parsed YAML.

    Raises:
        TiendoError: TD-110, exit code 4, where the contract contradicts itself.
    """
    try:
        contract = _build(cast("dict[str, Any]", raw))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        _faulty(file_name, f"{type(error).__name__}: {error}")
    faults = faults_of(contract)
    if f"{contract.form}.yml" != file_name:
        faults.append(f"form {contract.form} is not the file's name")
    if faults:
        _faulty(file_name, "; ".join(faults))
    return contract


def _faulty(file_name: str, reason: str) -> NoReturn:
    raise TiendoError(
        "TD-110",
        f"Mô tả biểu mẫu (contract) có lỗi: {reason}.",
        f"The contract is faulty: {reason}.",
        "Hãy báo người quản trị hệ thống.",
        "Tell whoever maintains the system.",
        Place(file=file_name),
        exit_code=4,
    )


def _build(raw: dict[str, Any]) -> Contract:
    fields = dict(raw)
    return Contract(
        columns=tuple(_column(item) for item in fields.pop("columns")),
        replaces=tuple(fields.pop("replaces")),
        key=tuple(fields.pop("key")),
        period_kinds=tuple(fields.pop("period_kinds", ())),
        derived=tuple(_derived(item) for item in fields.pop("derived", ())),
        rules=tuple(_rule(item) for item in fields.pop("rules", ())),
        **fields,
    )


def _column(raw: dict[str, Any]) -> Column:
    fields = dict(raw)
    return Column(
        aliases=tuple(fields.pop("aliases", ())), choices=_choices(fields.pop("choices", {})), **fields
    )


def _derived(raw: dict[str, Any]) -> Derived:
    fields = dict(raw)
    lines = {name: _line(line) for name, line in fields.pop("lines", {}).items()}
    return Derived(
        source=fields.pop("from"),
        kind=fields.pop("as"),
        choices=_choices(fields.pop("choices", {})),
        cross_checks=tuple(fields.pop("cross_checks", ())),
        lines=MappingProxyType(lines),
        types=MappingProxyType(fields.pop("types", {})),
        **fields,
    )


def _line(raw: dict[str, Any]) -> Line:
    fields = dict(raw)
    return Line(tuple(fields.pop("text")), tuple(fields.pop("below", ())), **fields)


def _rule(raw: dict[str, Any]) -> Rule:
    fields = dict(raw)
    pairs = tuple((part, whole) for part, whole in fields.pop("pairs", ()))
    return Rule(pairs=pairs, **fields)


def _choices(raw: dict[str, Sequence[str]]) -> Choices:
    return MappingProxyType({value: tuple(spellings) for value, spellings in raw.items()})
