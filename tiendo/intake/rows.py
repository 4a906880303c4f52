"""Splits a file's rows into good ones and quarantined ones; every row read ends as exactly one of the two.

A row is quarantined once, with every problem found in it listed (domain rule: conservation law).
"""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from tiendo.intake.addresses import cell_address
from tiendo.intake.cells import Finding, parse_rows
from tiendo.intake.contracts import Contract
from tiendo.intake.digests import with_hash
from tiendo.intake.identify import Identified
from tiendo.intake.problems import QUARANTINE_SCHEMA, without_private_value
from tiendo.intake.references import References
from tiendo.intake.rule_context import RuleContext
from tiendo.intake.rules import check_duplicates, check_rules
from tiendo.intake.scope import scope_of
from tiendo.messages import Place, TiendoError

_NO_PROBLEMS = pl.DataFrame(
    schema={name: dtype for name, dtype in QUARANTINE_SCHEMA.items() if name != "submission_id"}
)


@dataclass(frozen=True)
class Converted:
    """The rows of one file.

    Attributes:
        good: Canonical and derived columns, `sheet`, `row_number` and `row_hash` (with pseudonyms only where
            the form has any); one row per good source row.
        problems: The columns of `QUARANTINE_SCHEMA` without `submission_id`; one row per problem.
        rows_read: Source rows, blank ones not counted.
        org_code: Unit of the submission.
        period: Period of the submission.
        notices: What the sender should know although the file is taken.
    """

    good: pl.DataFrame
    problems: pl.DataFrame
    rows_read: int
    org_code: str
    period: str
    notices: tuple[TiendoError, ...] = ()

    @property
    def rows_quarantined(self) -> int:
        """Source rows that are not among the good ones."""
        return self.rows_read - self.good.height


def convert(
    identified: Identified, references: References, org: str | None = None, period: str | None = None
) -> Converted:
    """Parses and checks all rows of a file.

    Args:
        identified: The form and its tables.
        references: Known codes.
        org: Unit of the submission where it is given, else it is taken from the rows, else from the titles.
        period: Canonical period of the submission where it is given, else it is taken as the unit is.

    Raises:
        TiendoError: TD-103 for a form without rows, unless no row is a valid nil report; TD-108 where unit or
            period is nowhere said; TD-114 where the unit of amounts is not; TD-208 for a unit that did not
            exist in the period.
    """
    contract = identified.contract
    frame, findings = parse_rows(identified, references)
    if not frame.height and not contract.complete_extract:
        raise _no_rows()
    org, period = scope_of(frame, identified, references, org, period)
    frame = frame.hstack([pl.int_range(frame.height, dtype=pl.Int64, eager=True).alias("row")])
    findings += check_rules(frame, RuleContext(contract, references, org, period), findings)
    findings += check_duplicates(frame, contract, {finding.row for finding in findings})
    if contract.keeps_values_private:
        findings = [_private(finding, contract) for finding in findings]
    problems = _located(frame, sorted(findings, key=lambda finding: finding.row), identified)
    rows_read = frame.height
    notices = _cross_checks(frame, contract) or _lines_missing(frame, contract)
    columns = [column for column in frame.get_columns() if column.name != "row"]
    del frame
    good = _good(columns, {finding.row for finding in findings})
    # Where identifiers are to become pseudonyms the digest is of those.
    good = good if contract.pseudonyms else with_hash(good, contract)
    return Converted(good, problems, rows_read, org, period, notices)


def _private(finding: Finding, contract: Contract) -> Finding:
    column = contract.column(finding.column_name)
    return finding._replace(problem=without_private_value(finding.problem, column))


def _good(columns: list[pl.Series], faulty: Collection[int]) -> pl.DataFrame:
    """The rows without the faulty ones; columns are given up one by one, so that few stand there twice."""
    if not faulty:
        return pl.DataFrame(columns)
    is_good = ~pl.int_range(len(columns[0]), eager=True).is_in(sorted(faulty))
    return pl.DataFrame([columns.pop(0).filter(is_good) for _ in range(len(columns))])


