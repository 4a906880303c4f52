"""Rules between the columns of a row, as contracts name them; a null cell leaves them silent."""

from typing import Any

import polars as pl

from tiendo.intake.cells import Finding
from tiendo.intake.contracts import Rule
from tiendo.intake.dates import period_end, period_kind, period_start
from tiendo.intake.folding import fold
from tiendo.intake.problems import cell_text, problem
from tiendo.intake.rule_context import Check, RuleContext, at_rows
from tiendo.intake.scope import kind_words

_PERCENT_UNITS = frozenset({"percent", "percent_grdp", "percent_budget"})


def part_above_whole(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """The first of each pair may not exceed the second."""
    findings: list[Finding] = []
    for part_name, whole_name in rule.pairs:
        part, whole = context.contract.column(part_name), context.contract.column(whole_name)
        labels = {
            "part_vi": part.label_vi,
            "whole_vi": whole.label_vi,
            "part_en": part.label_en,
            "whole_en": whole.label_en,
        }
        pairs = zip(frame[part_name].to_list(), frame[whole_name].to_list(), strict=True)
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


def basis_missing(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """What adds up over a year says nothing without its basis."""
    accumulating = list(context.references.accumulating_indicators)
    bad = frame.filter(pl.col("basis").is_null() & pl.col("indicator_code").is_in(accumulating))
    column = context.contract.column("basis")
    return at_rows(bad, column, lambda row: problem(rule.code, row["indicator_code"]))


def no_value(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """A row gives a value, or both parts of one."""
    parts_missing = pl.col("numerator").is_null() | pl.col("denominator").is_null()
    bad = frame.filter(pl.col("value").is_null() & parts_missing)
    return at_rows(bad, context.contract.column("value"), lambda _: problem(rule.code, None))


def unit_contradicts(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """Clear contradictions only: units are written in many ways, but a percentage is named as one."""
    if not {"indicator_code", "unit"} <= set(frame.columns):
        return []
    column, units = context.contract.column("unit"), context.references.indicator_units
    if column.type != "text":
        return []
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


def cutoff_outside(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
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


def period_of_another_kind(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
    """A month where the form is for years: nothing would be computed from it."""
    contract = context.contract
    if not contract.period_kinds or contract.period_column is None:
        return []
    column = contract.column(contract.period_column)
    words_vi, words_en = kind_words(contract)
    return [
        Finding(
            row,
            column.name,
            column.label_vi,
            problem(rule.code, period, kinds_vi=words_vi, kinds_en=words_en),
        )
        for row, period in enumerate(frame[column.name].to_list())
        if period is not None and period_kind(period) not in contract.period_kinds
    ]


def outside_extract(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
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
        for finding in at_rows(
            bad, column, lambda row, name=column.name: problem(rule.code, cell_text(row[name]), **words)
        )
    ]


def _strangers(units: pl.Series, context: RuleContext) -> list[str]:
    references = context.references
    if references.province_of(context.org_code) is None:
        return []
    known = [unit for unit in units.unique().to_list() if references.province_of(unit)]
    return [unit for unit in known if not references.is_within(unit, context.org_code)]


def ends_before_it_starts(start: str, end: str) -> Check:
    """A rule for two days or moments of a row."""

    def check(frame: pl.DataFrame, rule: Rule, context: RuleContext) -> list[Finding]:
        bad = frame.filter(_latest_sense(frame, end) < pl.col(start))
        column = context.contract.column(end)
        return at_rows(
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
