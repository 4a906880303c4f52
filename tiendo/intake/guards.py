"""Stops a file that would exhaust memory or disk, or reach outside itself, before any reader opens it.

A zip archive of a few kilobytes can unfold to terabytes, one far cell makes a sheet of billions of cells, and
one long text stands in a million cells at no cost to its sender.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import polars as pl

from tiendo.intake.addresses import column_number
from tiendo.intake.received import too_large, unreadable
from tiendo.intake.texts import is_text, texts_of
from tiendo.messages import TiendoError

MAX_FILE_BYTES = 200 * 2**20
MAX_UNPACKED_BYTES = 2**30
MAX_ZIP_ENTRIES = 2_000
MAX_ROWS = 2_000_000
MAX_COLUMNS = 256
# Cells of one sheet's rectangle, filled or not: 1,048,576 rows may have 28 columns.
MAX_CELLS = 30_000_000
# As many characters as Excel allows in one cell.
MAX_CELL_LENGTH = 32_767

_WINDOW = 4 * 2**20
_OVERLAP = 512
_FORBIDDEN = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENTITY = re.compile(rb"<!\s*ENTITY", re.IGNORECASE)
# Old OpenOffice names a document type in this part, which nobody reads.
_MANIFEST = "meta-inf/manifest.xml"
# Cells from row 100000 or column AA on are rare enough in honest files to be looked at singly.
_FAR = re.compile(rb"""r=["'](?:[A-Z]{2,}\d|[A-Z]\d{6})""")
_NEAR_ROWS, _NEAR_COLUMNS = 99_999, 26
# A cell that closes itself, or holds nothing, is only formatted; readers leave it out.
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s(?:[^<>]*?\s)?r=["']([A-Z]+)(\d+)["'][^<>]*(?<!/)>(?=\s*(?:<[^/]|[^<\s]))"""
)
_UNADDRESSED = re.compile(rb"""<(?:\w+:)?c(?:\s+(?!r=)[^<>\s]+)*\s*>""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_ROW = re.compile(rb"""<(?:\w+:)?row(?:\s(?:[^<>]*?\s)?r=["'](\d+)["'])?""")
_STRING = re.compile(rb"<(?:\w+:)?si[\s>]")
_DECLARED = re.compile(rb"""uniqueCount\s*=\s*["']\s*\+?(\d{1,30})""")
_MOST_DECLARED = 1_000_000
_SHARED = re.compile(rb"""\st=["']s["'][^<>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")


def check_size(path: Path) -> None:
    """Refuses a file of more than 200 MiB (TD-111)."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise too_large(path, "dung lượng trên 200 MiB", "more than 200 MiB")


def check_shape(path: Path, rows: int, columns: int, sheet: str | None = None) -> None:
    """Refuses a table of more than 2,000,000 rows or 256 columns (TD-111)."""
    if rows > MAX_ROWS:
        what = (f"{rows} dòng (tối đa {MAX_ROWS})", f"{rows} rows (at most {MAX_ROWS})")
        raise too_large(path, *what, sheet=sheet)
    if columns > MAX_COLUMNS:
        what = (f"{columns} cột (tối đa {MAX_COLUMNS})", f"{columns} columns (at most {MAX_COLUMNS})")
        raise too_large(path, *what, sheet=sheet)


def check_area(path: Path, rows: int, columns: int, sheet: str | None = None) -> None:
    """Refuses a sheet whose rectangle from A1 to its last cell is beyond the limits (TD-111)."""
    check_shape(path, rows, columns, sheet)
    if rows * columns > MAX_CELLS:
        raise too_large(
            path,
            f"trang tính trải rộng {rows} dòng x {columns} cột (tối đa {MAX_CELLS} ô)",
            f"the sheet spreads over {rows} rows x {columns} columns (at most {MAX_CELLS} cells)",
            sheet=sheet,
        )


def cell_too_long(path: Path, length: int, sheet: str | None, row: int, column: str) -> TiendoError:
    """TD-111: a cell of more than 32,767 characters, with its row and column."""
    return too_large(
        path,
        f"ô có {length} ký tự (tối đa {MAX_CELL_LENGTH})",
        f"a cell of {length} characters (at most {MAX_CELL_LENGTH})",
        sheet=sheet,
        row=row,
        column=column,
    )


def check_lengths(path: Path, column: pl.Series, row_numbers: pl.Series, header: str) -> None:
    """Refuses a text column with a cell of more than 32,767 characters (TD-111)."""
    if not is_text(column):
        return
    texts = texts_of(column)
    if (cast("int | None", texts.str.len_bytes().max()) or 0) <= MAX_CELL_LENGTH:
        return
    lengths = column.cast(pl.String).str.len_chars()
    at = lengths.arg_max() or 0
    if lengths[at] > MAX_CELL_LENGTH:
        raise cell_too_long(path, lengths[at], None, row_numbers[at], header)


def checked_parts(path: Path, archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Name and content of every part of a workbook archive, styles first, each checked before it is given.

    Every part is read to its end, since the checksum there exposes a false size.

    Raises:
        TiendoError: TD-111 over a limit, TD-101 for a document type or an entity.
        zipfile.BadZipFile: The archive is damaged, lies about its sizes or names a part twice.
    """
    entries = archive.infolist()
    if len(entries) > MAX_ZIP_ENTRIES:
        raise too_large(path, "trên 2000 thành phần bên trong", "more than 2000 parts inside")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise too_large(path, "giải nén ra trên 1 GiB", "unpacks to more than 1 GiB")
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise zipfile.BadZipFile("two parts of one name")
    texts: list[bytes] = []
    sheets: list[zipfile.ZipInfo] = []
    for entry in sorted(entries, key=lambda entry: not entry.filename.endswith("styles.xml")):
        content = archive.read(entry)
        name = entry.filename.lower()
        if name.endswith((".xml", ".rels")):
            _check_xml(path, name, content)
        if is_sheet(content):
            _check_cells(path, content)
            sheets.append(entry)
        elif b"uniqueCount" in content or name.endswith("sharedstrings.xml"):
            _check_declared(content)
            texts.append(content)
        yield entry.filename, content
    for content in texts:
        _check_shared(path, archive, content, sheets)


def is_sheet(content: bytes) -> bool:
    """Whether a part of an .xlsx archive is a sheet of cells; its name may be any."""
    return b"sheetData" in content


def _check_xml(path: Path, name: str, content: bytes) -> None:
    wide = b"\x00" in content[:4]
    if wide and name.startswith("xl/"):
        raise zipfile.BadZipFile("a part is not UTF-8")
    if wide:
        content = content.replace(b"\x00", b"")
    if b"<!" in content and (_ENTITY if name == _MANIFEST else _FORBIDDEN).search(content):
        raise unreadable(
            path,
            "bên trong có khai báo thực thể ngoài (DOCTYPE, ENTITY) mà sổ làm việc bình thường không có",
            "it declares external entities (DOCTYPE, ENTITY), which no ordinary workbook does",
        )


def _check_cells(path: Path, xml: bytes) -> None:
    """Bounds the rectangle a sheet will fill, without building it."""
    if (cells := xml.count(b"c>") // 2) > MAX_CELLS:
        raise too_large(path, f"khoảng {cells} ô trong một trang tính", f"some {cells} cells in a sheet")
    rows, columns = [_NEAR_ROWS], [_NEAR_COLUMNS]
    for window in _windows(xml):
        if _FAR.search(window):
            found = set(_FILLED.findall(window))
            rows += [int(row) for _, row in found]
            columns += [column_number(letters) for letters, _ in found]
    if may_lack_addresses(xml) and _UNADDRESSED.search(xml):
        # Cells without an address follow one another, in rows that may name their number.
        named = _ROW.findall(xml)
        rows.append(len(named) + max((int(row) for row in named if row), default=0))
        columns += [len(_CELL.findall(row)) for row in _ROW.split(xml)[::2]]
    check_area(path, max(rows), max(columns))


def _check_declared(strings: bytes) -> None:
    """Refuses shared texts that declare far more than there are: calamine makes room for all it is told."""
    declared = max((int(number) for number in _DECLARED.findall(strings)), default=0)
    if declared > max(_MOST_DECLARED, len(_STRING.findall(strings))):
        raise zipfile.BadZipFile("fewer texts than declared")


def may_lack_addresses(xml: bytes) -> bool:
    """A quick look: most programs write the address first in every cell."""
    return b":c" in xml or b"<c>" in xml or xml.count(b"<c ") > xml.count(b"<c r=")


def _windows(xml: bytes) -> Iterator[bytes]:
    """The bytes in pieces that overlap, so that a search in each costs little memory."""
    for start in range(0, len(xml), _WINDOW):
        yield xml[max(0, start - _OVERLAP) : start + _WINDOW]


def _check_shared(path: Path, archive: zipfile.ZipFile, texts: bytes, sheets: list[zipfile.ZipInfo]) -> None:
    """Refuses texts that are small in the archive and stand in so many cells that they fill the memory."""
    import numpy as np

    starts = [match.start() for match in _STRING.finditer(texts)]
    lengths = np.diff(np.array([*starts, len(texts)], dtype=np.int64))
    longest, total = int(lengths.max(initial=0)), 0
    for sheet in sheets:
        xml = archive.read(sheet)
        if xml.count(b"c>") * longest <= MAX_UNPACKED_BYTES:
            continue
        for window in _windows(xml):
            named = np.array([int(number) for number in _SHARED.findall(window)], dtype=np.int64)
            total += int(lengths[named[named < len(lengths)]].sum())
    if total > MAX_UNPACKED_BYTES:
        raise too_large(path, "chữ trong các ô cộng lại trên 1 GiB", "the texts of its cells exceed 1 GiB")
