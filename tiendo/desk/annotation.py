"""Gives a sender's own workbook back with each bad cell coloured and explained, and a list of what to repair.

The sender works on in the file they know: everything they made stays, only marks are added.
"""

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.cell import coordinate_from_string, range_boundaries

from tiendo.desk.grid_copy import are_too_many, copy_grid
from tiendo.desk.repair_sheet import is_repair_sheet, write_repair_sheet
from tiendo.desk.repairs import Repair, repairs_of
from tiendo.intake.addresses import cell_address
from tiendo.intake.examine import Examined
from tiendo.intake.store import write_atomically
from tiendo.intake.tables import Merge, Table
from tiendo.messages import Place, TiendoError

_AUTHOR = "tiendo"
_FAULT_COLOUR = "FFFFC7CE"

# openpyxl needs some ten times the unpacked size in memory; a larger workbook comes back as what was read.
LARGEST_KEPT = 100 * 1024 * 1024
_MERGED = re.compile(
    rb"""<(?:[^<>\s:]+:)?mergeCell(?:\s+(?!ref\s*=)[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s+ref\s*=\s*["']([^"']*)["']"""
)
_KEPT_FORMATS = frozenset({"xlsx", "xlsm"})
_COMMENT_WIDTH, _LINE_HEIGHT, _LETTERS_A_LINE = 320, 18, 44
_LONGEST_COMMENT = 4_000
_OURS = re.compile(r"\[TD-\d{3}\] .*", re.DOTALL)


@dataclass(frozen=True)
class Annotated:
    """What was written.

    Attributes:
        path: The marked workbook.
        marked: How many cells are coloured.
    """

    path: Path
    marked: int


def annotate(file: Path, examined: Examined, target: Path) -> Annotated:
    """Writes the marked copy of a checked file.

    Args:
        file: The file as sent.
        examined: What the check found.
        target: An .xlsx file to write; never the sent file itself.

    Raises:
        TiendoError: TD-708 (exit 2) where the target is no .xlsx or is the sent file.
    """
    refuse_target(file, target)
    repairs = repairs_of(examined)
    book = _own_workbook(file, examined) or copy_grid(examined)
    _forget_former_marks(book)
    places = [_place_of(repair, book, examined) for repair in repairs]
    marked = _mark(book, zip(repairs, places, strict=True))
    write_repair_sheet(book, file.name, examined, list(zip(repairs, places, strict=True)))
    write_atomically(target, book.save)
    return Annotated(target, marked)


def refuse_target(file: Path, target: Path) -> None:
    """Raises TD-708 (exit 2) where the marked copy is to be no .xlsx, or to replace the sent file."""
    if target.suffix.lower() == ".xlsx" and target.resolve() != file.resolve():
        return
    raise TiendoError(
        "TD-708",
        "Tệp ghi ra phải là một tệp .xlsx khác với tệp đã gửi.",
        "The file to write must be an .xlsx other than the file sent.",
        "Hãy đặt tên khác, ví dụ bieu04-loi.xlsx.",
        "Give it another name, such as form04-marked.xlsx.",
        Place(file=target.name),
        exit_code=2,
    )


def _own_workbook(file: Path, examined: Examined) -> Any | None:
    """The sender's workbook without its macros; None where openpyxl cannot keep it."""
    source = examined.source
    if source is None or source.format not in _KEPT_FORMATS:
        return None
    try:
        # From a stream, since openpyxl would believe the extension of a path.
        with file.open("rb") as content:
            if _unpacked_size(content) > LARGEST_KEPT or _has_too_many_merges(content):
                return None
            book: Any = openpyxl.load_workbook(content)
    except Exception:  # openpyxl raises what it meets in a broken part; the copy of the grid needs none of it
        return None
    return book if book.worksheets else None


def _unpacked_size(content: IO[bytes]) -> int:
    with zipfile.ZipFile(content) as archive:
        return sum(part.file_size for part in archive.infolist())


