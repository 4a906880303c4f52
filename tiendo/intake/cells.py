"""Parses a file's columns: each distinct cell once, so that millions of rows cost what their variety costs.

A cell that cannot be taken becomes null in the frame and a line among the problems.
"""

from collections.abc import Sequence
from typing import Any, cast

import polars as pl

from tiendo.intake.contracts import Column, Contract
from tiendo.intake.folding import fold
from tiendo.intake.identify import Identified
from tiendo.intake.problems import Cell, CellProblem, Value, cell_problem
from tiendo.intake.readers import Table
from tiendo.intake.references import References
from tiendo.intake.values import choice_of, parse_cell

# One line per problem; `row` is the position in the frame, from 0.
PROBLEMS: dict[str, pl.DataType] = {
    "row": pl.Int64(),
    "column_name": pl.String(),
    "column_label": pl.String(),
    "value": pl.String(),
    "rule_code": pl.String(),
    "message_vi": pl.String(),
    "message_en": pl.String(),
}


def parse_rows(identified: Identified, references: References) -> tuple[pl.DataFrame, pl.DataFrame]:
    """All rows of a file's tables as typed columns, and what is wrong with single cells.

    Returns:
        A frame with the contract's columns, the derived ones, `sheet` and `row_number`, one row per source
        row; and a frame of `PROBLEMS`.
    """
    frames: list[pl.DataFrame] = []
    problems: list[pl.DataFrame] = [pl.DataFrame(schema=PROBLEMS)]
    offset = 0
    for table, match in zip(identified.tables, identified.matches, strict=True):
        frame, found = _parse_table(table, match.mapping, identified.contract, references)
        frames.append(frame)
        problems.append(found.with_columns(pl.col("row") + offset))
        offset += frame.height
    return pl.concat(frames), pl.concat(problems)


def as_problems(rows: Sequence[int], column: Column, found: Sequence[CellProblem]) -> pl.DataFrame:
    """Problems of rows at one column, in the shape of `PROBLEMS`."""
    return pl.DataFrame(
        {
            "row": list(rows),
            "column_name": [column.name] * len(rows),
            "column_label": [column.label_vi] * len(rows),
            "value": [p.value for p in found],
            "rule_code": [p.code for p in found],
            "message_vi": [p.message_vi for p in found],
            "message_en": [p.message_en for p in found],
        },
        schema=PROBLEMS,
    )


def _parse_table(
    table: Table, mapping: dict[str, int], contract: Contract, references: References
) -> tuple[pl.DataFrame, pl.DataFrame]:
    height = len(table.row_numbers)
    columns: list[pl.Series] = []
    problems: list[pl.DataFrame] = [pl.DataFrame(schema=PROBLEMS)]
    for column in contract.columns:
        if column.name not in mapping:
            columns.append(pl.Series(column.name, [None] * height, dtype=column.dtype))
            continue
        label = table.headers[mapping[column.name]]
        values, found = _parse_column(table.columns[mapping[column.name]], column, references)
        columns.append(values)
        problems.append(found.with_columns(column_label=pl.lit(label)))
    columns.append(pl.Series("sheet", [table.sheet] * height, dtype=pl.String))
    columns.append(table.row_numbers.alias("row_number"))
    return _with_derived(pl.DataFrame(columns), contract), pl.concat(problems)


def _parse_column(
    cells: pl.Series | list[Cell], column: Column, references: References
) -> tuple[pl.Series, pl.DataFrame]:
    distinct, codes = _distinct(cells)
    known = references.org_codes if column.type == "org_code" else references.any_codes
    parsed = [parse_cell(cell, column, known) for cell in distinct]
    if column.type == "boolean" and any(isinstance(c, str) and fold(c) == "x" for c in distinct):
        # Where some cells are ticked, the others say no.
        parsed = [False if value is None else value for value in parsed]
    values: list[Value] = [None if isinstance(value, CellProblem) else value for value in parsed]
    series = pl.Series(column.name, values, dtype=column.dtype).gather(codes)
    found = {code: value for code, value in enumerate(parsed) if isinstance(value, CellProblem)}
    if column.required:
        missing = cell_problem("TD-201", None, column)
        found |= {code: missing for code, value in enumerate(parsed) if value is None}
    rows = codes.is_in(list(found)).arg_true()
    at = cast("list[int]", codes.gather(rows).to_list())
    return series, as_problems(cast("list[int]", rows.to_list()), column, [found[code] for code in at])


def _distinct(cells: pl.Series | list[Cell]) -> tuple[list[Cell], pl.Series]:
    """The distinct cells and, for each row, the position of its cell among them."""
    if isinstance(cells, pl.Series):
        frame = cells.alias("cell").to_frame()
        distinct = frame.unique(maintain_order=True).with_row_index("code")
        codes = frame.join(distinct, on="cell", how="left", nulls_equal=True, maintain_order="left")["code"]
        return cast("list[Cell]", distinct["cell"].to_list()), codes
    # 1, 1.0 and True are equal in Python but not the same cell.
    positions: dict[tuple[type, Any], int] = {}
    found = [positions.setdefault((type(cell), cell), len(positions)) for cell in cells]
    return [cell for _, cell in positions], pl.Series("code", found, dtype=pl.UInt32)


def _with_derived(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    for derived in contract.derived:
        source = frame[derived.source]
        if derived.kind == "month":
            values = source.dt.strftime("%Y-%m")
        else:
            distinct, codes = _distinct(source)
            chosen = [choice_of(str(cell), derived.choices) if cell else None for cell in distinct]
            chosen = [derived.otherwise if value is None else value for value in chosen]
            values = pl.Series(chosen, dtype=pl.String).gather(codes)
        frame = frame.with_columns(values.alias(derived.name))
    return frame
