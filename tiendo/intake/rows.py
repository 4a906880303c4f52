"""Splits a file's rows into good ones and quarantined ones; every row read ends as exactly one of the two.

A row is quarantined once, with every problem found in it listed (domain rule: conservation law).
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import cast

import polars as pl

from tiendo.intake.cells import Finding, parse_rows
from tiendo.intake.contracts import Contract
from tiendo.intake.dates import period_end, period_months
from tiendo.intake.identify import Identified
from tiendo.intake.problems import QUARANTINE_SCHEMA, without_private_value
from tiendo.intake.references import WHOLE_COUNTRY, References
from tiendo.intake.rules import RuleContext, check_duplicates, check_rules
from tiendo.messages import TiendoError

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Converted:
    """The rows of one file.

    Attributes:
        good: Canonical and derived columns, `sheet`, `row_number`, `row_hash`; one row per good source row.
        problems: sheet, row_number, column_name, column_label, value, rule_code, message_vi, message_en; one
            row per problem.
        rows_read: Source rows, blank ones not counted.
        org_code: Unit of the submission.
        period: Period of the submission.
    """

    good: pl.DataFrame
    problems: pl.DataFrame
    rows_read: int
    org_code: str
    period: str

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
        org: Unit of the submission where it is given, else it is taken from the rows.
        period: Canonical period of the submission where it is given, else it is taken from the rows.

    Raises:
        TiendoError: TD-103 for a form without rows, unless no row is a valid nil report; TD-108 where unit or
            period is neither given nor in the rows.
    """
    contract = identified.contract
    frame, findings = parse_rows(identified, references)
    if not frame.height and not contract.complete_extract:
        raise _no_rows()
    org = org or _org_of(frame, contract, references)
    period = period or _period_of(frame, contract)
    frame = frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("row"))
    findings += check_rules(frame, RuleContext(contract, references, org, period), findings)
    candidates = _with_hash(_without(frame, findings), contract)
    repeated = check_duplicates(candidates, contract)
    findings += repeated
    if contract.keeps_values_private:
        findings = [_private(finding, contract) for finding in findings]
    return Converted(
        good=_without(candidates, repeated).drop("row"),
        problems=_located(frame, sorted(findings, key=lambda finding: finding.row)),
        rows_read=frame.height,
        org_code=org,
        period=period,
    )


def _private(finding: Finding, contract: Contract) -> Finding:
    column = contract.column(finding.column_name)
    return finding._replace(problem=without_private_value(finding.problem, column))


def _without(frame: pl.DataFrame, findings: list[Finding]) -> pl.DataFrame:
    if not findings:
        return frame
    faulty = pl.Series(sorted({finding.row for finding in findings}), dtype=pl.Int64)
    return frame.filter(~pl.col("row").is_in(faulty.implode()))


def _located(frame: pl.DataFrame, findings: list[Finding]) -> pl.DataFrame:
    """Findings with the sheet and row number of their rows, as the quarantine keeps them."""
    schema = {name: dtype for name, dtype in QUARANTINE_SCHEMA.items() if name != "submission_id"}
    if not findings:
        return pl.DataFrame(schema=schema)
    rows = [finding.row for finding in findings]
    faults = [finding.problem for finding in findings]
    return pl.DataFrame(
        {
            "sheet": frame["sheet"].gather(rows),
            "row_number": frame["row_number"].gather(rows),
            "column_name": [finding.column_name for finding in findings],
            "column_label": [finding.column_label for finding in findings],
            "value": [fault.value for fault in faults],
            "rule_code": [fault.code for fault in faults],
            "message_vi": [fault.message_vi for fault in faults],
            "message_en": [fault.message_en for fault in faults],
        },
        schema=schema,
    )


def _with_hash(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Adds `row_hash`: BLAKE2b (16 bytes, hex) over the form's columns as text, so equal rows are found."""
    texts = [_as_text(column.name, frame.schema[column.name]) for column in contract.columns]
    joined = frame.select(pl.concat_str(texts, separator="\x1f").alias("joined"))["joined"]
    hashes = [hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for text in joined.to_list()]
    return frame.with_columns(pl.Series("row_hash", hashes, dtype=pl.String))


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    text = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        text = text.dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
    elif isinstance(dtype, pl.Date):
        text = text.dt.strftime("%Y-%m-%d")
    return text.cast(pl.String).fill_null("\x00")


def _org_of(frame: pl.DataFrame, contract: Contract, references: References) -> str:
    """The one unit of the rows, else the province they share, else the whole country."""
    name = contract.organisation_column
    if name is None or not frame.height:
        raise _not_said(contract, "--org", "đơn vị", "unit")
    codes = sorted(set(frame[name].drop_nulls().to_list()) & references.any_codes)
    if len(codes) <= 1:
        return codes[0] if codes else UNKNOWN
    provinces = {references.province_of(code) for code in codes}
    if len(provinces) == 1:
        return provinces.pop() or WHOLE_COUNTRY
    if contract.complete_extract:
        # One mistyped code must not make the file speak for the whole country.
        raise _not_said(contract, "--org", "đơn vị (các dòng thuộc nhiều tỉnh)", "unit (rows of provinces)")
    return WHOLE_COUNTRY


def _period_of(frame: pl.DataFrame, contract: Contract) -> str:
    """The latest period of the rows, of equals the shortest; for an extract the month of most rows."""
    name = contract.period_column
    if name is None or not frame.height:
        raise _not_said(contract, "--period", "kỳ báo cáo", "period")
    values = frame[name].drop_nulls()
    texts = values if values.dtype == pl.String else values.dt.strftime("%Y-%m")
    counts = Counter(cast("list[str]", texts.to_list()))
    if not counts:
        return UNKNOWN
    if contract.complete_extract:
        return max(counts, key=lambda period: (counts[period], period))
    return max(counts, key=lambda period: (period_end(period), -period_months(period)))


def _no_rows() -> TiendoError:
    return TiendoError(
        "TD-103",
        "Tệp chỉ có dòng tiêu đề, không có dòng số liệu nào.",
        "The file has a header row and no data.",
        "Hãy điền số liệu rồi nộp lại.",
        "Fill in the data and submit again.",
    )


def _not_said(contract: Contract, option: str, what_vi: str, what_en: str) -> TiendoError:
    return TiendoError(
        "TD-108",
        f"Tệp '{contract.title_vi}' không cho biết {what_vi}.",
        f"The file '{contract.title_en}' does not say its {what_en}.",
        f"Hãy nộp lại và thêm {option}, ví dụ: tiendo submit TỆP --org 66 --period 2026-03.",
        f"Submit it again with {option}, for example: tiendo submit FILE --org 66 --period 2026-03.",
        exit_code=2,
    )
