"""What is wrong with a checked file as a list a clerk can work through: where, what was read, what to do.

The sentences are those of the check; here they are only parted into what is wrong, needed and to be done.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tiendo.intake.contracts import Column, Contract
from tiendo.intake.examine import Examined
from tiendo.intake.problems import HIDDEN, expected, shortened
from tiendo.messages import TiendoError

# Types whose expectation is the same for every column; other columns explain themselves in their help.
_TELLING = frozenset({"integer", "decimal", "boolean", "date", "timestamp", "period", "choice"})
_REMEDY = re.compile(r"[.:;] [Hh]ãy ")
_READ = re.compile(r"Đọc được (.*?)'\x00', ")
_VALUE = "\x00"


@dataclass(frozen=True)
class Repair:
    """One thing to put right, in Vietnamese.

    Attributes:
        code: Code such as `TD-203`.
        sheet: Name of the sheet, None for files without sheets and for the file as a whole.
        row: Row as the sender's program counts it, None for the file as a whole.
        cell: Address such as `E12`, None where there is none.
        column: Header of the column, '' for a whole row or file.
        column_name: Its canonical name, '' likewise.
        value: What was read, '' for an empty cell.
        fault: What is wrong.
        needed: What should stand there, '' where the fault says it.
        remedy: What to do.
        is_notice: Whether the file is taken all the same.
    """

    code: str
    sheet: str | None
    row: int | None
    cell: str | None
    column: str
    column_name: str
    value: str
    fault: str
    needed: str
    remedy: str
    is_notice: bool = False

    @property
    def comment(self) -> str:
        """All of it as the comment of a cell."""
        parts = (self.fault, self.needed and f"Cần: {self.needed}", self.remedy)
        return f"[{self.code}] " + "\n".join(part for part in parts if part)


def repairs_of(examined: Examined) -> list[Repair]:
    """Everything the clerk should know of a file: its rejection, its problems in order of rows, notices."""
    found: list[Repair] = []
    if examined.rejection is not None:
        found.append(_of_message(examined.rejection, is_notice=False))
    if examined.converted is not None and examined.identified is not None:
        contract = examined.identified.contract
        rows = examined.converted.problems.iter_rows(named=True)
        found += [_of_problem(row, contract) for row in sorted(rows, key=_reading_order)]
    return found + [_of_message(notice, is_notice=True) for notice in _once(examined.notices)]


def _once(messages: Iterable[TiendoError]) -> Iterable[TiendoError]:
    return {message.text(): message for message in messages}.values()


def _of_message(message: TiendoError, is_notice: bool) -> Repair:
    place = message.place
    return Repair(
        code=message.code,
        sheet=place.sheet,
        row=place.row,
        cell=None,
        column=place.column or "",
        column_name="",
        value="",
        fault=message.vi,
        needed="",
        remedy=message.way_out_vi,
        is_notice=is_notice,
    )


def _reading_order(row: Mapping[str, Any]) -> tuple[str, int, int, str]:
    """By sheet and row, then from the left: column B stands before AA."""
    cell: str = row["cell"] or ""
    return row["sheet"] or "", row["row_number"] or 0, len(cell), cell


def _of_problem(row: Mapping[str, Any], contract: Contract) -> Repair:
    columns = {column.name: column for column in contract.columns}
    fault, needed, remedy = part_sentence(row["message_vi"], row["value"])
    return Repair(
        code=row["rule_code"],
        sheet=row["sheet"],
        row=row["row_number"],
        cell=row["cell"],
        column=row["column_label"] or "",
        column_name=row["column_name"] or "",
        value=row["value"] or (HIDDEN if HIDDEN in row["message_vi"] else ""),
        fault=fault,
        needed=needed or _needed(columns.get(row["column_name"])),
        remedy=remedy,
    )


def _needed(column: Column | None) -> str:
    if column is None:
        return ""
    return _capital(expected(column)[0]) if column.type in _TELLING else column.help_vi or ""


def part_sentence(message: str, value: str | None) -> tuple[str, str, str]:
    """What is wrong, what is needed ('' where not said) and what to do, from a message of the check.

    The value itself is set aside first: whatever a sender wrote, it does not part the sentence.
    """
    shown = shortened(value or "")
    masked = message.replace(f"'{shown}'", f"'{_VALUE}'") if shown else message
    found = _REMEDY.search(masked)
    said, remedy = (masked[: found.start()], masked[found.start() + 2 :]) if found else (masked, "")
    fault, _, needed = said.partition(". ")
    parts = (_READ.sub(r"\1", fault, count=1), needed.removeprefix("Cần "), remedy)
    fault, needed, remedy = (_capital(part.replace(_VALUE, shown)).rstrip(". ") for part in parts)
    return fault, needed, remedy


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
