"""Finds what contradicts itself in a contract, so that no file is ever checked against a faulty one."""

import re
from collections.abc import Iterable

from tiendo.intake.contract_model import COLUMN_TYPES, Column, Contract, Derived
from tiendo.intake.folding import fold
from tiendo.intake.units import UNITS

RULES = frozenset(
    {
        "part_above_whole",
        "basis_missing_on_accumulating_indicator",
        "no_value_and_no_parts",
        "row_outside_extract",
        "completed_before_received",
        "valid_to_before_valid_from",
        "evidence_of_nothing",
        "verdict_without_level",
        "old_value_differs",
        "line_stands_twice",
    }
)
# A form without a unit or period column of its own takes them from the submission.
SUBMISSION_COLUMNS = frozenset({"org_code", "period"})
PLAN_ROWS = frozenset({"targets", "tasks", "any"})

_TEXTS = frozenset({"text", "code"})
_UNIT_NAMES = frozenset({"org_code", "organisation", "plan_id"})
# What a derived column of each kind says beside its name and source.
_SAID = {
    "month": frozenset[str](),
    "mention": frozenset({"choices", "otherwise"}),
    "title": frozenset({"pattern", "cross_checks"}),
    "line": frozenset({"lines", "number"}),
    "reading": frozenset({"by", "types"}),
}


def faults_of(contract: Contract) -> list[str]:
    """What is wrong with a contract, in words for developers."""
    names = [column.name for column in contract.columns]
    produced = [*names, *(derived.name for derived in contract.derived)]
    repeated = sorted({name for name in produced if produced.count(name) > 1})
    faults = [f"column {name} stands twice" for name in repeated]
    for column in contract.columns:
        faults += _column_faults(column)
    faults += _spelling_faults(contract)
    named = {*contract.key, *contract.replaces}
    faults += [f"no column {name}" for name in sorted(named - set(produced) - SUBMISSION_COLUMNS)]
    faults += [f"no column {name}" for name in _named_columns(contract) if name not in names]
    for derived in contract.derived:
        faults += _derived_faults(derived)
    faults += _role_faults(contract)
    return faults + [f"unknown rule {rule.when}" for rule in contract.rules if rule.when not in RULES]


def _named_columns(contract: Contract) -> Iterable[str]:
    """Every place that names a column of the form, save key and scope."""
    for derived in contract.derived:
        yield from (name for name in (derived.number, derived.by) if name)
        if derived.kind != "title":
            yield derived.source
    yield from (name for rule in contract.rules for pair in rule.pairs for name in pair)
    roles = (contract.organisation_column, contract.period_column, contract.submission_column)
    yield from (role for role in roles if role)


def _column_faults(column: Column) -> list[str]:
    wrong = {
        f"has the unknown type {column.type}": column.type not in COLUMN_TYPES,
        "choices and type do not fit": (column.type == "choice") != bool(column.choices),
        "names plan rows it cannot have": (column.type == "row_ref") != (column.rows_of in PLAN_ROWS),
        "has a help text in one language only": (column.help_vi is None) != (column.help_en is None),
        "is no text, so it has no pseudonym": column.pseudonym and column.type not in _TEXTS,
        "is no text, so it keeps no errors": column.keeps_errors and column.type not in _TEXTS,
        f"has a unit and is no amount: {column.unit}": bool(column.unit) and not column.is_quantity,
        f"has the unknown unit {column.unit}": column.unit is not None and column.unit not in UNITS,
    }
    owners: dict[str, str] = {}
    spellings = [(value, s) for value, listed in column.choices.items() for s in (value, *listed)]
    return [
        *(f"column {column.name} {what}" for what, is_wrong in wrong.items() if is_wrong),
        *(f"column {column.name}: '{s}' has no letter" for _, s in spellings if not fold(s)),
        *(
            f"column {column.name}: '{s}' means two values"
            for value, s in spellings
            if owners.setdefault(fold(s), value) != value
        ),
    ]


def _spelling_faults(contract: Contract) -> list[str]:
    owners: dict[str, str] = {}
    return [
        f"header '{spelling}' means both {owners[fold(spelling)]} and {column.name}"
        for column in contract.columns
        for spelling in column.spellings
        if owners.setdefault(fold(spelling), column.name) != column.name
    ]


def _derived_faults(derived: Derived) -> list[str]:
    if derived.kind not in _SAID:
        return [f"unknown derivation {derived.kind}"]
    given = {
        "choices": derived.choices,
        "otherwise": derived.otherwise,
        "pattern": derived.pattern,
        "cross_checks": derived.cross_checks,
        "lines": derived.lines,
        "number": derived.number,
        "by": derived.by,
        "types": derived.types,
    }
    said = {name for name, value in given.items() if value}
    allowed = _SAID[derived.kind]
    optional = {"otherwise", "cross_checks"}
    faults = [f"{derived.name}: {name} does not fit {derived.kind}" for name in sorted(said - allowed)]
    faults += [f"{derived.name}: no {name}" for name in sorted(allowed - optional - said)]
    unknown = set(derived.types.values()) - set(COLUMN_TYPES)
    faults += [f"{derived.name} has the unknown type {name}" for name in sorted(unknown)]
    if derived.kind == "title" and derived.source != "titles":
        faults.append(f"{derived.name}: titles come from titles")
    return faults + _pattern_faults(derived)


def _pattern_faults(derived: Derived) -> list[str]:
    try:
        groups = re.compile(derived.pattern or "()").groups
    except re.error as error:
        return [f"{derived.name}: {error}"]
    return [] if groups == 1 else [f"{derived.name}: the pattern needs one group"]


def _role_faults(contract: Contract) -> list[str]:
    types = {column.name: column.type for column in contract.columns}
    faults: list[str] = []
    if types.get(contract.organisation_column or "", "plan_id") not in _UNIT_NAMES:
        faults.append(f"{contract.organisation_column} names no unit")
    if types.get(contract.period_column or "", "period") not in {"period", "date", "timestamp"}:
        faults.append(f"{contract.period_column} names no period")
    if contract.needs_unit_line and not any(column.unit for column in contract.columns):
        faults.append("a unit line is needed but no column has a unit")
    is_of_a_plan = any(kind == "row_ref" for kind in types.values())
    if is_of_a_plan and "plan_id" not in types.values():
        faults.append("plan rows without a plan")
    return faults
