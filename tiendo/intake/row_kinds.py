"""Tells rows that are no records from bad records: group rows, totals, notes, signatures, unused lines.

Only a row that lacks something required and names no key of its own can be one, or one that holds no more
than a template writes beforehand; what stays in doubt is a record and is quarantined with its errors. Names
of people in signatures are not kept.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple, cast

import polars as pl

from tiendo.intake.contracts import QUANTITY_TYPES, Column, Contract
from tiendo.intake.folding import fold
from tiendo.intake.headers import HeaderMatch, is_ordinal, is_reference
from tiendo.intake.problems import Cell, cell_text
from tiendo.intake.tables import LeftOut, Table, beginning, is_blank
from tiendo.intake.texts import blank_texts, is_text, where

# Longer tables are extracts of systems and hold no totals; looking for words would cost more than it finds.
_LONGEST_HAND_MADE = 50_000
_MOST_NOTE_CELLS, _MOST_GROUP_CELLS, _LONG_TEXT = 3, 2, 40

_NO_CODES = frozenset({"period", "date", "timestamp", "choice", "boolean", *QUANTITY_TYPES})
_CODE = re.compile(r"\S*[\d_-]\S*")
_ROW_NUMBER = re.compile(r"[\dIVXivx.,()*+-]{1,6}|[A-Za-zĐđ][.)]?(?:\d{1,2})?")
_GROUP_NUMBER = re.compile(r"(?:[IVX]+|[A-HĐ])\.?")
_NUMBERED_GROUP = re.compile(r"(?:[IVX]+|[A-HĐ])\s*[.)]\s+\S")
_TOTAL = re.compile(
    r"tong(?: cong(?! ty\b)| so)(?: \w+){0,8}|tong|cong(?: chung| cong| so| trang| [a-z0-9])*"
    r"|mang sang\b.*|chuyen sang trang\b.*"
    r"|(?:toan|ca) (?:tinh|xa|phuong|huyen|thanh pho|nuoc|nganh|dia ban)(?: [a-z0-9])*"
)
_TOTAL_IN_SERIES = r"(?i)^\s*(?:tổng|cộng|toàn)"
_PARTS = re.compile(r"(?:trong do|bao gom|gom|chia ra)(?: [a-z0-9])*")
# A place or an office by itself is a record that was not filled in, not a group.
_PLACE = re.compile(r"(?:xa|phuong|thi tran|dac khu|so|ban|ubnd)\b")

# What a line below a table begins with, and how the receipt calls it: never by its own words.
_FOOTERS = tuple(
    (re.compile(pattern), label)
    for pattern, label in (
        (r"(?:ghi chu|chu thich|luu y|nguon)\b", "Ghi chú"),
        (r"noi nhan\b|luu vt\b|nhu tren\b", "Nơi nhận"),
        (r"nguoi (?:lap|kiem|bao cao|duyet|phe duyet|lam|tong hop)\b|lap (?:bieu|bang)\b", "Người lập biểu"),
        (r"(?:tm|kt|tl|tuq|ky (?:ten|ghi|va|dong|dien tu)|da ky|xac nhan)\b", "Chữ ký"),
        (r"(?:pho )?(?:thu truong|lanh dao|chu tich|giam doc|truong phong|truong ban|bi thu)\b", "Chữ ký"),
        (r"(?:ke toan|chanh van phong)\b", "Chữ ký"),
        (r".*\bngay\b.*\bthang\b.*\bnam\b", "Ngày lập"),
    )
)
_MARKED_NOTE = re.compile(r"\s*(?:\(\s*[\d*]{1,2}\s*\)|[*]+)\s*\S")
_UNNAMED_NOTE = "ghi chú"


class _Columns(NamedTuple):
    """Positions of the columns that tell records from other rows."""

    required: tuple[int, ...]
    codes: tuple[int, ...]
    quantities: tuple[int, ...]
    ordinals: tuple[int, ...]


@dataclass(frozen=True)
class _Row:
    """A row in doubt.

    Attributes:
        index: Its position in the table.
        cells: Its filled cells by position, its number apart.
        number: Its number as the sender wrote it ('1', 'II'), '' where there is none.
        has_quantity: Whether a column of amounts or counts holds a figure.
    """

    index: int
    cells: Mapping[int, Cell]
    number: str
    has_quantity: bool

    @property
    def words(self) -> list[str]:
        """Its texts that are no figures, from the left."""
        return [cell for cell in self.cells.values() if isinstance(cell, str) and not _is_figure(cell)]

    @property
    def figures(self) -> list[Cell]:
        """Its other cells."""
        return [cell for cell in self.cells.values() if _is_figure(cell)]


def leave_out(table: Table, match: HeaderMatch, contract: Contract) -> Table:
    """The table without the rows that are no records; `left_out` lists them."""
    columns = _columns(table, match.mapping, contract)
    doubtful = _doubtful(table, columns, contract)
    found = dict(_no_records(table, columns, contract, doubtful)) if doubtful else {}
    found = {row: ("empty_line", text) for row, text in _unfilled(table, match, columns, contract)} | found
    found |= dict.fromkeys(_repeated_headers(table, list(match.mapping.values())), ("repeated_header", ""))
    if not found:
        return table
    numbers = cast("list[int]", table.row_numbers.to_list())
    added = [LeftOut(numbers[index], kind, text) for index, (kind, text) in found.items()]
    kept = [index for index in range(len(numbers)) if index not in found]
    return replace(
        table,
        columns=tuple(
            c.gather(kept) if isinstance(c, pl.Series) else [c[i] for i in kept] for c in table.columns
        ),
        row_numbers=table.row_numbers.gather(kept),
        left_out=tuple(sorted((*table.left_out, *added))),
    )


def _repeated_headers(table: Table, mapped: list[int]) -> list[int]:
    """Rows of a long text file in which its header stands again; in sheets they are known by now."""
    first = table.columns[mapped[0]]
    if isinstance(first, list) or not is_text(first):
        return []
    same = where(first, lambda texts: texts == table.headers[mapped[0]])
    rows = cast("list[int]", same.fill_null(value=False).arg_true().to_list())
    return [row for row in rows if all(_shown(table.columns[at][row]) == table.headers[at] for at in mapped)]


def _unfilled(
    table: Table, match: HeaderMatch, columns: _Columns, contract: Contract
) -> Iterator[tuple[int, str]]:
    """Rows of a form filled in period by period that name their key and hold no figure, and what they name.

    Templates write these rows beforehand. A remark in a column of the sender's own makes one a record.
    """
    if contract.keeps_all_rows or contract.complete_extract or not _is_periodical(contract):
        return
    mapping = match.mapping
    asked = [c for c in contract.columns if c.name in mapping and not _is_identity(c, contract)]
    if not any(column.required or column.is_quantity for column in asked):
        return
    # Required ones first: in a long table they leave few rows to look at.
    open_cells = [mapping[column.name] for column in sorted(asked, key=lambda column: not column.required)]
    passed_over = {*mapping.values(), *columns.ordinals}
    own = [
        at for at, path in enumerate(table.header_paths) if at not in passed_over and not is_reference(path)
    ]
    rows = list(range(len(table.row_numbers)))
    for at in (*open_cells, *own):
        rows = _blank_among(table.columns[at], rows)
    for row in rows:
        named = [cell for at in columns.codes if _names_key(cell := table.columns[at][row])]
        if named:
            yield row, "" if contract.keeps_values_private else beginning(list(map(_shown, named)))


def _is_periodical(contract: Contract) -> bool:
    return contract.period_column is not None and contract.column(contract.period_column).type == "period"


def _is_identity(column: Column, contract: Contract) -> bool:
    """Whether a template fills it in: codes, names, the period, and nothing a clerk chooses or writes."""
    if column.name in {contract.organisation_column, contract.period_column, "unit"}:
        return True
    if column.type == "text":
        return column.name.endswith("_name") and not column.required
    return column.name in contract.key and column.type != "choice"


def _blank_among(column: pl.Series | list[Cell], rows: list[int]) -> list[int]:
    """Those of the rows in which a column is empty."""
    if not rows or isinstance(column, list):
        return [row for row in rows if is_blank(column[row])]
    cells = column.gather(rows)
    blank = cells.is_null()
    if is_text(cells):
        blank |= where(cells, blank_texts).fill_null(value=True)
    return [row for row, is_empty in zip(rows, blank, strict=True) if is_empty]


def _columns(table: Table, mapping: Mapping[str, int], contract: Contract) -> _Columns:
    mapped = [(column, mapping[column.name]) for column in contract.columns if column.name in mapping]
    return _Columns(
        tuple(at for column, at in mapped if column.required),
        tuple(at for column, at in mapped if column.name in contract.key and column.type not in _NO_CODES),
        tuple(at for column, at in mapped if column.is_quantity),
        tuple(at for at, header in enumerate(table.headers) if is_ordinal(header)),
    )


def _doubtful(table: Table, columns: _Columns, contract: Contract) -> list[int]:
    """Rows that lack something required; of published forms, whose lines all count, those without figures."""
    found: set[int] = set()
    for at in columns.required:
        found.update(_lacking(table.columns[at], has_totals=not contract.keeps_all_rows))
    if contract.keeps_all_rows:
        with_figure = {
            i for at in columns.quantities for i, c in enumerate(table.columns[at]) if _is_figure(c)
        }
        found.update(set(range(len(table.row_numbers))) - with_figure)
    return sorted(found)


def _lacking(column: pl.Series | list[Cell], *, has_totals: bool) -> list[int]:
    """Rows in which a required cell is empty or holds only the word for a total."""
    if isinstance(column, list):
        return [
            i
            for i, c in enumerate(column)
            if c is None or (isinstance(c, str) and _says_nothing(c, has_totals))
        ]
    missing = column.is_null()
    if is_text(column):
        missing |= where(column, blank_texts)
        if has_totals and len(column) <= _LONGEST_HAND_MADE:
            missing |= where(column, lambda texts: texts.str.contains(_TOTAL_IN_SERIES))
    return cast("list[int]", missing.fill_null(value=True).arg_true().to_list())


def _no_records(
    table: Table, columns: _Columns, contract: Contract, doubtful: list[int]
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Position of each row that is no record, its kind, and what the receipt says of it."""
    end = _after_last_record(len(table.row_numbers), doubtful)
    in_footer = False
    for row in _rows(table, columns, doubtful):
        is_last = row.index >= end
        if label := _note(row, columns, in_footer=in_footer) if is_last else None:
            in_footer = True
            yield row.index, ("note", label)
        elif kind := _unused(row) or (
            "" if contract.keeps_all_rows else _heading(row, table, columns, doubtful)
        ):
            yield row.index, (kind, "" if contract.keeps_values_private else _beginning(row))


