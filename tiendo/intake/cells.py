"""Parses a file's columns: each distinct cell once, so that millions of rows cost what their variety costs.

A cell that cannot be taken becomes null in the frame and a finding.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, TypeGuard, cast

import polars as pl

from tiendo.intake.amounts import column_factors
from tiendo.intake.contracts import Column, Contract, Derived
from tiendo.intake.folding import fold
from tiendo.intake.headers import HeaderMatch
from tiendo.intake.identify import Identified
from tiendo.intake.lines import line_keys
from tiendo.intake.numbers import LARGEST
from tiendo.intake.problems import Cell, CellProblem, Value, cell_problem, cell_text
from tiendo.intake.quick_values import read_quickly
from tiendo.intake.references import References
from tiendo.intake.tables import Table
from tiendo.intake.texts import used_texts
from tiendo.intake.titles import title_match
from tiendo.intake.values import mention_of, parse_cell

# Below this many rows a Python loop beats the overhead of a polars query (measured at 60-row workbooks).
FEW_ROWS = 2_000
_ONE = Decimal(1)


class Finding(NamedTuple):
    """A problem at its place.

    Attributes:
        row: Position in the frame, from 0.
        column_name: Canonical name.
        column_label: Header as the sender wrote it, else as the form prints it.
        problem: What is wrong.
    """

    row: int
    column_name: str
    column_label: str
    problem: CellProblem


def parse_rows(identified: Identified, references: References) -> tuple[pl.DataFrame, list[Finding]]:
    """All rows of a file's tables as typed columns, and what is wrong with single cells.

    Returns:
        A frame with the contract's columns, the derived ones, `sheet` and `row_number`, one row per source
        row; and the findings.

    Raises:
        TiendoError: TD-114 where the unit of amounts is not said or is of another kind.
    """
    frames: list[pl.DataFrame] = []
    findings: list[Finding] = []
    offset = 0
    for table, match in zip(identified.tables, identified.matches, strict=True):
        frame, found = _parse_table(table, match, identified.contract, references)
        frames.append(frame)
        findings += [finding._replace(row=finding.row + offset) for finding in found] if offset else found
        offset += frame.height
    return frames[0] if len(frames) == 1 else pl.concat(frames), findings


def _parse_table(
    table: Table, match: HeaderMatch, contract: Contract, references: References
) -> tuple[pl.DataFrame, list[Finding]]:
    height = len(table.row_numbers)
    factors = column_factors(table, match, contract)
    columns: list[pl.Series] = []
    findings: list[Finding] = []
    for column in contract.columns:
        position = match.mapping.get(column.name)
        if position is None:
            columns.append(pl.Series(column.name, [None], dtype=column.dtype).new_from_index(0, height))
            continue
        cells = table.columns[position]
        values, faults = _parse_column(cells, column, references, factors.get(column.name, _ONE))
        columns.append(values)
        label = table.headers[position]
        findings += [Finding(row, column.name, label, fault) for row, fault in faults]
    columns.append(pl.Series("sheet", [table.sheet], dtype=pl.String).new_from_index(0, height))
    columns.append(table.row_numbers.alias("row_number"))
    frame = _with_titles(pl.DataFrame(columns), table, contract)
    return with_derived(frame, contract), findings


def _parse_column(
    cells: pl.Series | list[Cell], column: Column, references: References, factor: Decimal
) -> tuple[pl.Series, list[tuple[int, CellProblem]]]:
    """The column's values and, for each cell that cannot be taken, its row and problem."""
    if factor == _ONE and (counts := _whole_counts(cells, column)) is not None:
        return pl.Series(column.name, counts, dtype=column.dtype), []
    if isinstance(cells, pl.Series) and isinstance(cells.dtype, pl.Enum):
        texts, codes = used_texts(cells)
        values, faults = _parse_column(texts, column, references, factor)
        return _spread(values, codes, dict(faults))
    if isinstance(cells, list) or cells.dtype != pl.String or len(cells) <= FEW_ROWS or factor != _ONE:
        return _parse_distinct(cells, column, references, factor)
    quick = read_quickly(cells, column)
    if quick is None:
        return _parse_distinct(cells, column, references, factor)
    left = quick.is_null().arg_true()
    if not len(left):
        return quick.alias(column.name), []
    values, faults = _parse_distinct(cells.gather(left), column, references, factor)
    return quick.scatter(left, values).alias(column.name), [(left[row], fault) for row, fault in faults]


