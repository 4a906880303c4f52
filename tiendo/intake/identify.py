"""Says which form a file is by its headers alone; names of files and sheets prove nothing.

A form fits where all its required columns are there; of several, the one that explains most of its columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tiendo.intake.contracts import Contract, load_contract, load_contracts
from tiendo.intake.headers import HeaderMatch, match_headers
from tiendo.intake.readers import Table
from tiendo.messages import Place, TiendoError


@dataclass(frozen=True)
class Identified:
    """The form of a file and the tables that hold it.

    Attributes:
        contract: The form.
        tables: Every visible table of that form, in order of the sheets.
        matches: For each table, how its headers fit.
        other_sheets: Sheets that hold something else and are left out.
    """

    contract: Contract
    tables: tuple[Table, ...]
    matches: tuple[HeaderMatch, ...]
    other_sheets: tuple[str, ...] = ()

    @property
    def ignored_headers(self) -> tuple[str, ...]:
        """Headers that no column of the form took."""
        return tuple(dict.fromkeys(header for match in self.matches for header in match.unknown))


def identify(tables: Sequence[Table], form: str | None = None) -> Identified:
    """Finds the form of a file and all tables of that form.

    Args:
        tables: The tables of the file; hidden sheets are not considered.
        form: The form the sender names; then no other is tried.

    Raises:
        TiendoError: TD-102 where no form fits (it names the closest and what is missing), TD-104 where two
            columns have the same header.
    """
    contracts = [load_contract(form)] if form else list(load_contracts().values())
    visible = [table for table in tables if not table.is_hidden]
    best: tuple[float, int, Contract] | None = None
    for contract in contracts:
        for table in visible:
            score = _score(table, contract)
            if score is not None and (best is None or score > best[:2]):
                best = (*score, contract)
    if best is None:
        raise _unknown_form(visible, contracts)
    return _collect(visible, best[2])


def _score(table: Table, contract: Contract) -> tuple[float, int] | None:
    """Share and number of the form's columns that are there; None where a required one is missing."""
    match = match_headers(table.headers, contract)
    if match.missing:
        return None
    return len(match.mapping) / len(contract.columns), len(match.mapping)


def _collect(tables: Sequence[Table], contract: Contract) -> Identified:
    pairs = [(table, match_headers(table.headers, contract)) for table in tables]
    fitting = [(table, match) for table, match in pairs if not match.missing]
    others = tuple(table.sheet for table, match in pairs if match.missing and table.sheet)
    return Identified(
        contract, tuple(table for table, _ in fitting), tuple(match for _, match in fitting), others
    )


def _unknown_form(tables: Sequence[Table], contracts: Sequence[Contract]) -> TiendoError:
    found = [
        (len(match.mapping) / len(contract.columns), contract, match)
        for table in tables
        for contract in contracts
        if (match := match_headers(table.headers, contract)).mapping
    ]
    headers = ", ".join(f"'{h}'" for h in dict.fromkeys(h for t in tables for h in t.headers[:8] if h))
    if not found:
        return TiendoError(
            "TD-102",
            f"Không nhận ra biểu mẫu. Các tiêu đề cột đọc được: {headers}.",
            f"The form is not known. Headers read: {headers}.",
            "Hãy dùng đúng biểu mẫu, giữ nguyên dòng tiêu đề cột, rồi nộp lại.",
            "Use one of the forms with its header row unchanged and submit again.",
            Place(sheet=tables[0].sheet if tables else None),
        )
    _, contract, match = max(found, key=lambda item: item[0])
    missing_vi = ", ".join(f"'{column.label_vi}'" for column in match.missing)
    missing_en = ", ".join(f"'{column.label_en}'" for column in match.missing)
    return TiendoError(
        "TD-102",
        f"Không nhận ra biểu mẫu. Gần nhất là '{contract.title_vi}' nhưng thiếu cột bắt buộc: {missing_vi}.",
        f"The form is not known. Closest is '{contract.title_en}', without its columns {missing_en}.",
        "Hãy thêm các cột đó (giữ đúng tên cột) rồi nộp lại.",
        "Add these columns under their names and submit again.",
    )
