"""Reads files that name their columns themselves: JSON Lines and Parquet."""

import io
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, cast

import polars as pl

from tiendo.intake.guards import (
    MAX_CELL_LENGTH,
    MAX_UNPACKED_BYTES,
    cell_too_long,
    check_lengths,
    check_shape,
)
from tiendo.intake.problems import Cell
from tiendo.intake.received import OLD_ENCODINGS, Received, empty, legacy_converted, too_large, unreadable
from tiendo.intake.tables import SheetSummary, Source, Table
from tiendo.messages import TiendoError
from tiendo.settings import TIMEZONE

_PLAIN = (pl.String, pl.Boolean, pl.Date, pl.Decimal, pl.Null)


def read_json_lines(file: Received) -> Source:
    """One object a line; the columns in order of first appearance, nested values as JSON text.

    Raises:
        TiendoError: TD-101 for a line that is no object, TD-103 without any field, TD-111 over a limit.
    """
    text, encoding = file.text or ("", "")
    numbers: list[int] = []
    columns: dict[str, list[Cell]] = {}
    for number, record in _objects(file, text):
        for name in record:
            if name not in columns:
                columns[name] = [None] * len(numbers)
                check_shape(file.path, number, len(columns))
        if any(cell not in (None, "") for cell in record.values()):
            numbers.append(number)
            for name, column in columns.items():
                column.append(record.get(name))
    if not columns:
        raise empty(file.path)
    check_shape(file.path, len(numbers), len(columns))
    return Source(
        "jsonl",
        (_table(tuple(columns), tuple(columns.values()), pl.Series(numbers, dtype=pl.Int64)),),
        (SheetSummary(None, False, len(numbers), len(columns)),),
        encoding=encoding,
        notices=(legacy_converted(file.path, [encoding]),) if encoding in OLD_ENCODINGS else (),
    )


def _table(names: Sequence[str], columns: tuple[pl.Series | list[Cell], ...], numbers: pl.Series) -> Table:
    paths = tuple((header,) if (header := name.strip()) else () for name in names)
    return Table(None, columns, numbers, paths, tuple(range(1, len(paths) + 1)))


def _objects(file: Received, text: str) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Line number and cells of each object; blank lines are counted only."""
    # Not splitlines: a JSON text may hold other line separators of Unicode.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record: Any = json.loads(
                line, object_pairs_hook=_object, parse_float=Decimal, parse_constant=_refuse_constant
            )
            if "\\u" in line:
                # Half of a pair such as '\\ud800' is no character and can be written nowhere.
                json.dumps(record, ensure_ascii=False, default=str).encode()
        except (ValueError, RecursionError) as error:
            raise _bad_line(file, number, " ".join(str(error).split())[:120]) from error
        if not isinstance(record, dict):
            raise _bad_line(file, number, "not an object")
        cells = {name: _cell(value) for name, value in cast("dict[str, Any]", record).items()}
        for name, cell in cells.items():
            if isinstance(cell, str) and len(cell) > MAX_CELL_LENGTH:
                raise cell_too_long(file.path, len(cell), None, number, name[:80])
        yield number, cells


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object none of whose names stands twice, since it would not be clear which value counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"'{next(name for name in names if names.count(name) > 1)[:80]}' stands twice")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _cell(value: Any) -> Cell:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value


def _bad_line(file: Received, number: int, detail: str) -> TiendoError:
    return unreadable(
        file.path,
        "dòng không phải là một đối tượng JSON hợp lệ",
        f"the line is no valid JSON object (detail: {detail})",
        number,
    )


def read_parquet(file: Received) -> Source:
    """A Parquet file's columns in types the form's rules know.

    Raises:
        TiendoError: TD-103 without columns, TD-111 over a limit.
    """
    # The footer is read first: a forged one may promise billions of rows.
    import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs]

    footer = cast("Any", pq.read_metadata(io.BytesIO(file.raw)))  # pyright: ignore[reportUnknownMemberType]
    check_shape(file.path, footer.num_rows, footer.num_columns)
    if sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups)) > MAX_UNPACKED_BYTES:
        raise too_large(file.path, "giải nén ra trên 1 GiB", "unpacks to more than 1 GiB")
    frame = pl.read_parquet(io.BytesIO(file.raw))
    if not frame.width:
        raise empty(file.path)
    columns = [_plain_series(column) for column in frame.get_columns()]
    filled = pl.DataFrame([c.alias(str(i)) for i, c in enumerate(columns)]).select(
        pl.any_horizontal(pl.all().is_not_null()).alias("any")
    )["any"]
    rows = pl.int_range(1, frame.height + 1, eager=True, dtype=pl.Int64).filter(filled)
    columns = [column.filter(filled) for column in columns]
    for name, column in zip(frame.columns, columns, strict=True):
        check_lengths(file.path, column, rows, name)
    return Source(
        "parquet",
        (_table(frame.columns, tuple(columns), rows),),
        (SheetSummary(None, False, frame.height, frame.width),),
    )


def _plain_series(column: pl.Series) -> pl.Series:
    """The column in a type whose cells `parse_cell` knows; moments with a zone become local time."""
    dtype = column.dtype
    if dtype.is_numeric() or isinstance(dtype, _PLAIN):
        return column
    if isinstance(dtype, pl.Datetime):
        local = column.dt.convert_time_zone(str(TIMEZONE)) if dtype.time_zone else column
        return local.dt.replace_time_zone(None)
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    texts = [None if value is None else str(value) for value in column.to_list()]
    return pl.Series(column.name, texts, dtype=pl.String)