def _located(frame: pl.DataFrame, findings: list[Finding], identified: Identified) -> pl.DataFrame:
    """Findings with sheet, row number and cell, as the quarantine keeps them."""
    if not findings:
        return _NO_PROBLEMS
    rows = [finding.row for finding in findings]
    faults = [finding.problem for finding in findings]
    # As lists: a polars series hands out its elements one by one far too slowly for a million findings.
    sheets, numbers = frame["sheet"].gather(rows).to_list(), frame["row_number"].gather(rows).to_list()
    places = _column_numbers(identified)
    cells = [
        None if column is None else cell_address(column, number)
        for column, number in (
            (places.get((sheet, finding.column_name)), number)
            for sheet, number, finding in zip(sheets, numbers, findings, strict=True)
        )
    ]
    return pl.DataFrame(
        {
            "sheet": sheets,
            "row_number": numbers,
            "cell": cells,
            "column_name": [finding.column_name for finding in findings],
            "column_label": [finding.column_label for finding in findings],
            "value": [fault.value for fault in faults],
            "rule_code": [fault.code for fault in faults],
            "message_vi": [fault.message_vi for fault in faults],
            "message_en": [fault.message_en for fault in faults],
        },
        schema=_NO_PROBLEMS.schema,
    )


def _column_numbers(identified: Identified) -> dict[tuple[str | None, str], int]:
    """By sheet and column of the form, the number of the column in the sheet."""
    return {
        (table.sheet, name): table.column_numbers[position]
        for table, match in zip(identified.tables, identified.matches, strict=True)
        for name, position in match.mapping.items()
    }


def _cross_checks(frame: pl.DataFrame, contract: Contract) -> tuple[TiendoError, ...]:
    """Says of tables that feed no measure why they are kept all the same."""
    return tuple(
        _cross_check(contract, sheet, number)
        for derived in contract.derived
        if derived.cross_checks
        for sheet, number in frame.select("sheet", derived.name).unique(maintain_order=True).iter_rows()
        if number in derived.cross_checks
    )


def _cross_check(contract: Contract, sheet: str | None, number: str) -> TiendoError:
    return TiendoError(
        "TD-119",
        f"Đây là Biểu {number}: được lưu để đối chiếu, không dùng để tính chỉ tiêu vì tổng chi của biểu này "
        "là một tổng khác.",
        f"This is form {number}: kept as a cross-check; it cannot feed the indicator since its total is "
        "another one.",
        f"Để tính chỉ tiêu, hãy nộp thêm: {contract.title_vi}.",
        f"For the indicator, also submit: {contract.title_en}.",
        Place(sheet=sheet),
    )


def _lines_missing(frame: pl.DataFrame, contract: Contract) -> tuple[TiendoError, ...]:
    """Says which lines a published table lacks that its indicator is derived from."""
    missing = [
        line.text[0]
        for derived in contract.derived
        for key, line in derived.lines.items()
        if line.is_needed and key not in frame[derived.name]
    ]
    if not missing:
        return ()
    named = ", ".join(f"'{text}'" for text in missing)
    return (
        TiendoError(
            "TD-124",
            f"Bảng không có dòng {named} nên không tính được chỉ tiêu từ tệp này.",
            f"The table has no line {named}, so no indicator is derived from this file.",
            "Tệp vẫn được lưu. Nếu bản công bố có dòng đó, hãy ghi đúng tên dòng rồi nộp lại.",
            "The file is kept. If the published table has that line, give it its name and submit again.",
        ),
    )


def _no_rows() -> TiendoError:
    return TiendoError(
        "TD-103",
        "Tệp có dòng tiêu đề nhưng không có dòng nào được điền số liệu.",
        "The file has a header row and no row is filled in.",
        "Hãy điền số liệu rồi nộp lại.",
        "Fill in the data and submit again.",
    )
