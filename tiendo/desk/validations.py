"""What a cell of a template lets in: lists to choose from, limits of numbers, and a word of help.

The lists stand on a hidden sheet, since Excel takes no more than 255 letters of them in a cell.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tiendo.desk.wording import unit_words
from tiendo.intake.addresses import column_letters
from tiendo.intake.contracts import Column, Contract
from tiendo.intake.problems import expected, shortened

LIST_SHEET = "Danh mục"
YES_NO = ("Có", "Không")

_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255
_WIDEST = 10**15
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)


class Lists:
    """The lists of a template: each column's values, and where they stand."""

    def __init__(self, book: Any, contract: Contract, codes: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Gives every column with a list its place on the hidden sheet.

        Args:
            book: The workbook, whose list sheet comes last.
            contract: The form.
            codes: Codes and their names, by column.
        """
        self._book = book
        self._lists: dict[str, tuple[str, Sequence[tuple[str, str]]]] = {}
        for column in contract.columns:
            values: Sequence[tuple[str, str]] = codes.get(column.name, ())
            if column.choices:
                values = [(spellings[0], "") for spellings in column.choices.values()]
            elif column.type == "boolean":
                values = [(word, "") for word in YES_NO]
            if values:
                self._lists[column.name] = (column.label_vi, values)

    def source(self, column: Column) -> str | None:
        """Where the list of a column stands, None where it has none."""
        if column.name not in self._lists:
            return None
        # Two columns of the sheet for each list: code and name.
        at = list(self._lists).index(column.name) * 2
        letters = column_letters(at + 1)
        return f"='{LIST_SHEET}'!${letters}$2:${letters}${len(self._lists[column.name][1]) + 1}"

    def write(self) -> None:
        """Writes the lists and hides their sheet."""
        if not self._lists:
            return
        page = self._book.add_worksheet(LIST_SHEET)
        for number, (label, values) in enumerate(self._lists.values()):
            page.write_string(0, number * 2, f"Danh mục: {label}")
            for row, (code, name) in enumerate(values, start=1):
                page.write_string(row, number * 2, code)
                page.write_string(row, number * 2 + 1, name or "")
        page.hide()


def validation(column: Column, source: str | None) -> dict[str, Any]:
    """What Excel lets into the cells of a column, with a word of help beside the cell."""
    rule: dict[str, Any] = {"validate": "any"}
    if source is not None:
        rule = {"validate": "list", "source": source}
    elif column.is_quantity:
        rule = {
            "validate": column.type,
            "criteria": "between",
            "minimum": -_WIDEST if column.minimum is None else column.minimum,
            "maximum": _WIDEST if column.maximum is None else column.maximum,
        }
    elif column.type == "date":
        rule = {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
    help_text = explanation(column)
    return {
        **rule,
        "ignore_blank": True,
        "input_title": column.label_vi[:_LONGEST_TITLE],
        "input_message": shortened(help_text, _LONGEST_MESSAGE),
        "error_title": "Chưa đúng",
        "error_message": shortened(f"Cần {needed(column)}.", _LONGEST_MESSAGE),
    }


def explanation(column: Column) -> str:
    """What belongs into a column: its help, its unit, an example, and whether it may stay empty."""
    parts = [
        column.help_vi or f"Cần {needed(column)}.",
        f"Đơn vị tính: {unit_words(column.unit)}." if column.unit else "",
        f"Ví dụ: {column.example}." if column.example else "",
        "Bắt buộc điền." if column.required else "",
    ]
    return " ".join(part for part in parts if part)


def needed(column: Column) -> str:
    """What a cell may hold, as the check says it."""
    kinds = {
        "text": "chữ",
        "code": "mã, giữ đúng từng ký tự",
        "row_ref": "mã dòng của kế hoạch",
        "sha256": "64 ký tự 0-9, a-f",
        "org_code": "mã tỉnh 2 chữ số hoặc mã xã 5 chữ số, chọn trong danh sách",
        "organisation": "mã cơ quan hoặc mã xã, chọn trong danh sách",
        "indicator_code": "mã chỉ tiêu, chọn trong danh sách",
        "plan_id": "mã kế hoạch, chọn trong danh sách",
    }
    if column.type in kinds:
        return kinds[column.type]
    listed = ("một trong: ", expected(column)[0]) if column.choices else ("", expected(column)[0])
    return "".join(listed)
