"""Finds in which unit a sender counts, so that a table in tỷ and one in đồng land as the same amounts.

A column's own header outranks the unit line above the table; a unit of another kind is refused, not ignored.
"""

from decimal import Decimal

from tiendo.intake.contracts import Column, Contract
from tiendo.intake.headers import HeaderMatch
from tiendo.intake.tables import Table
from tiendo.intake.titles import unit_line
from tiendo.intake.units import factor, is_unknown_money
from tiendo.messages import Place, TiendoError


def column_factors(table: Table, match: HeaderMatch, contract: Contract) -> dict[str, Decimal]:
    """By column, what its amounts are multiplied with to be in the unit of the form.

    Raises:
        TiendoError: TD-114 where a header names a unit of another kind, or the form needs a unit and none
            that fits is said.
    """
    factors: dict[str, Decimal] = {}
    stated = unit_line(table.above)
    for column in contract.columns:
        if column.unit is None or column.name not in match.mapping:
            continue
        own = match.units.get(column.name)
        said = own or stated
        known = factor(said, column.unit) if said else None
        is_foreign = said is not None and is_unknown_money(said) and factor(column.unit, "dong") is not None
        if known is None and (own or contract.needs_unit_line or is_foreign):
            raise _no_unit(column, said, table)
        if known is not None:
            factors[column.name] = known
    return factors


def _no_unit(column: Column, said: str | None, table: Table) -> TiendoError:
    read_vi = f"ghi đơn vị tính là '{said}'" if said else "không cho biết đơn vị tính"
    read_en = f"gives the unit '{said}'" if said else "does not say its unit"
    return TiendoError(
        "TD-114",
        f"Bảng {read_vi} nên không rõ số liệu cột '{column.label_vi}' là bao nhiêu.",
        f"The table {read_en}, so the amounts of '{column.label_en}' are not known.",
        "Hãy ghi phía trên bảng, ví dụ: Đơn vị tính: Triệu đồng (hoặc Đồng, Nghìn đồng, Tỷ đồng), rồi nộp "
        "lại.",
        "Write above the table, for example: Đơn vị tính: Triệu đồng (or Đồng, Nghìn đồng, Tỷ đồng), and "
        "submit again.",
        Place(sheet=table.sheet),
    )
