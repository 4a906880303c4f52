"""What a reader gives: sheets with every cell at its true place, and the tables found in them.

Every format ends in these types, so that what follows does not care how a file was stored.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, cast

import polars as pl

from tiendo.intake.problems import Cell
from tiendo.messages import TiendoError

HeaderPath = tuple[str, ...]
_LONGEST_TEXT = 80


class Merge(NamedTuple):
    """A merged range, rows and columns from 0, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


def is_blank(cell: object) -> bool:
    """Whether a cell holds nothing but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def are_blank(cells: Sequence[object]) -> bool:
    """Whether a row or column holds nothing but blanks."""
    # Counted first, since that is fast and sheets can have a million empty rows.
    return cells.count("") == len(cells) or all(map(is_blank, cells))


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or the top of a text file.

    Attributes:
        name: Name of the sheet, None for files without sheets.
        rows: `rows[0]` is row 1 and its first cell column A; all rows have the same length.
        merges: Merged ranges.
        is_hidden: Whether the sheet is hidden.
    """

    name: str | None
    rows: list[list[Cell]]
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False


class LeftOut(NamedTuple):
    """A row below the header that is no record.

    Attributes:
        row_number: As Excel counts it, from 1.
        kind: `column_numbers`, `repeated_header`, `group`, `total`, `empty_line` or `note`.
        text: Its beginning, for the receipt.
    """

    row_number: int
    kind: str
    text: str


def beginning(texts: Iterable[str]) -> str:
    """As much of a row's texts as tells on a receipt which row it is."""
    return " ".join(" ".join(texts).split())[:_LONGEST_TEXT]


@dataclass(frozen=True)
class Table:
    """One table of a file: its header and the rows below it that hold anything.

    Attributes:
        sheet: Name of the sheet, None for files without sheets.
        columns: One per header, all of one length: text columns as series, mixed cells as lists.
        row_numbers: For each row its number as Excel counts it, from 1. Blank rows are not in the table but
            are counted. In Parquet, which has no header row, the first record is row 1.
        header_paths: For each column the header from the top row to the lowest, as in ('Quyết toán', 'Ngân
            sách cấp tỉnh'); () where empty.
        column_numbers: For each column its number in the sheet, column A being 1.
        is_hidden: Whether the sheet is hidden.
        header_rows: First and last row of the header, from 1; (0, 0) where the file has no header row.
        above: Texts of the rows above the header, in reading order.
        left_out: Rows below the header that are no records.
    """

    sheet: str | None
    columns: tuple[pl.Series | list[Cell], ...]
    row_numbers: pl.Series
    header_paths: tuple[HeaderPath, ...]
    column_numbers: tuple[int, ...]
    is_hidden: bool = False
    header_rows: tuple[int, int] = (0, 0)
    above: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """One text per column, the parts of a header of several rows joined by a space; '' where empty."""
        return tuple(map(" ".join, self.header_paths))

    @property
    def first_row(self) -> int | None:
        """Number of the first data row, None where there is none."""
        return cast("int", self.row_numbers[0]) if len(self.row_numbers) else None


class SheetSummary(NamedTuple):
    """A sheet as `inspect` lists it: name, whether hidden, and its size as the file claims it."""

    name: str | None
    is_hidden: bool
    rows: int
    columns: int


@dataclass(frozen=True)
class Source:
    """A file as read.

    Attributes:
        format: `xlsx`, `xlsm`, `xls`, `ods`, `csv`, `tsv`, `jsonl` or `parquet`, by content.
        tables: The tables found, hidden sheets included.
        sheets: Every sheet, also those without a table.
        encoding: How the text was encoded (`utf-8`, `utf-16`, `cp1258`, `tcvn3`, `vni`), None for workbooks.
        legacy: Legacy encodings found inside workbook cells (`tcvn3`, `vni`).
        notices: What the sender should know although the file is taken.
        grids: Of a workbook the cells of every sheet that holds anything.
    """

    format: str
    tables: tuple[Table, ...]
    sheets: tuple[SheetSummary, ...] = ()
    encoding: str | None = None
    legacy: tuple[str, ...] = ()
    notices: tuple[TiendoError, ...] = ()
    grids: tuple[Sheet, ...] = field(default=(), repr=False)
