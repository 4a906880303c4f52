"""Holds corrections and withdrawals against what was received, and quarantines rows that do not fit it."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import polars as pl

from tiendo.intake.addresses import cell_address
from tiendo.intake.archive import CORRECTION, WITHDRAWAL, Archive
from tiendo.intake.corrections import Misfit, Spelt, check_corrections
from tiendo.intake.digests import with_hash
from tiendo.intake.identify import Identified
from tiendo.intake.problems import CellProblem
from tiendo.intake.references import References
from tiendo.intake.rows import Converted


def check_amendments(
    converted: Converted, identified: Identified, archive: Archive, references: References
) -> Converted:
    """The file with rows quarantined that do not fit what was received; other forms pass as they are."""
    form = identified.contract.form
    if form == WITHDRAWAL:
        return _parted(converted, identified, _check_withdrawals(converted.good, archive))
    if form == CORRECTION:
        return _parted(converted, identified, *check_corrections(converted.good, archive, references))
    return converted


def _check_withdrawals(good: pl.DataFrame, archive: Archive) -> dict[int, Misfit]:
    found: dict[int, Misfit] = {}
    for row, named in enumerate(good["withdrawn_submission_id"].to_list()):
        if named not in archive.landed:
            fault = CellProblem(
                "TD-225",
                named,
                f"Không có lần nộp nào được tiếp nhận mang mã '{named}'. Hãy chép đúng mã ghi trên giấy "
                "biên nhận.",
                f"No submission that landed is called '{named}'. Copy the identifier from its receipt.",
            )
            found[row] = Misfit("withdrawn_submission_id", fault)
    return found


def _parted(
    converted: Converted,
    identified: Identified,
    misfits: Mapping[int, Misfit],
    spelt: Mapping[int, Spelt] = MappingProxyType({}),
) -> Converted:
    """The good rows without the misfits and spelt as they shall land; the misfits as problems."""
    good = converted.good
    if spelt:
        rows = [{**row, **spelt.get(number, {})} for number, row in enumerate(good.iter_rows(named=True))]
        good = with_hash(pl.DataFrame(rows, schema=good.schema), identified.contract)
    if not misfits:
        return replace(converted, good=good)
    records = [
        _record(identified, converted.good.row(number, named=True), misfit)
        for number, misfit in sorted(misfits.items())
    ]
    found = pl.DataFrame(records, schema=converted.problems.schema)
    kept = [number for number in range(good.height) if number not in misfits]
    return replace(converted, good=good[kept], problems=pl.concat([converted.problems, found]))


def _record(identified: Identified, row: Mapping[str, Any], misfit: Misfit) -> dict[str, Any]:
    """A misfit as the quarantine keeps it."""
    column = identified.contract.column(misfit.column_name)
    label, cell = column.label_vi, None
    for table, match in zip(identified.tables, identified.matches, strict=True):
        position = match.mapping.get(column.name)
        if table.sheet == row["sheet"] and position is not None:
            label = table.headers[position]
            cell = cell_address(table.column_numbers[position], row["row_number"])
    return {
        "sheet": row["sheet"],
        "row_number": row["row_number"],
        "cell": cell,
        "column_name": column.name,
        "column_label": label,
        "value": misfit.problem.value,
        "rule_code": misfit.problem.code,
        "message_vi": misfit.problem.message_vi,
        "message_en": misfit.problem.message_en,
    }
