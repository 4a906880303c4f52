"""Contracts: what a form holds, read from `expectations/contracts/<form>.yml` and checked at load.

A contract is the only place that names a form's columns, spellings and rules; a faulty one stops the program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, cast

import polars as pl
import yaml

from tiendo.intake.folding import fold
from tiendo.messages import Place, TiendoError
from tiendo.settings import CONTRACTS

COLUMN_TYPES: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "text": pl.String(),
        "code": pl.String(),
        "org_code": pl.String(),
        "organisation": pl.String(),
        "indicator_code": pl.String(),
        "integer": pl.Int64(),
        "decimal": pl.Decimal(18, 6),
        "boolean": pl.Boolean(),
        "date": pl.Date(),
        "timestamp": pl.Datetime("us"),
        "period": pl.String(),
        "choice": pl.String(),
    }
)
RULES = frozenset(
    {
        "part_above_whole",
        "basis_missing_on_accumulating_indicator",
        "no_value_and_no_parts",
        "row_outside_extract",
        "completed_before_received",
        "valid_to_before_valid_from",
    }
)
# A form without a unit or period column of its own takes them from the submission.
SUBMISSION_COLUMNS = frozenset({"org_code", "period"})

Choices = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Column:
    """One column of a form.

    Attributes:
        name: Canonical name.
        type: One of `COLUMN_TYPES`.
        label_vi: Header as printed on the form.
        label_en: The same in English.
        required: Whether an empty cell quarantines its row.
        aliases: Further spellings of the header.
        minimum: Least value allowed, in the column's own unit.
        maximum: Greatest value allowed.
        choices: For a choice: canonical value and its spellings.
    """

    name: str
    type: str
    label_vi: str
    label_en: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    minimum: int | float | None = None
    maximum: int | float | None = None
    choices: Choices = field(default_factory=dict[str, tuple[str, ...]], hash=False)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every header by which the column is known, the preferred first."""
        return (self.name, self.label_vi, self.label_en, *self.aliases)

    @property
    def dtype(self) -> pl.DataType:
        """Type of the landed column."""
        return COLUMN_TYPES[self.type]


@dataclass(frozen=True)
class Derived:
    """A column computed at landing from another one.

    Attributes:
        name: Canonical name.
        source: The column it comes from.
        kind: `month` (of a date or timestamp) or `choice` (the listed spelling, else `otherwise`).
        otherwise: Value where no spelling fits.
        choices: Canonical value and its spellings.
    """

    name: str
    source: str
    kind: str
    otherwise: str | None = None
    choices: Choices = field(default_factory=dict[str, tuple[str, ...]], hash=False)


@dataclass(frozen=True)
class Rule:
    """A rule between columns or rows: the code it reports, its name, and column pairs where it needs them."""

    code: str
    when: str
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Contract:
    """A form as senders fill it in.

    Attributes:
        form: Name that leads through every layer, such as `coverage`.
        number: Number of the form, such as `F04`.
        title_vi: Title as printed.
        title_en: The same in English.
        columns: In the order of the form.
        replaces: Columns within which a later submission replaces an earlier one.
        key: Columns that name one row within a file.
        derived: Columns computed at landing.
        rules: Rules between columns or rows.
        organisation_column: Column that names the unit, None where the submission does.
        period_column: Column that names the period, None where the submission does.
        complete_extract: Whether a file holds everything of its unit and period, so that no row means nil.
        keeps_values_private: Whether the quarantine leaves out what identifiers and texts held.
    """

    form: str
    number: str
    title_vi: str
    title_en: str
    columns: tuple[Column, ...]
    replaces: tuple[str, ...]
    key: tuple[str, ...]
    derived: tuple[Derived, ...] = ()
    rules: tuple[Rule, ...] = ()
    organisation_column: str | None = None
    period_column: str | None = None
    complete_extract: bool = False
    keeps_values_private: bool = False

    def column(self, name: str) -> Column:
        """The column of that name; KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]


def canonical_schema(contract: Contract) -> dict[str, pl.DataType]:
    """Names and types of the columns a landing file of this form holds, provenance last.

    A form's own `received_at` (of the dossier) stands in the place of the submission's.
    """
    schema = {column.name: column.dtype for column in contract.columns}
    schema |= {derived.name: cast("pl.DataType", pl.String()) for derived in contract.derived}
    provenance: dict[str, pl.DataType] = {
        "submission_id": pl.String(),
        "received_at": pl.Datetime("us"),
        "sheet": pl.String(),
        "row_number": pl.Int64(),
        "row_hash": pl.String(),
    }
    return schema | {name: dtype for name, dtype in provenance.items() if name not in schema}


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
    return parse_contract(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)


def form_named(name: str) -> str:
    """The form called by its name or its number, such as `coverage` or `F04`.

    Raises:
        TiendoError: TD-102 where no such form is known.
    """
    by_number = {contract.number.casefold(): form for form, contract in load_contracts().items()}
    return load_contract(by_number.get(name.strip().casefold(), name)).form


def load_contracts() -> dict[str, Contract]:
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
    faults = _faults(contract)
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
    return Derived(
        source=fields.pop("from"),
        kind=fields.pop("as"),
        choices=_choices(fields.pop("choices", {})),
        **fields,
    )


def _rule(raw: dict[str, Any]) -> Rule:
    fields = dict(raw)
    pairs = tuple((part, whole) for part, whole in fields.pop("pairs", ()))
    return Rule(pairs=pairs, **fields)


def _choices(raw: dict[str, Sequence[str]]) -> Choices:
    return MappingProxyType({value: tuple(spellings) for value, spellings in raw.items()})


def _faults(contract: Contract) -> list[str]:
    names = [column.name for column in contract.columns]
    produced = [*names, *(derived.name for derived in contract.derived)]
    repeated = sorted({name for name in produced if produced.count(name) > 1})
    faults = [f"column {name} stands twice" for name in repeated]
    for column in contract.columns:
        faults += _column_faults(column)
    faults += _spelling_faults(contract)
    named = {*contract.key, *contract.replaces}
    faults += [f"no column {name}" for name in sorted(named - set(produced) - SUBMISSION_COLUMNS)]
    sources = [derived.source for derived in contract.derived]
    pairs = [name for rule in contract.rules for pair in rule.pairs for name in pair]
    roles = [role for role in (contract.organisation_column, contract.period_column) if role]
    faults += [f"no column {name}" for name in (*sources, *pairs, *roles) if name not in names]
    faults += [f"unknown derivation {d.kind}" for d in contract.derived if d.kind not in {"month", "choice"}]
    return faults + [f"unknown rule {rule.when}" for rule in contract.rules if rule.when not in RULES]


def _column_faults(column: Column) -> list[str]:
    faults: list[str] = []
    if column.type not in COLUMN_TYPES:
        faults.append(f"column {column.name} has the unknown type {column.type}")
    if (column.type == "choice") != bool(column.choices):
        faults.append(f"column {column.name}: choices and type do not fit")
    owners: dict[str, str] = {}
    return faults + [
        f"column {column.name}: '{spelling}' means two values"
        for value, spellings in column.choices.items()
        for spelling in (value, *spellings)
        if owners.setdefault(fold(spelling), value) != value
    ]


def _spelling_faults(contract: Contract) -> list[str]:
    owners: dict[str, str] = {}
    return [
        f"header '{spelling}' means both {owners[fold(spelling)]} and {column.name}"
        for column in contract.columns
        for spelling in column.spellings
        if owners.setdefault(fold(spelling), column.name) != column.name
    ]