def _has_too_many_merges(content: IO[bytes]) -> bool:
    """Whether openpyxl would make more cells of merged ranges than fit.

    Counted as the file has them, since merges of the grids read end where the cells end.
    """
    with zipfile.ZipFile(content) as archive:
        found = [ref for part in archive.infolist() for ref in _MERGED.findall(archive.read(part))]
    areas: list[Any] = [range_boundaries(ref.decode()) for ref in found]
    return are_too_many([Merge(top, left, bottom, right) for left, top, right, bottom in areas])


def _forget_former_marks(book: Any) -> None:
    """A marked workbook that is checked again loses its old marks, or repaired cells would stay red."""
    for page in list(book.worksheets):
        if is_repair_sheet(page):
            book.remove(page)
            continue
        # Only cells the file holds: iterating over rows would make those of a sheet that claims 65,535.
        for cell in page._cells.values():
            former = getattr(cell, "comment", None)
            if former is None or not _OURS.search(former.text):
                continue
            kept = _OURS.sub("", former.text).strip()
            cell.comment = Comment(kept, former.author) if kept else None
            if cell.fill.fgColor.rgb == _FAULT_COLOUR:
                cell.fill = PatternFill()


def _place_of(repair: Repair, book: Any, examined: Examined) -> tuple[str, str] | None:
    """Title of the sheet and address of the cell to colour, None for what concerns no row."""
    if repair.row is None or not book.sheetnames:
        return None
    titles: list[str] = book.sheetnames
    title = repair.sheet if repair.sheet in titles else titles[0]
    table, mapping = _table_of(repair, examined)
    if table is None:
        return title, repair.cell or f"A{repair.row}"
    # A file without a header row has one in its copy.
    shift = 1 if table.header_rows == (0, 0) else 0
    if repair.cell is not None and not shift:
        return title, repair.cell
    at = mapping.get(repair.column_name, min(mapping.values()))
    return title, cell_address(table.column_numbers[at], repair.row + shift)


def _table_of(repair: Repair, examined: Examined) -> tuple[Table | None, Mapping[str, int]]:
    """The table a problem was found in, and where the columns of the form are."""
    identified = examined.identified
    pairs = zip(identified.tables, identified.matches, strict=True) if identified else ()
    found = ((table, match.mapping) for table, match in pairs if table.sheet == repair.sheet)
    for table, mapping in found:
        return table, mapping
    return None, {}


def _mark(book: Any, placed: Iterable[tuple[Repair, tuple[str, str] | None]]) -> int:
    """Colours each place once and lets its comment hold all that is wrong there."""
    comments: dict[tuple[str, str], list[str]] = {}
    for repair, place in placed:
        if place is not None and not repair.is_notice:
            title, address = place[0], _anchor(book[place[0]], place[1])
            comments.setdefault((title, address), []).append(repair.comment)
    for (title, address), texts in comments.items():
        cell = book[title][address]
        cell.fill = PatternFill("solid", fgColor=_FAULT_COLOUR)
        cell.comment = _comment(cell.comment, list(dict.fromkeys(texts)))
    return len(comments)


def _anchor(page: Any, address: str) -> str:
    """The first cell of the merged range where an address lies in one: only that cell can be marked."""
    letters, row = coordinate_from_string(address)
    if not isinstance(page[f"{letters}{row}"], MergedCell):
        return address
    merged = next(area for area in page.merged_cells.ranges if address in area)
    return merged.start_cell.coordinate


def _comment(former: Any | None, texts: Sequence[str]) -> Comment:
    parts = [former.text, *texts] if former is not None else list(texts)
    text = ILLEGAL_CHARACTERS_RE.sub("", "\n\n".join(parts))[:_LONGEST_COMMENT]
    comment = Comment(text, former.author if former is not None else _AUTHOR)
    lines = sum(len(line) // _LETTERS_A_LINE + 1 for line in text.split("\n"))
    comment.width, comment.height = _COMMENT_WIDTH, (lines + 1) * _LINE_HEIGHT
    return comment