def _after_last_record(height: int, doubtful: list[int]) -> int:
    rows = set(doubtful)
    end = height
    while end and end - 1 in rows:
        end -= 1
    return end


def _rows(table: Table, columns: _Columns, doubtful: list[int]) -> Iterator[_Row]:
    """The rows in doubt that name no key of their own."""
    cells = [
        cast("list[Cell]", c.gather(doubtful).to_list())
        if isinstance(c, pl.Series)
        else [c[i] for i in doubtful]
        for c in table.columns
    ]
    for index, row in zip(doubtful, zip(*cells, strict=True), strict=True):
        if any(_names_key(row[at]) for at in columns.codes):
            continue
        filled = {at: cell for at, cell in enumerate(row) if not is_blank(cell)}
        numbered = next((at for at in columns.ordinals if at in filled and _numbers_row(filled[at])), None)
        number = "" if numbered is None else _shown(filled.pop(numbered))
        yield _Row(index, filled, number, any(_is_figure(row[at]) for at in columns.quantities))


def _unused(row: _Row) -> str | None:
    """An empty line of the form, with its number or with formulas that give zero."""
    zeros = all(not isinstance(cell, str) and cell == 0 for cell in row.cells.values())
    return "empty_line" if zeros else None


def _note(row: _Row, columns: _Columns, *, in_footer: bool) -> str | None:
    """What a line below the table is, None where it may be a record."""
    words = row.words
    if row.has_quantity or row.number.isdecimal() or not words or len(row.cells) > _MOST_NOTE_CELLS:
        return None
    for text in words:
        if label := next((label for pattern, label in _FOOTERS if pattern.match(fold(text))), None):
            return label
    is_free = len(words[0]) >= _LONG_TEXT or _MARKED_NOTE.match(words[0]) or _is_alone(row, columns)
    return _UNNAMED_NOTE if in_footer or (is_free and len(row.cells) == 1) else None


