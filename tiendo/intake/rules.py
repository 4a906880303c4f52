"""The rules a contract names between columns and rows, and the checks of codes against the registry.

Each rule takes the parsed frame and gives the rows that break it; where a cell it needs is null it is silent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import polars as pl

from tiendo.intake.cells import Finding
from tiendo.intake.contracts import Column, Contract, Rule
from tiendo.intake.dates import period_end
from tiendo.intake.problems import CellProblem, cell_text, problem
from tiendo.intake.references import References


@dataclass(frozen=True)
class RuleContext:
    """What rules need beside the rows.

    Attributes:
        contract: The form.
        references: Known codes.
        org_code: Unit of the submission.
        period: Period of the submission.
    """

    contract: Contract
    references: References
    org_code: str
    period: str


_Check = Callable[[pl.DataFrame, Rule, RuleContext], list[Finding]]


def check_rules(frame: pl.DataFrame, context: RuleContext) -> list[Finding]:
    """What breaks the codes and the contract's rules.

    Args:
        frame: All parsed rows, with their position in a column `row`.
        context: The submission and what is known.
    """
    findings: list[Finding] = []
    for column in context.contract.columns:
        if column.type in {"org_code", "organisation"}:
            findings += _unknown_units(frame, column, context)
        elif column.type == "indicator_code":
            findings += _unknown_indicators(frame, column, context)
    for rule in context.contract.rules:
        findings += _RULES[rule.when](frame, rule, context)
    return findings


def check_duplicates(frame: pl.DataFrame, contract: Contract) -> list[Finding]:
    """Second and later rows of a key (TD-210); the first one stays.

    Args:
        frame: Rows that are good otherwise, with `row`, `row_number` and `row_hash`.
        contract: The form; null key cells are equal to each other.
    """
    keys = [name for name in contract.key if name in frame.columns]
    if frame.n_unique(keys) == frame.height:
        return []
    first = {name: pl.col(name).first().over(keys) for name in ("row", "row_number", "row_hash")}
    repeated = frame.select(
        "row",
        *keys,
        (pl.col("row_hash") == first["row_hash"]).alias("is_same"),
        first["row_number"].alias("first"),
        first["row"].alias("first_row"),
    ).filter(pl.col("row") != pl.col("first_row"))
    return _at_rows(
        repeated,
        contract.column(_shown_key(contract)),
        lambda row: problem(
            "TD-210",
            " · ".join(cell_text(row[key]) or "" for key in keys),
            first=str(row["first"]),
            detail_vi=" và nội dung giống hệt" if row["is_same"] else " nhưng nội dung khác",
            detail_en=" and the same content" if row["is_same"] else " but other content",
        ),
    )


def _shown_key(contract: Contract) -> str:
    names = {column.name for column in contract.columns}
    return next(name for name in contract.key if name in names)


def _at_rows(
    frame: pl.DataFrame, column: Column, make: Callable[[dict[str, Any]], CellProblem]
) -> list[Finding]:
    """One finding per row of a frame of offending rows."""
    return [
        Finding(row["row"], column.name, column.label_vi, make(row)) for row in frame.iter_rows(named=True)
    ]


def _row_ends(frame: pl.DataFrame, context: RuleContext) -> list[date | None]:
    """For each row the last day of its own period, else of the submission's."""
    name = context.contract.period_column
    if name is None:
        periods = [context.period] * frame.height
    else:
        column = frame[name]
        periods = (column if column.dtype == pl.String else column.dt.strftime("%Y-%m")).to_list()
    ends = {period: period_end(period) for period in set(periods) if period and period[0].isdigit()}
    return [ends.get(period) for period in periods]


def _unknown_units(frame: pl.DataFrame, column: Column, context: RuleContext) -> list[Finding]:
    codes = cast("list[str | None]", frame[column.name].to_list())
    pairs = list(zip(codes, _row_ends(frame, context), strict=True))
    agencies = context.references.agency_codes if column.type == "organisation" else frozenset[str]()
    faults: dict[tuple[str | None, date | None], CellProblem] = {
        (code, end): fault
        for code, end in set(pairs)
        if code is not None
        and code not in agencies
        and (fault := _unit_fault(code, end, context.references)) is not None
    }
    return [
        Finding(row, column.name, column.label_vi, fault)
        for row, pair in enumerate(pairs)
        if (fault := faults.get(pair)) is not None
    ]


