"""Says which form a file is by its headers and titles alone; names of files and sheets prove nothing.

A form fits where all its required columns are there; of several, the one that explains most of its columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tiendo.intake.contracts import Column, Contract, load_contract, load_contracts
from tiendo.intake.headers import HeaderMatch, may_fit, try_headers, unambiguous
from tiendo.intake.row_kinds import leave_out
from tiendo.intake.tables import Table
from tiendo.intake.titles import form_number, title_match
from tiendo.messages import Place, TiendoError

# So many headers are named in a message.
_MOST_NAMED = 8


@dataclass(frozen=True)
class Identified:
    """The form of a file and the tables that hold it.

    Attributes:
        contract: The form.
        tables: Every visible table of that form, in order of the sheets, without rows that are no records.
        matches: For each table, how its headers fit.
        other_sheets: Sheets that hold something else and are left out.
        notices: What the sender should know although the file is taken.
    """

    contract: Contract
    tables: tuple[Table, ...]
    matches: tuple[HeaderMatch, ...]
    other_sheets: tuple[str, ...] = ()
    notices: tuple[TiendoError, ...] = ()

    @property
    def ignored_headers(self) -> tuple[str, ...]:
        """Headers that no column of the form took."""
        return tuple(dict.fromkeys(header for match in self.matches for header in match.unknown))


def identify(tables: Sequence[Table], form: str | None = None) -> Identified:
    """Finds the form of a file and all tables of that form.

    Args:
        tables: The tables of the file; hidden sheets are not read, but named where they hold the form.
        form: The form the sender names; then no other is tried.

    Raises:
        TiendoError: TD-102 where no form fits (it names the closest, what is missing and near misses), TD-104
            where two columns have the same header.
    """
    contracts = [load_contract(form)] if form else list(load_contracts().values())
    visible = [table for table in tables if not table.is_hidden]
    hidden = [table for table in tables if table.is_hidden]
    contract = _best(visible, contracts)
    if contract is None:
        raise _only_hidden(hidden, contracts) or _unknown_form(visible, contracts)
    return _collect(visible, hidden, contract)


def _best(tables: Sequence[Table], contracts: Sequence[Contract]) -> Contract | None:
    scored = [
        (len(match.mapping) / len(contract.columns), len(match.mapping), -position)
        for table in tables
        for position, contract in enumerate(contracts)
        if (match := _match(table, contract)) is not None
    ]
    return contracts[-max(scored)[2]] if scored else None


def fits_titles(table: Table, contract: Contract) -> bool:
    """Whether the titles above a table say what the form reads from them."""
    patterns = [derived.pattern for derived in contract.derived if derived.kind == "title"]
    return all(pattern is None or title_match(pattern, table.above) is not None for pattern in patterns)


def _collect(visible: Sequence[Table], hidden: Sequence[Table], contract: Contract) -> Identified:
    matched = [(table, _match(table, contract)) for table in visible]
    fitting = [(table, unambiguous(match)) for table, match in matched if match is not None]
    return Identified(
        contract,
        tuple(leave_out(table, match, contract) for table, match in fitting),
        tuple(match for _, match in fitting),
        tuple(table.sheet for table, match in matched if table.sheet and match is None),
        tuple(_left_hidden(table) for table in hidden if _match(table, contract) is not None),
    )


def _match(table: Table, contract: Contract) -> HeaderMatch | None:
    """How the headers of a table fit a form, None where it is not of that form."""
    paths = table.header_paths
    match = try_headers(paths, contract) if may_fit(paths, contract) else None
    return match if match and not match.missing and fits_titles(table, contract) else None


def _left_hidden(table: Table) -> TiendoError:
    return TiendoError(
        "TD-122",
        "Trang tính ẩn này cùng biểu mẫu nhưng không được đọc.",
        "This hidden sheet holds the same form and is not read.",
        "Nếu số liệu ở đó cần nộp, hãy bỏ ẩn trang tính rồi nộp lại.",
        "If its figures are meant to be sent, unhide the sheet and submit again.",
        Place(sheet=table.sheet),
    )


def _only_hidden(hidden: Sequence[Table], contracts: Sequence[Contract]) -> TiendoError | None:
    table = next((table for table in hidden if _best([table], contracts)), None)
    if table is None:
        return None
    return TiendoError(
        "TD-102",
        "Không nhận ra biểu mẫu trên các trang tính đang hiện; biểu mẫu nằm ở một trang tính ẩn.",
        "No visible sheet holds a known form; a hidden one does.",
        "Hãy bỏ ẩn trang tính đó rồi nộp lại.",
        "Unhide that sheet and submit again.",
        Place(sheet=table.sheet),
    )


def _unknown_form(tables: Sequence[Table], contracts: Sequence[Contract]) -> TiendoError:
    found = [
        (len(match.mapping) + len(match.proposals), -len(contract.columns), position, table, contract, match)
        for position, (table, contract) in enumerate((t, c) for t in tables for c in contracts)
        if (match := try_headers(table.header_paths, contract)).mapping or match.proposals
    ]
    if not found:
        return _nothing_alike(tables)
    *_, table, contract, match = max(found, key=lambda item: (item[0] / -item[1], -item[2]))
    if not match.missing:
        return _other_titles(table, contract)
    nearly = {column.name: header for header, column in match.proposals}
    return TiendoError(
        "TD-102",
        f"Không nhận ra biểu mẫu. Gần nhất là '{contract.title_vi}' nhưng thiếu cột bắt buộc: "
        f"{_named(match.missing, nearly, 'vi')}.",
        f"The form is not known. Closest is '{contract.title_en}', without its columns "
        f"{_named(match.missing, nearly, 'en')}.",
        "Hãy thêm các cột đó (giữ đúng tên cột) rồi nộp lại.",
        "Add these columns under their names and submit again.",
        Place(sheet=table.sheet),
    )


def _named(columns: Sequence[Column], nearly: dict[str, str], language: str) -> str:
    """The columns' labels, each with the header that may have been meant for it."""
    label, asks = ("label_vi", "có phải là '{}'?") if language == "vi" else ("label_en", "is it '{}'?")
    return ", ".join(
        f"'{getattr(column, label)}'"
        + (f" ({asks.format(nearly[column.name])})" if column.name in nearly else "")
        for column in columns
    )


