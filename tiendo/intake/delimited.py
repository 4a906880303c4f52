"""Reads text tables: any Vietnamese encoding, comma, semicolon, tab or pipe, titles above, millions of rows.

The first records are laid out as a sheet, in which the header is found as in a workbook; the rest follows it.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple, cast

import polars as pl

from tiendo.intake.guards import MAX_FILE_BYTES, check_lengths, check_shape
from tiendo.intake.layout import find_table
from tiendo.intake.long_text import read_rows, varied_columns
from tiendo.intake.marks import Modern
from tiendo.intake.problems import Cell
from tiendo.intake.received import (
    LONG_TEXT,
    OLD_ENCODINGS,
    Received,
    empty,
    legacy_converted,
    unreadable,
)
from tiendo.intake.tables import LeftOut, Sheet, SheetSummary, Source, Table, are_blank, beginning
from tiendo.intake.texts import blank_texts, where, with_above

_DELIMITERS = ",;\t|"
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_TOP = 100
_BATCH = 50_000
_SAMPLE = 200_000
_SAMPLED_RECORDS = 4_000
# Python stops at 131,072 characters a field and cannot say in which; our own limit is checked with its place.
csv.field_size_limit(MAX_FILE_BYTES)


class Dialect(NamedTuple):
    """How a text separates its fields.

    Attributes:
        delimiter: The separator.
        columns: Fields of the records that agree on their number; 1 where none are separated.
        start: Where the first record begins, after a line such as 'sep=;' that only Excel reads.
    """

    delimiter: str
    columns: int
    start: int = 0


def dialect_of(text: str) -> Dialect:
    """The separator by which most of the first records have the same number of fields.

    Titles above the table and commas inside its numbers lose against the table's own regularity.
    """
    lines = text[:_SAMPLE].splitlines(keepends=True)[:_TOP]
    first = lines[0] if lines else ""
    hint = first.strip().strip('"')
    if hint.lower().startswith("sep=") and len(hint) <= len("sep=x"):
        return Dialect(hint[4:] or "\t", 2, len(first))
    best = Dialect(",", 1)
    most = (0, 1)
    for delimiter in _DELIMITERS:
        widths = Counter(len(record) for record in csv.reader(lines, delimiter=delimiter) if len(record) > 1)
        width, records = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        if (records, width) > most:
            best, most = Dialect(delimiter, width), (records, width)
    return best


def read_delimited(file: Received) -> Source:
    """The table of a text file.

    Raises:
        TiendoError: TD-101 for a row wider than the header or a quote that does not close, TD-103 without a
            header, TD-111 over a limit.
    """
    if file.quotes is not None and file.top is not None and (source := _read_long(file, file.top)):
        return source
    text, encoding = file.text or ("", "")
    records = _Records(file, text, dialect_of(text))
    return _read(file, records, records.top(), encoding)


def _read_long(file: Received, top: str) -> Source | None:
    """The table of a long file of which only the first lines are in memory; None where they do not tell."""
    records = _Records(file, top, dialect_of(top), is_top=True)
    try:
        return _read(file, records, records.top(), "utf-8")
    except _UnsureError:
        return None


def _read(file: Received, records: "_Records", top: list[list[str]], encoding: str) -> Source:
    modern = Modern()
    width = max(map(len, top), default=0)
    check_shape(file.path, records.number, width)
    cells: list[list[Cell]] = [
        [modern(cell) for cell in (*record, *[""] * (width - len(record)))] for record in top
    ]
    table = find_table(Sheet(None, cells))
    if table is None:
        raise empty(file.path)
    last = max(
        (n for n, path in zip(table.column_numbers, table.header_paths, strict=True) if path), default=0
    )
    for number in cast("list[int]", table.row_numbers.to_list()):
        records.refuse_wide(number, top[number - 1], last)
    rest = records.rest(len(top[table.header_rows[1] - 1]), last)
    table = _joined(file, table, top, rest, modern, last)
    legacy = tuple(sorted(modern.encodings))
    old = (encoding,) if encoding in OLD_ENCODINGS else legacy
    return Source(
        "tsv" if records.delimiter == "\t" else "csv",
        (table,),
        (SheetSummary(None, False, records.number, width),),
        encoding=encoding,
        legacy=legacy,
        notices=(legacy_converted(file.path, old),) if old else (),
    )


class _UnsureError(Exception):
    """The first lines alone do not tell how a long file goes on."""


class _Records:
    """The records of a text, in order; `number` is how many were read, as Excel counts rows."""

    def __init__(self, file: Received, text: str, dialect: Dialect, *, is_top: bool = False) -> None:
        self._file, self._text, self._is_top = file, text, is_top
        self.delimiter = dialect.delimiter
        self._start = dialect.start
        self._reader = csv.reader(self._lines(), delimiter=dialect.delimiter, strict=True)
        self.number = 0

    def _lines(self) -> Iterator[str]:
        """The lines with their ends, and no second copy of a long text."""
        for line in _LINE.finditer(self._text, self._start):
            self._start = line.end()
            if self._is_top and self._start == len(self._text):
                raise _UnsureError
            yield line[0]

    def __iter__(self) -> Iterator[list[str]]:
        while True:
            try:
                record = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise unreadable(
                    self._file.path,
                    "có dấu ngoặc kép không khép lại hoặc đứng giữa ô",
                    "a quotation mark is not closed or stands inside a field",
                    self.number + 1,
                ) from error
            self.number += 1
            yield record

    def top(self) -> list[list[str]]:
        """The first records, as many as hold a hundred that are not blank."""
        top: list[list[str]] = []
        filled = 0
        for record in self:
            top.append(record)
            filled += not are_blank(record)
            if filled == _TOP:
                break
        return top

    def refuse_wide(self, number: int, record: Sequence[str], width: int) -> None:
        """Raises TD-101 for a record that holds something beyond the header: its columns have shifted."""
        if len(record) > width and not are_blank(record[width:]):
            raise unreadable(
                self._file.path,
                f"dòng có {len(record)} cột, dòng tiêu đề có {width} cột",
                f"the row has {len(record)} fields, the header has {width}",
                number,
            )

    def rest(self, fields: int, width: int) -> pl.DataFrame:
        """The records not yet read, blank ones included, cut or filled up to the header's width."""
        schema = {str(column): pl.String for column in range(width)}
        frame = self._fast(fields, width)
        if frame is not None:
            self.number += frame.height
            check_shape(self._file.path, self.number, width)
            return frame
        if self._is_top:
            raise _UnsureError
        batches: list[pl.DataFrame] = []
        records = iter(self)
        while batch := list(self._squared(islice(records, _BATCH), width)):
            check_shape(self._file.path, self.number, width)
            batches.append(pl.DataFrame(batch, schema=schema, orient="row"))
        return pl.concat(batches) if batches else pl.DataFrame(schema=schema)

    def _squared(self, records: Iterator[list[str]], width: int) -> Iterator[list[str]]:
        for record in records:
            self.refuse_wide(self.number, record, width)
            yield record[:width] if len(record) >= width else [*record, *[""] * (width - len(record))]

    def _fast(self, fields: int, width: int) -> pl.DataFrame | None:
        """The records by pyarrow; None where they are few, or one is of another width than the header."""
        # An odd number of quotes hides an open one, on which only the strict reader insists.
        if self._is_top:
            mark = len(codecs.BOM_UTF8) if self._file.head.startswith(codecs.BOM_UTF8) else 0
            source, start = self._file.path, mark + len(self._text[: self._start].encode())
            quotes = (self._file.quotes or 0) - self._text.count('"', 0, self._start)
        else:
            if len(self._text) - self._start <= LONG_TEXT:
                return None
            source, start = self._text[self._start :].encode(), 0
            quotes = self._text.count('"', self._start)
        lines = (line[0] for line in _LINE.finditer(self._text, self._start))
        sample = list(islice(csv.reader(lines, delimiter=self.delimiter), _SAMPLED_RECORDS))
        columns = (
            None if quotes % 2 else read_rows(source, start, self.delimiter, fields, varied_columns(sample))
        )
        if columns is None or any(not where(column, blank_texts).all() for column in columns[width:]):
            return None
        return pl.DataFrame(columns[:width])