def _parse_distinct(
    cells: pl.Series | list[Cell], column: Column, references: References, factor: Decimal
) -> tuple[pl.Series, list[tuple[int, CellProblem]]]:
    """What `_parse_column` gives, by the slow parser."""
    distinct, codes = _distinct(cells)
    known = references.codes_of(column.type)
    parsed = [parse_cell(cell, column, known, factor) for cell in distinct]
    if column.keeps_errors:
        parsed = [value.value if _is_error(value) else value for value in parsed]
    if column.type == "boolean" and any(isinstance(c, str) and fold(c) == "x" for c in distinct):
        # Where some cells are ticked, the others say no.
        parsed = [False if value is None else value for value in parsed]
    values: list[Value] = [None if isinstance(value, CellProblem) else value for value in parsed]
    faults = {code: value for code, value in enumerate(parsed) if isinstance(value, CellProblem)}
    if column.required:
        missing = cell_problem("TD-201", None, column)
        faults |= {code: missing for code, value in enumerate(parsed) if value is None}
    if isinstance(codes, list):
        series = pl.Series(column.name, [values[code] for code in codes], dtype=column.dtype)
        return series, [(row, faults[code]) for row, code in enumerate(codes) if code in faults]
    return _spread(pl.Series(column.name, values, dtype=column.dtype), codes, faults)


def _spread(
    values: pl.Series, codes: pl.Series, faults: Mapping[int, CellProblem]
) -> tuple[pl.Series, list[tuple[int, CellProblem]]]:
    """What was read of the distinct cells, at each row."""
    if not faults:
        return values.gather(codes), []
    rows = codes.is_in(list(faults)).arg_true()
    at = cast("list[tuple[int, int]]", zip(rows, codes.gather(rows), strict=True))
    return values.gather(codes), [(row, faults[code]) for row, code in at]


def _whole_counts(cells: pl.Series | list[Cell], column: Column) -> list[int] | None:
    """The cells as whole numbers where each is one beyond doubt, as in most columns of a workbook."""
    if column.type != "integer" or not isinstance(cells, list):
        return None
    low = -LARGEST if column.minimum is None else column.minimum
    high = LARGEST - 1 if column.maximum is None else column.maximum
    counts = [int(c) for c in cells if isinstance(c, float) and c.is_integer() and low <= c <= high]
    return counts if len(counts) == len(cells) else None


def _is_error(value: Value | CellProblem) -> TypeGuard[CellProblem]:
    return isinstance(value, CellProblem) and value.code == "TD-221"


def _distinct(cells: pl.Series | list[Cell]) -> tuple[list[Cell], list[int] | pl.Series]:
    """The distinct cells and, for each row, the position of its cell among them."""
    if isinstance(cells, pl.Series) and len(cells) > FEW_ROWS:
        frame = cells.alias("cell").to_frame()
        distinct = frame.unique(maintain_order=True).with_row_index("code")
        codes = frame.join(distinct, on="cell", how="left", nulls_equal=True, maintain_order="left")["code"]
        return cast("list[Cell]", distinct["cell"].to_list()), codes
    # 1, 1.0 and True are equal in Python but not the same cell.
    positions: dict[tuple[type, object], int] = {}
    listed = cast("list[object]", cells.to_list() if isinstance(cells, pl.Series) else cells)
    found = [positions.setdefault((type(cell), cell), len(positions)) for cell in listed]
    return cast("list[Cell]", [cell for _, cell in positions]), found


def _with_titles(frame: pl.DataFrame, table: Table, contract: Contract) -> pl.DataFrame:
    """Adds what only the whole table tells: values of its titles, names of its lines."""
    added: list[pl.Series] = []
    for derived in contract.derived:
        if derived.kind == "title":
            values = [title_match(derived.pattern or "", table.above)] * frame.height
        elif derived.kind == "line":
            numbers = frame[derived.number or ""].to_list()
            values = line_keys(frame[derived.source].to_list(), numbers, derived.lines)
        else:
            continue
        added.append(pl.Series(derived.name, values, dtype=pl.String))
    return frame.hstack(added)


def with_derived(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Adds or renews the columns derived from the cells of a row; those of the whole table stay."""
    added = [
        _derive(frame, derived).alias(derived.name)
        for derived in contract.derived
        if derived.kind not in {"title", "line"}
    ]
    renewed = {column.name for column in added}
    # Put together by hand: over sixty rows a query would cost more than all of this.
    return pl.DataFrame([c for c in frame.get_columns() if c.name not in renewed] + added)


def _derive(frame: pl.DataFrame, derived: Derived) -> pl.Series:
    source = frame[derived.source]
    if derived.kind == "month":
        return source.dt.strftime("%Y-%m")
    if derived.kind == "reading":
        kinds = frame[derived.by or ""].to_list()
        read = [_reading(text, derived.types.get(kind)) for text, kind in zip(source, kinds, strict=True)]
        return pl.Series(read, dtype=pl.String)
    texts = cast("list[str | None]", source.to_list())
    chosen = {text: mention_of(text or "", derived.choices) or derived.otherwise for text in set(texts)}
    return pl.Series([chosen[text] for text in texts], dtype=pl.String)


def _reading(text: str | None, column_type: str | None) -> str | None:
    """A text as a value of the type would land, None where it is none."""
    if text is None or column_type is None:
        return text
    value = parse_cell(text, Column("value", column_type, "", ""))
    return None if isinstance(value, CellProblem) else cell_text(value)