def _unit_fault(code: str, end: date | None, references: References) -> CellProblem | None:
    validities = references.validities(code)
    if not validities:
        return problem("TD-208", code, detail_vi="", detail_en="")
    if end is None or references.is_valid_on(code, end):
        return None
    spans = [(f"{start:%d/%m/%Y}", f"{stop:%d/%m/%Y}" if stop else "") for start, stop in validities]
    spans_vi = "; ".join(f"từ {start}" + (f" đến {stop}" if stop else "") for start, stop in spans)
    spans_en = "; ".join(f"from {start}" + (f" to {stop}" if stop else "") for start, stop in spans)
    return problem(
        "TD-208",
        code,
        detail_vi=f" vào ngày {end:%d/%m/%Y}; mã này chỉ có hiệu lực {spans_vi}",
        detail_en=f" on {end:%d/%m/%Y}; the code is valid only {spans_en}",
    )


def _unknown_indicators(frame: pl.DataFrame, column: Column, context: RuleContext) -> list[Finding]:
    known = context.references.indicator_codes
    return [
        Finding(row, column.name, column.label_vi, problem("TD-209", code))
        for row, code in enumerate(frame[column.name])
        if code is not None and code not in known
    ]


def _part_above_whole(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    findings: list[Finding] = []
    for part_name, whole_name in rule.pairs:
        part, whole = context.contract.column(part_name), context.contract.column(whole_name)
        labels = {
            "part_vi": part.label_vi,
            "whole_vi": whole.label_vi,
            "part_en": part.label_en,
            "whole_en": whole.label_en,
        }
        pairs = zip(frame[part_name], frame[whole_name], strict=True)
        findings += [
            Finding(
                row,
                part.name,
                part.label_vi,
                problem(rule.code, _number_text(amount), whole=_number_text(total), **labels),
            )
            for row, (amount, total) in enumerate(pairs)
            if amount is not None and total is not None and amount > total
        ]
    return findings


def _number_text(value: Any) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _basis_missing(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    accumulating = list(context.references.accumulating_indicators)
    bad = frame.filter(pl.col("basis").is_null() & pl.col("indicator_code").is_in(accumulating))
    column = context.contract.column("basis")
    return _at_rows(bad, column, lambda row: problem(rule.code, row["indicator_code"]))


def _no_value(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    parts_missing = pl.col("numerator").is_null() | pl.col("denominator").is_null()
    bad = frame.filter(pl.col("value").is_null() & parts_missing)
    return _at_rows(bad, context.contract.column("value"), lambda _: problem(rule.code, None))


def _outside_extract(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """Rows of another month than the extract's, or of a unit that is not below its unit."""
    moment = context.contract.column(context.contract.period_column or "")
    unit = context.contract.column(context.contract.organisation_column or "")
    words = {"org": context.org_code, "period": context.period}
    other_month = frame.filter(pl.col(moment.name).dt.strftime("%Y-%m") != context.period)
    strangers = _strangers(frame[unit.name], context)
    foreign = frame.filter(pl.col(unit.name).is_in(strangers))
    return [
        finding
        for bad, column in ((other_month, moment), (foreign, unit))
        for finding in _at_rows(
            bad, column, lambda row, name=column.name: problem(rule.code, cell_text(row[name]), **words)
        )
    ]


def _strangers(units: pl.Series, context: RuleContext) -> list[str]:
    references = context.references
    if references.province_of(context.org_code) is None:
        return []
    known = [unit for unit in units.unique().to_list() if references.province_of(unit)]
    return [unit for unit in known if not references.is_within(unit, context.org_code)]


def _ends_before_it_starts(
    start: str, end: str
) -> Callable[[pl.DataFrame, Rule, RuleContext], list[Finding]]:
    def check(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
        bad = frame.filter(_latest_sense(frame, end) < pl.col(start))
        column = context.contract.column(end)
        return _at_rows(
            bad,
            column,
            lambda row: problem(rule.code, cell_text(row[end]), other=cell_text(row[start]) or ""),
        )

    return check


def _latest_sense(frame: pl.DataFrame, name: str) -> pl.Expr:
    """A moment written without a time of day may be any time of that day."""
    if frame.schema[name] != pl.Datetime("us"):
        return pl.col(name)
    is_bare = pl.col(name).dt.time() == pl.time(0)
    return pl.when(is_bare).then(pl.col(name) + pl.duration(days=1, microseconds=-1)).otherwise(pl.col(name))


_RULES: dict[str, _Check] = {
    "part_above_whole": _part_above_whole,
    "basis_missing_on_accumulating_indicator": _basis_missing,
    "no_value_and_no_parts": _no_value,
    "row_outside_extract": _outside_extract,
    "completed_before_received": _ends_before_it_starts("received_at", "completed_at"),
    "valid_to_before_valid_from": _ends_before_it_starts("valid_from", "valid_to"),
}