def _joined(
    file: Received, table: Table, top: Sequence[Sequence[str]], rest: pl.DataFrame, modern: Modern, width: int
) -> Table:
    """The table of the first records with the rest of the file below it."""
    rest = rest.with_columns(row=pl.int_range(len(top) + 1, len(top) + rest.height + 1, dtype=pl.Int64))
    rest, left_out = _without_headers(_without_blank(rest, width), table, top, width)
    numbers = pl.concat([table.row_numbers, rest["row"]])
    kept = [i for i, number in enumerate(table.column_numbers) if number <= width]
    columns: list[pl.Series] = []
    for i in kept:
        below = rest[str(table.column_numbers[i] - 1)]
        below = _in_unicode(below.cast(pl.String), modern) if modern.encodings else below
        column = with_above([cast("str", cell or "") for cell in table.columns[i]], below)
        check_lengths(file.path, column, numbers, table.headers[i])
        columns.append(column)
    return replace(
        table,
        columns=tuple(columns),
        row_numbers=numbers,
        header_paths=tuple(table.header_paths[i] for i in kept),
        column_numbers=tuple(table.column_numbers[i] for i in kept),
        left_out=(*table.left_out, *left_out),
    )


def _without_blank(rest: pl.DataFrame, width: int) -> pl.DataFrame:
    # Few rows begin with an empty field, and only those need a second look.
    doubtful = rest.filter(where(rest["0"], blank_texts))
    for column in range(1, width):
        if not doubtful.height:
            return rest
        doubtful = doubtful.filter(where(doubtful[str(column)], blank_texts))
    return rest.filter(~pl.col("row").is_in(doubtful["row"].implode())) if doubtful.height else rest


def _without_headers(
    rest: pl.DataFrame, table: Table, top: Sequence[Sequence[str]], width: int
) -> tuple[pl.DataFrame, list[LeftOut]]:
    """Takes out header rows that stand again where several exports were put together."""
    first, last = table.header_rows
    left_out: list[LeftOut] = []
    for header in top[first - 1 : last]:
        fields = [*header[:width], *[""] * (width - len(header))]
        if sum(map(bool, fields)) < 2:
            continue
        same = rest
        for i, field in enumerate(fields):
            same = same.filter(where(same[str(i)], lambda texts, field=field: texts == field))
            if not same.height:
                break
        rows = same["row"]
        if rows.len():
            left_out += [LeftOut(row, "repeated_header", beginning(fields)) for row in rows]
            rest = rest.filter(~pl.col("row").is_in(rows.implode()))
    return rest, left_out


def _in_unicode(column: pl.Series, modern: Modern) -> pl.Series:
    distinct = column.unique().to_list()
    read = {text: new for text in distinct if (new := modern(text)) != text}
    return column.replace(read).alias("")
