"""Checks rows against the codes known and the rules their contract names, and finds keys that stand twice.

Each rule takes the parsed frame and gives the rows that break it; where a cell it needs is null it is silent.
"""

from collections.abc import Collection, Sequence

import polars as pl

from tiendo.intake import column_rules, plan_rules
from tiendo.intake.cells import FEW_ROWS, Finding
from tiendo.intake.code_rules import unknown_codes
from tiendo.intake.contracts import Contract, Rule
from tiendo.intake.digests import with_hash
from tiendo.intake.problems import cell_text, problem
from tiendo.intake.rule_context import Check, RuleContext, at_rows

# These hold for whatever form has the columns; the contract need not name them.
_STANDING_RULES = (
    Rule("TD-219", "unit_contradicts_indicator"),
    Rule("TD-220", "cutoff_outside_period"),
    Rule("TD-230", "period_of_another_kind"),
)
# Columns of which an unread cell would make a rule speak of a cell as missing.
_CELLS_MISSED = {
    "no_value_and_no_parts": ("value", "numerator", "denominator"),
    "basis_missing_on_accumulating_indicator": ("basis",),
    "evidence_of_nothing": ("plan_id", "row_ref", "indicator_code"),
    "verdict_without_level": ("verdict_level", "verdict_on"),
}
_RULES: dict[str, Check] = {
    "unit_contradicts_indicator": column_rules.unit_contradicts,
    "cutoff_outside_period": column_rules.cutoff_outside,
    "period_of_another_kind": column_rules.period_of_another_kind,
    "part_above_whole": column_rules.part_above_whole,
    "basis_missing_on_accumulating_indicator": column_rules.basis_missing,
    "no_value_and_no_parts": column_rules.no_value,
    "row_outside_extract": column_rules.outside_extract,
    "completed_before_received": column_rules.ends_before_it_starts("received_at", "completed_at"),
    "valid_to_before_valid_from": column_rules.ends_before_it_starts("valid_from", "valid_to"),
    "evidence_of_nothing": plan_rules.evidence_of_nothing,
    "verdict_without_level": plan_rules.verdict_without_level,
    "old_value_differs": plan_rules.old_value_differs,
    "line_stands_twice": plan_rules.line_stands_twice,
}


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
        findings += unknown_codes(frame, column, context)
    for rule in (*context.contract.rules, *_STANDING_RULES):
        needed = _CELLS_MISSED.get(rule.when, ())
        findings += [
            finding
            for finding in _RULES[rule.when](frame, rule, context)
            if not any((finding.row, name) in unread for name in needed)
        ]
    return findings


def check_duplicates(frame: pl.DataFrame, contract: Contract, faulty: Collection[int]) -> list[Finding]:
    """Rows of a key that stands several times (TD-210).

    Of equal rows the first one stays. Where they differ none does: which one is right cannot be known.

    Args:
        frame: All parsed rows, with `row` and `row_number`.
        contract: The form; null key cells are equal to each other.
        faulty: Positions of rows that are bad otherwise and so contend for no key.
    """
    keys = [name for name in contract.key if name in frame.columns]
    if not keys or _distinct_rows(frame, keys) == frame.height:
        return []
    among = [row for row in _repeated(frame, keys) if row not in faulty]
    among = [among[row] for row in _repeated(frame[among], keys)]
    if not among:
        return []
    is_first = pl.col("row") == pl.col("row").first().over(keys)
    second = pl.col("row_number").shift(-1).over(keys)
    repeated = (
        with_hash(frame[among], contract)
        .select(
            "row",
            *keys,
            (pl.col("row_hash").n_unique().over(keys) == 1).alias("is_same"),
            pl.when(is_first).then(second).otherwise(pl.col("row_number").first().over(keys)).alias("other"),
            is_first.alias("is_first"),
        )
        .filter(pl.col("other").is_not_null() & ~(pl.col("is_first") & pl.col("is_same")))
    )
    return at_rows(
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


def _distinct_rows(frame: pl.DataFrame, keys: Sequence[str]) -> int:
    if frame.height > FEW_ROWS:
        return frame.n_unique(keys)
    return len(set(zip(*(frame.get_column(key).to_list() for key in keys), strict=True)))


def _repeated(frame: pl.DataFrame, keys: Sequence[str]) -> list[int]:
    """Positions of the rows whose key stands several times."""
    key = pl.col(keys[0]) if len(keys) == 1 else pl.struct(keys)
    return frame.select(key.is_duplicated().alias("it"))["it"].arg_true().to_list()


def _shown_key(contract: Contract) -> str:
    names = {column.name for column in contract.columns}
    return next(name for name in contract.key if name in names)
