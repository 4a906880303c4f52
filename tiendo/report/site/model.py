"""The star schema: which fact looks into which dimension, by which columns, and how to join them."""

from dataclasses import dataclass

from tiendo.publish.catalogue import CuratedTable, ForeignKey
from tiendo.report.site.pages import Page

DIMENSION = "dim_"


@dataclass(frozen=True)
class Fact:
    """A table that looks into dimensions.

    Attributes:
        table: Its description.
        keys: Its look-ups by the table they lead to.
        measures: Columns with a unit, which are counted or measured.
        join: A statement that joins it with all its dimensions.
    """

    table: CuratedTable
    keys: dict[str, list[ForeignKey]]
    measures: list[str]
    join: str

    @property
    def others(self) -> dict[str, list[ForeignKey]]:
        """Look-ups in tables that are facts themselves, such as the ledger of submissions."""
        return {name: keys for name, keys in self.keys.items() if not name.startswith(DIMENSION)}


def model_page(tables: list[CuratedTable], rows: dict[str, int]) -> Page:
    """The bus matrix, then each fact with its grain, keys and joins."""
    published = {table.name for table in tables}
    dimensions = [table for table in tables if table.name.startswith(DIMENSION)]
    others = [table for table in tables if not table.name.startswith(DIMENSION)]
    found = [fact(table, published) for table in others]
    looking = [each for each in found if any(name.startswith(DIMENSION) for name in each.keys)]
    context = {
        "dimensions": dimensions,
        "facts_found": looking,
        "alone": [each for each in found if each not in looking],
        "rows": rows,
        "labels": {table.name: {column.name: column for column in table.columns} for table in tables},
    }
    return Page("model.html", "model.html.jinja", "Mô hình dữ liệu", "Data model", context)


def fact(table: CuratedTable, published: set[str]) -> Fact:
    """A table with what it looks into, of the tables that are published."""
    keys: dict[str, list[ForeignKey]] = {}
    for key in sorted(table.foreign_keys, key=lambda key: (not key.table.startswith(DIMENSION), key.table)):
        if key.table in published:
            keys.setdefault(key.table, []).append(key)
    measures = [column.name for column in table.columns if column.unit]
    return Fact(table, keys, measures, _join(table, keys))


def _join(table: CuratedTable, keys: dict[str, list[ForeignKey]]) -> str:
    """A left join per dimension, with all columns of its key; a second key to the same one gets a number."""
    lines = ["select fact.*", f"from {table.name} as fact"]
    for name, ways in keys.items():
        if not name.startswith(DIMENSION):
            continue
        for number, key in enumerate(ways):
            alias = name.removeprefix(DIMENSION) + (f"_{number + 1}" if number else "")
            same = " and ".join(
                f"fact.{own} = {alias}.{other}"
                for own, other in zip(key.columns, key.reference_columns, strict=True)
            )
            lines.append(f"left join {name} as {alias} on {same}")
    return "\n".join(lines)
