"""Write docs/schema.csv: every published column, so that none leaves or changes its meaning unannounced.

Run it by hand after a column was added, announced to leave or has left; a test compares the list with the
dbt project. dbt compares contracts with an older manifest (`state:modified.contract`) and lets a model go
once its `deprecation_date` has passed; the list keeps that rule for columns too and needs no manifest.
"""

import csv
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, timedelta
from pathlib import Path

import yaml

from tiendo.publish.catalogue import TYPE_ALIASES

PROJECT = Path(__file__).resolve().parents[1]
SCHEMA = PROJECT / "docs" / "schema.csv"
MARTS = PROJECT / "dbt_project" / "models" / "marts"
NOTICE = timedelta(days=180)


@dataclass(frozen=True)
class Column:
    """What readers of a column rely on.

    Attributes:
        type: As in the Parquet file.
        unit: Of its values, empty for none.
        grain: Its place among the columns that name a row, from 1; empty for the others.
        announced_on: The day its leaving was recorded, ISO; empty while it stays.
        leaves_on: The last day it is promised for, ISO; empty while it stays.
    """

    type: str
    unit: str = ""
    grain: str = ""
    announced_on: str = ""
    leaves_on: str = ""


Schema = Mapping[str, Column]


def declared_schema(marts: Path = MARTS) -> dict[str, Column]:
    """The columns of the dbt project by `table.column`; a table that leaves takes its columns along."""
    found: dict[str, Column] = {}
    models = [
        model
        for path in sorted(marts.rglob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    ]
    for model in sorted(models, key=lambda model: model["name"]):
        grain = model["config"]["meta"]["grain"]
        for column in model["columns"]:
            name, meta = column["name"], column["config"]["meta"]
            written = re.sub(r"\s+", "", column["data_type"]).upper()
            found[f"{model['name']}.{name}"] = Column(
                type=TYPE_ALIASES.get(written, written),
                unit=meta.get("unit", ""),
                grain=str(grain.index(name) + 1) if name in grain else "",
                leaves_on=str(meta.get("deprecation_date") or model.get("deprecation_date") or ""),
            )
    return found


def renew(recorded: Schema, declared: Schema, today: date) -> tuple[dict[str, Column], list[str]]:
    """The list as it should read now, and what was promised and is not kept.

    Args:
        recorded: The committed list.
        declared: The dbt project.
        today: Becomes `announced_on` of what is newly announced.
    """
    renewed: dict[str, Column] = {}
    broken: list[str] = []
    for name, column in declared.items():
        known = recorded.get(name)
        told = replace(column, announced_on=(known and known.announced_on) or today.isoformat())
        renewed[name] = told if column.leaves_on else column
        if known and (known.type, known.unit, known.grain) != (column.type, column.unit, column.grain):
            broken.append(f"{name}: type, unit or place in the grain changed; give it another name")
        if known and column.leaves_on and column.leaves_on < known.leaves_on:
            broken.append(f"{name}: leaves earlier than was announced, {known.leaves_on}")
        if column.leaves_on and _days(told) < NOTICE:
            broken.append(f"{name}: less than {NOTICE.days} days from {told.announced_on} to leaving")
    for name, known in recorded.items():
        if name not in declared and (not known.leaves_on or today <= date.fromisoformat(known.leaves_on)):
            broken.append(f"{name}: gone before the day it was promised for")
    tables = {name.partition(".")[0] for name in recorded}
    for name, column in declared.items():
        if column.grain and name not in recorded and name.partition(".")[0] in tables:
            broken.append(f"{name}: more columns name a row; give the table another name")
    return renewed, broken


def _days(column: Column) -> timedelta:
    return date.fromisoformat(column.leaves_on) - date.fromisoformat(column.announced_on)


def read_schema(path: Path = SCHEMA) -> dict[str, Column]:
    """The committed list."""
    with path.open(encoding="utf-8", newline="") as stream:
        return {f"{row.pop('table')}.{row.pop('column')}": Column(**row) for row in csv.DictReader(stream)}


def main() -> None:
    """Writes the list, unless a promise is broken."""
    recorded = read_schema() if SCHEMA.exists() else {}
    renewed, broken = renew(recorded, declared_schema(), date.today())
    if broken:
        sys.exit("\n".join(broken))
    with SCHEMA.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(
            stream, ["table", "column", *(field.name for field in fields(Column))], lineterminator="\n"
        )
        writer.writeheader()
        for name, column in renewed.items():
            table, _, own = name.partition(".")
            writer.writerow({"table": table, "column": own} | asdict(column))


if __name__ == "__main__":
    main()
