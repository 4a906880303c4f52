"""Names cells as spreadsheets do: column 5 and row 12 are `E12`; columns and rows count from 1."""

import re

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")


def column_letters(column: int) -> str:
    """Letters of a column by its number: 1 is `A`, 28 is `AB`."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_number(letters: bytes) -> int:
    """Number of a column by its capital letters, as the parts of a workbook hold them."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def cell_address(column: int, row: int) -> str:
    """The address of a cell by its column and row."""
    return f"{column_letters(column)}{row}"


def split_cell(address: str) -> tuple[int, int] | None:
    """Row and column of a cell such as `E12` or `$e$12`, None where it is no address."""
    match = _CELL.fullmatch(address.strip())
    return (int(match[2]), column_number(match[1].upper().encode())) if match else None
