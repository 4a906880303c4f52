"""What the reader sees in a file, without a home and without judging a single row.

Structure, headers and titles only: no value of a record is shown, whatever the file holds.
"""

from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tiendo.intake.addresses import column_letters
from tiendo.intake.contracts import Contract, load_contracts
from tiendo.intake.dates import period_end
from tiendo.intake.discretion import name_file, refuse_forbidden, refuse_marked_name
from tiendo.intake.headers import HeaderMatch, try_headers
from tiendo.intake.identify import fits_titles, identify
from tiendo.intake.problems import shortened
from tiendo.intake.readers import read_source
from tiendo.intake.references import References
from tiendo.intake.tables import Source, Table
from tiendo.intake.titles import organisation_in, period_in, unit_line
from tiendo.messages import Language, TiendoError

_LONGEST_TITLE = 80
_LONGEST_HEADER = 120


@dataclass(frozen=True)
class SeenColumn:
    """A column of a table.

    Attributes:
        letter: `A`, `B`…
        header: Parts of the header from the top row down.
        column: Canonical name it was recognised as, None where it was not.
        proposal: Canonical name it may have been meant as.
        unit: Unit named in the header.
    """

    letter: str
    header: tuple[str, ...]
    column: str | None = None
    proposal: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class SeenTable:
    """A table of a sheet.

    Attributes:
        sheet: Name of the sheet, None for files without sheets.
        is_hidden: Whether the sheet is hidden; its tables are never taken.
        form: Number and name of the form it is or comes closest to, None where nothing fits.
        is_recognised: Whether all that the form needs is there, in the titles too.
        missing: Labels of required columns that are not there.
        titles: Texts above the header, cut.
        period: Period the titles name.
        org_code: Unit the titles name.
        unit: Unit of amounts the titles name.
        header_rows: First and last row of the header, (0, 0) where there is none.
        first_row: First row of data, None where there is none.
        last_row: Last row of data.
        records: Number of records.
        left_out: Rows below the header that are no records, by kind.
        columns: From left to right.
    """

    sheet: str | None
    is_hidden: bool
    form: str | None
    is_recognised: bool
    missing: tuple[str, ...]
    titles: tuple[str, ...]
    period: str | None
    org_code: str | None
    unit: str | None
    header_rows: tuple[int, int]
    first_row: int | None
    last_row: int | None
    records: int
    left_out: dict[str, int]
    columns: tuple[SeenColumn, ...]


@dataclass(frozen=True)
class Inspection:
    """What the reader sees.

    Attributes:
        file: Name of the file.
        format: By content.
        encoding: Of a text file.
        legacy: Legacy encodings found in workbook cells.
        sheets: Name, hidden or not, rows and columns as claimed.
        tables: The tables found.
        notices: What the sender should know.
        problem: Why the file as it is would be rejected, None where it would be taken as some form.
    """

    file: str
    format: str
    encoding: str | None
    legacy: tuple[str, ...]
    sheets: tuple[dict[str, Any], ...]
    tables: tuple[SeenTable, ...]
    notices: tuple[TiendoError, ...]
    problem: TiendoError | None

    def record(self, language: Language) -> dict[str, Any]:
        """The same for programs."""
        return {
            **vars(self),
            "tables": [asdict(table) for table in self.tables],
            "notices": [{"code": n.code, "message": n.text(language)} for n in self.notices],
            "problem": self.problem and {"code": self.problem.code, "message": self.problem.text(language)},
        }


def inspect_file(file: Path, references: References) -> Inspection:
    """Reads a file and says what it consists of.

    Args:
        file: Any file.
        references: Known units, to recognise those that titles name.

    Raises:
        TiendoError: What `read_source` raises; TD-106 or TD-107 for what must not be read here.
    """
    refuse_marked_name(file.name)
    try:
        source = read_source(file)
        refuse_forbidden(source, file.name)
    except TiendoError as error:
        name_file(error, file.name)
        raise
    found, problem = _identified(source)
    tables = [found.get(table.sheet, (table, None, None)) for table in source.tables]
    return Inspection(
        file=file.name,
        format=source.format,
        encoding=source.encoding,
        legacy=source.legacy,
        sheets=tuple(sheet._asdict() for sheet in source.sheets),
        tables=tuple(_seen(*found_as, references) for found_as in tables),
        notices=source.notices,
        problem=problem,
    )


_Found = tuple[Table, Contract | None, HeaderMatch | None]


def _identified(source: Source) -> tuple[dict[str | None, _Found], TiendoError | None]:
    """By sheet the tables of the form the file is taken as, without the rows that are no records."""
    try:
        identified = identify(source.tables)
    except TiendoError as error:
        return {}, error
    pairs = zip(identified.tables, identified.matches, strict=True)
    return {table.sheet: (table, identified.contract, match) for table, match in pairs}, None


def _seen(
    table: Table, contract: Contract | None, match: HeaderMatch | None, references: References
) -> SeenTable:
    if contract is None or match is None:
        contract, match = _closest(table)
    period = period_in(table.above)
    return SeenTable(
        sheet=table.sheet,
        is_hidden=table.is_hidden,
        form=f"{contract.number} {contract.form}" if contract else None,
        is_recognised=bool(contract and match and not match.missing and fits_titles(table, contract)),
        missing=tuple(column.label_vi for column in match.missing) if match else (),
        titles=tuple(_cut(text, _LONGEST_TITLE) for text in table.above),
        period=period,
        org_code=organisation_in(table.above, references, period_end(period) if period else None),
        unit=unit_line(table.above),
        header_rows=table.header_rows,
        first_row=table.first_row,
        last_row=table.row_numbers[-1] if len(table.row_numbers) else None,
        records=len(table.row_numbers),
        left_out=dict(Counter(row.kind for row in table.left_out)),
        columns=_columns(table, match),
    )


def _closest(table: Table) -> tuple[Contract | None, HeaderMatch | None]:
    """The form that explains most of its columns; none where no column of any form is there."""
    best: tuple[Contract | None, HeaderMatch | None] = (None, None)
    most = 0.0
    for contract in load_contracts().values():
        match = try_headers(table.header_paths, contract)
        share = (len(match.mapping) + len(match.proposals)) / len(contract.columns)
        if share > most:
            best, most = (contract, match), share
    return best


def _columns(table: Table, match: HeaderMatch | None) -> tuple[SeenColumn, ...]:
    names = {at: name for name, at in match.mapping.items()} if match else {}
    proposals = {header: column.name for header, column in match.proposals} if match else {}
    return tuple(
        SeenColumn(
            letter=column_letters(number),
            header=tuple(_cut(part, _LONGEST_HEADER) for part in path if part),
            column=names.get(at),
            proposal=proposals.get(header) if at not in names else None,
            unit=match.units.get(names.get(at, "")) if match else None,
        )
        for at, (number, path, header) in enumerate(
            zip(table.column_numbers, table.header_paths, table.headers, strict=True)
        )
    )


def _cut(text: str, longest: int) -> str:
    return shortened(" ".join(text.split()), longest)
