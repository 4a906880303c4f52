"""What every rule between columns or rows gets and gives, whatever it checks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from tiendo.intake.cells import Finding
from tiendo.intake.contracts import Column, Contract, Rule
from tiendo.intake.problems import CellProblem
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


Check = Callable[[pl.DataFrame, Rule, RuleContext], list[Finding]]


def at_rows(
    frame: pl.DataFrame, column: Column, make: Callable[[dict[str, Any]], CellProblem]
) -> list[Finding]:
    """One finding per row of a frame of offending rows, which has their position in a column `row`."""
    return [
        Finding(row["row"], column.name, column.label_vi, make(row)) for row in frame.iter_rows(named=True)
    ]