def _nothing_alike(tables: Sequence[Table]) -> TiendoError:
    names = dict.fromkeys(header for table in tables for header in table.headers if header)
    headers = ", ".join(f"'{header}'" for header in list(names)[:_MOST_NAMED])
    return TiendoError(
        "TD-102",
        f"Không nhận ra biểu mẫu. Các tiêu đề cột đọc được: {headers}.",
        f"The form is not known. Headers read: {headers}.",
        "Hãy dùng đúng biểu mẫu, giữ nguyên dòng tiêu đề cột, rồi nộp lại.",
        "Use one of the forms with its header row unchanged and submit again.",
        Place(sheet=tables[0].sheet if tables else None),
    )


def _other_titles(table: Table, contract: Contract) -> TiendoError:
    number = form_number(table.above)
    read_vi, read_en = (f" (ghi là '{number}')", f" (they say '{number}')") if number else ("", "")
    return TiendoError(
        "TD-102",
        f"Các cột giống '{contract.title_vi}', nhưng phía trên bảng không ghi số hiệu biểu mẫu đó{read_vi}.",
        f"The columns are those of '{contract.title_en}', but the titles above do not name it{read_en}.",
        "Hãy giữ nguyên số hiệu biểu mẫu phía trên bảng; nếu là biểu khác thì không nộp ở đây.",
        "Keep the number of the form above the table; another form is not to be submitted here.",
        Place(sheet=table.sheet),
    )
