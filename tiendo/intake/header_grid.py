"""The top of a sheet as its reader sees it: a merged range is one cell, and each row is of some kind.

Numbers, dates and codes are figures even where they are text, so that data is not taken for a header.
"""

import re
from functools import lru_cache
from itertools import islice, pairwise

from tiendo.intake.folding import fold
from tiendo.intake.problems import Cell, cell_text
from tiendo.intake.tables import Sheet, are_blank
from tiendo.intake.titles import is_unit_line

# Headers stand within so many filled rows from the top.
_DEPTH, _DEEPEST = 60, 1_000
_TITLE = re.compile(
    r"(?:ubnd|uy ban nhan dan|hdnd|hoi dong nhan dan|cong hoa xa hoi|doc lap tu do|bo tai chinh"
    r"|(?:bieu|mau|phu luc)(?: mau)?(?: so)? \d|(?:ban hanh |dinh )?kem theo|so lieu den ngay \d)"
)
MOST_TITLE_CELLS = 3
_ERROR = re.compile(r"#[A-Z/0]+[!?]?")
_LETTER = re.compile(r"[A-Da-dĐđ]")
_NUMBER = re.compile(r"(\(?)\s*(\d{1,2})\s*\)?")
_FORMULA = re.compile(r"\(?\s*(\d{1,2})\s*\)?\s*=[\s\d+*/x:()%-]+")

Position = tuple[int, int]


class Grid:
    """The first filled rows of a sheet.

    Attributes:
        rows: Cells as read.
        filled: Rows, from 0, in which something stands.
        width: Number of columns.
        spans: Where each merged range begins and ends.
    """

    def __init__(self, sheet: Sheet) -> None:
        """Notes which rows are filled and which cells are merged; texts are read when asked for."""
        self.rows = sheet.rows
        self.width = len(sheet.rows[0]) if sheet.rows else 0
        top = enumerate(islice(sheet.rows, _DEEPEST))
        self.filled = list(islice((number for number, row in top if not are_blank(row)), _DEPTH))
        self.spans: dict[Position, Position] = {}
        self._owners: dict[Position, Position] = {}
        self._texts: dict[int, list[str]] = {}
        self._kinds: dict[int, str] = {}
        depth = self.filled[-1] + 1 if self.filled else 0
        for first_row, first_column, last_row, last_column in sheet.merges:
            if (first_row, first_column) in self._owners:
                # Only a forged file holds merged ranges that overlap.
                continue
            # A merged range may reach beyond the last cell that holds anything.
            end = (min(last_row, len(self.rows) - 1), min(last_column, self.width - 1))
            self.spans[first_row, first_column] = end
            for row in range(first_row, min(end[0] + 1, depth)):
                for column in range(first_column, end[1] + 1):
                    self._owners[row, column] = (first_row, first_column)

    def texts(self, row: int) -> list[str]:
        """The cells of a row as text on one line, '' where empty or hidden below a merged range."""
        if row not in self._texts:
            # What an agency typed before it merged the cells is not shown any more.
            self._texts[row] = [
                _text(cell) if self.owner(row, column) == (row, column) else ""
                for column, cell in enumerate(self.rows[row])
            ]
        return self._texts[row]

    def owner(self, row: int, column: int) -> Position:
        """Where the cell begins that a position is part of."""
        return self._owners.get((row, column), (row, column))

    def is_merged(self, row: int, column: int) -> bool:
        """Whether a position is part of a merged range."""
        return (row, column) in self._owners

    def shown(self, row: int, column: int) -> str:
        """The text seen at a position, that of the merged range where there is one."""
        first_row, first_column = self.owner(row, column)
        return self.texts(first_row)[first_column]

    def last_row_of(self, row: int, column: int) -> int:
        """Last row of the cell that begins at a position."""
        return self.spans.get((row, column), (row, column))[0]

    def cells(self, row: int) -> list[tuple[int, str]]:
        """Column and text of the cells that begin in a row."""
        return [(column, text) for column, text in enumerate(self.texts(row)) if text]

    def kind(self, row: int) -> str:
        """What a row is: `blank`, `single` (one cell), `numbers` (of columns), `title`, `data` or `texts`."""
        if row not in self._kinds:
            self._kinds[row] = self._classify(row)
        return self._kinds[row]

    def _classify(self, row: int) -> str:
        cells = self.cells(row)
        if not cells:
            return "blank"
        if _are_column_numbers([text for _, text in cells if not _ERROR.fullmatch(text)]):
            return "numbers"
        figures = [text for column, text in cells if _is_figure(self.rows[row][column], text)]
        if figures and not _are_years(figures, len(cells)) and len(cells) < max(4, 4 * len(figures)):
            return "data"
        if len(cells) <= MOST_TITLE_CELLS and any(_is_title(text) for _, text in cells):
            return "title"
        return "single" if len(cells) == 1 else "texts"


def _text(cell: Cell) -> str:
    return " ".join((cell_text(cell) or "").split())


@lru_cache(maxsize=8192)
def _shows_figure(text: str) -> bool:
    is_number = any(c.isdigit() for c in text) and not any(c.isalpha() for c in text)
    return is_number or bool(_ERROR.fullmatch(text))


def _is_figure(cell: Cell, text: str) -> bool:
    return not isinstance(cell, str) or _shows_figure(text)


def _are_years(figures: list[str], cells: int) -> bool:
    """Whether the figures of a row are years that head columns: 'Chỉ tiêu | 2024 | 2025'."""
    years = [int(text) if text.isdecimal() and 1990 <= int(text) <= 2100 else 0 for text in figures]
    return 1 < len(years) < cells and all(0 < one < next_one for one, next_one in pairwise(years))


@lru_cache(maxsize=8192)
def _is_title(text: str) -> bool:
    return bool(_TITLE.match(fold(text))) or is_unit_line(text)


def _are_column_numbers(texts: list[str]) -> bool:
    """Whether a row numbers the columns: 'A B 1 2 3=2/1', '(1) (2)', '1 2 3 4'."""
    letters = 0
    while letters < len(texts) and _LETTER.fullmatch(texts[letters]):
        letters += 1
    if [text.upper() for text in texts[:letters]] != list("ABCD"[:letters]):
        return False
    numbers = [_FORMULA.fullmatch(text) or _NUMBER.fullmatch(text) for text in texts[letters:]]
    firsts = [int(match[match.re.groups]) for match in numbers if match]
    if len(firsts) < len(numbers) or (firsts and firsts[0] != 1):
        return False
    is_marked = any(not text.strip().isdecimal() for text in texts[letters:])
    if letters > 1 or (is_marked and len(texts) > 1):
        return True
    return len(firsts) >= 3 - letters and firsts == list(range(1, len(firsts) + 1))