def _heading(row: _Row, table: Table, columns: _Columns, doubtful: list[int]) -> str | None:
    """Whether a row is a total or heads a group."""
    words = row.words
    if not words:
        return None
    if any(_TOTAL.fullmatch(fold(text)) for text in words[:2]):
        return "total"
    is_numbered = bool(_GROUP_NUMBER.fullmatch(row.number) or _NUMBERED_GROUP.match(words[0]))
    if len(words) <= _MOST_GROUP_CELLS and (is_numbered or _PARTS.fullmatch(fold(words[0]))):
        # Where records bear such numbers, a row with figures may be one of them.
        return "group" if not row.figures or not _numbered_alike(table, columns, doubtful) else None
    return "group" if _is_alone(row, columns) else None


def _is_alone(row: _Row, columns: _Columns) -> bool:
    """Whether words stand where a code should, with nothing beside them, and name no place or office."""
    at, text = next(iter(row.cells.items()))
    if len(row.cells) > 1 or row.number or at not in (*columns.codes, *columns.ordinals):
        return False
    words = fold(_shown(text))
    return " " in words and not any(c.isdigit() for c in words) and not _PLACE.match(words)


def _numbered_alike(table: Table, columns: _Columns, doubtful: list[int]) -> bool:
    """Whether undoubted records are numbered I, II, III too."""
    rows = set(doubtful)
    return any(
        index not in rows and _GROUP_NUMBER.fullmatch(_shown(cell))
        for at in columns.ordinals
        for index, cell in enumerate(table.columns[at])
    )


def _says_nothing(text: str, has_totals: bool) -> bool:
    words = text.lstrip()
    return not words or (has_totals and words[0] in "TtCc" and bool(_TOTAL.fullmatch(fold(words))))


def _names_key(cell: Cell) -> bool:
    return not is_blank(cell) and bool(_CODE.fullmatch(_shown(cell)))


def _numbers_row(cell: Cell) -> bool:
    return bool(_ROW_NUMBER.fullmatch(_shown(cell)))


def _is_figure(cell: Cell) -> bool:
    if not isinstance(cell, str):
        return cell is not None
    return any(c.isdigit() for c in cell) and not any(c.isalpha() for c in cell)


def _shown(cell: Cell) -> str:
    return (cell_text(cell) or "").strip()


def _beginning(row: _Row) -> str:
    return beginning([row.number, *map(_shown, row.cells.values())])
