"""The rules a contract names between columns and rows, and the checks of codes against the registry.

Each rule takes the parsed frame and gives the rows that break it; where a cell it needs is null it is silent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import polars as pl

from tiendo.intake.cells import Finding
from tiendo.intake.contracts import Column, Contract, Rule
from tiendo.intake.dates import period_end, period_start
from tiendo.intake.folding import fold
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


def check_rules(
    frame: pl.DataFrame, context: RuleContext, cell_findings: Sequence[Finding] = ()
) -> list[Finding]:
    """What breaks the codes and the contract's rules.

    Args:
        frame: All parsed rows, with their position in a column `row`.
        context: The submission and what is known.
        cell_findings: What is wrong with single cells: a cell that could not be read is not also missing.
    """
    unread = {(finding.row, finding.column_name) for finding in cell_findings}
    findings: list[Finding] = []
    for column in context.contract.columns:
        if column.type in {"org_code", "organisation"}:
            findings += _unknown_units(frame, column, context)
        elif column.type == "indicator_code":
            findings += _unknown_indicators(frame, column, context)
    for rule in (*context.contract.rules, *_STANDING_RULES):
        needed = _CELLS_MISSED.get(rule.when, ())
        findings += [
            finding
            for finding in _RULES[rule.when](frame, rule, context)
            if not any((finding.row, name) in unread for name in needed)
        ]
    return findings


def check_duplicates(frame: pl.DataFrame, contract: Contract) -> list[Finding]:
    """Rows of a key that stands several times (TD-210).

    Of equal rows the first one stays. Where they differ none does: which one is right cannot be known.

    Args:
        frame: Rows that are good otherwise, with `row`, `row_number` and `row_hash`.
        contract: The form; null key cells are equal to each other.
    """
    keys = [name for name in contract.key if name in frame.columns]
    if frame.n_unique(keys) == frame.height:
        return []
    is_first = pl.col("row") == pl.col("row").first().over(keys)
    second = pl.col("row_number").shift(-1).over(keys)
    repeated = frame.select(
        "row",
        *keys,
        (pl.col("row_hash").n_unique().over(keys) == 1).alias("is_same"),
        pl.when(is_first).then(second).otherwise(pl.col("row_number").first().over(keys)).alias("other"),
        is_first.alias("is_first"),
    ).filter(pl.col("other").is_not_null() & ~(pl.col("is_first") & pl.col("is_same")))
    return _at_rows(
        repeated,
        contract.column(_shown_key(contract)),
        lambda row: problem(
            "TD-210",
            " · ".join(cell_text(row[key]) or "" for key in keys),
            other=str(row["other"]),
            detail_vi=" và nội dung giống hệt"
            if row["is_same"]
            else " nhưng nội dung khác nên không dòng nào được nhận",
            detail_en=" and the same content" if row["is_same"] else " but other content, so none is taken",
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


def _unit_contradicts(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """Clear contradictions only: units are written in many ways, but a percentage is named as one."""
    if not {"indicator_code", "unit"} <= set(frame.columns):
        return []
    column, units = context.contract.column("unit"), context.references.indicator_units
    findings: list[Finding] = []
    for row, (code, given) in enumerate(frame.select("indicator_code", "unit").iter_rows()):
        unit = units.get(code)
        if unit is None or given is None:
            continue
        is_percent = unit in _PERCENT_UNITS
        says_percent = "%" in given or (is_percent and "phan tram" in fold(given))
        if is_percent != says_percent:
            words = ("phần trăm (%)", "percent (%)") if is_percent else ("không phải %", "not a percentage")
            fault = problem(rule.code, given, indicator=code, unit_vi=words[0], unit_en=words[1])
            findings.append(Finding(row, column.name, column.label_vi, fault))
    return findings


def _cutoff_outside(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """Figures up to a day outside their period: a wrong one would decide which report is the newest."""
    if not {"data_cutoff", "period"} <= set(frame.columns):
        return []
    column = context.contract.column("data_cutoff")
    findings: list[Finding] = []
    for row, (period, cutoff) in enumerate(frame.select("period", "data_cutoff").iter_rows()):
        if period is None or cutoff is None:
            continue
        start, end = period_start(period), period_end(period)
        if not start <= cutoff <= end:
            fault = problem(
                rule.code,
                f"{cutoff:%d/%m/%Y}",
                label_vi=column.label_vi,
                label_en=column.label_en,
                period=period,
                start=f"{start:%d/%m/%Y}",
                end=f"{end:%d/%m/%Y}",
            )
            findings.append(Finding(row, column.name, column.label_vi, fault))
    return findings


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


_PERCENT_UNITS = frozenset({"percent", "percent_grdp", "percent_budget"})
# These hold for whatever form has the columns; the contract need not name them.
_STANDING_RULES = (
    Rule("TD-219", "unit_contradicts_indicator"),
    Rule("TD-220", "cutoff_outside_period"),
)
# Columns of which an unread cell would make a rule speak of a cell as missing.
_CELLS_MISSED = {
    "no_value_and_no_parts": ("value", "numerator", "denominator"),
    "basis_missing_on_accumulating_indicator": ("basis",),
}
_RULES: dict[str, _Check] = {
    "unit_contradicts_indicator": _unit_contradicts,
    "cutoff_outside_period": _cutoff_outside,
    "part_above_whole": _part_above_whole,
    "basis_missing_on_accumulating_indicator": _basis_missing,
    "no_value_and_no_parts": _no_value,
    "row_outside_extract": _outside_extract,
    "completed_before_received": _ends_before_it_starts("received_at", "completed_at"),
    "valid_to_before_valid_from": _ends_before_it_starts("valid_from", "valid_to"),
}
