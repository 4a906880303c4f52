"""The task models of a refreshed home run again, over every day of some years, in a copy of its warehouse.

They have the day of judgement in their grain, so one run judges all days; their SQL is what dbt ran.
"""

import json
import shutil
from calendar import isleap
from collections import defaultdict
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from reference.places import Places
from reference.task_inputs import Inputs, read_inputs

from tiendo.warehouse.parsed import ParsedProject

DAYS, STATES = "int_task_days", "int_task_states"
COMMUNES_KEPT = 4


def inputs_of(home: Path) -> Inputs:
    """What a refreshed home holds, as known on the day of its current release."""
    told = json.loads((home / "data/curated/current/manifest.json").read_text(encoding="utf-8"))
    as_of, known_at = date.fromisoformat(told["as_of"]), datetime.fromisoformat(told["known_at"])
    return read_inputs(home / "data/warehouse/landing", as_of, known_at)


def with_small_groups(inputs: Inputs) -> Inputs:
    """The same with a few communes of each province, before and since the reform, and no departments."""
    kept: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for code in sorted(inputs.places.by_code):
        for place in inputs.places.by_code[code]:
            of_its_time = kept[place.province_code, place.valid_to == date.max]
            if place.level == "commune" and len(of_its_time) < COMMUNES_KEPT:
                of_its_time.add(code)
    communes = set[str]().union(*kept.values())
    places = Places.__new__(Places)
    places.by_code = {
        code: [place for place in found if place.level != "commune" or code in communes]
        for code, found in inputs.places.by_code.items()
    }
    groups = tuple(row for row in inputs.groups if row["member"] != "department")
    return replace(inputs, places=places, groups=groups)


def _as_of(home: Path) -> date:
    told = json.loads((home / "data/curated/current/manifest.json").read_text(encoding="utf-8"))
    return date.fromisoformat(told["as_of"])


class TaskWarehouse:
    """A copy of a home's warehouse in which days and rows can be changed."""

    def __init__(self, home: Path, folder: Path) -> None:
        warehouse = home / "data" / "warehouse"
        manifest = json.loads((warehouse / "dbt" / "manifest.json").read_text(encoding="utf-8"))
        self.models: Mapping[str, Mapping[str, Any]] = {
            node["name"]: node
            for node in manifest["nodes"].values()
            if node["resource_type"] in ("model", "seed")
        }
        measures = warehouse / "registry" / "indicator_measures.parquet"
        built = ParsedProject(otherwise=warehouse / "dbt" / "parsed", measures=measures).statements(
            _as_of(home)
        )
        assert built is not None, "the home was published by this very project"
        self.statements = {each.node.split(".")[-1]: each.sql for each in built.listed if each.relation}
        # Statements hold the name of the file.
        copy = folder / "warehouse.duckdb"
        shutil.copyfile(warehouse / "warehouse.duckdb", copy)
        self.database = duckdb.connect(str(copy))
        self._replaced: set[str] = set()

    def relation(self, name: str) -> str:
        return str(self.models[name]["relation_name"])

    def keep(self, name: str, where: str) -> int:
        """Leaves only some rows of a table or view; says how many are gone."""
        relation = self.relation(name)
        counted = f"select count(*) from {relation}"
        before = self.database.sql(counted).fetchall()[0][0]
        self.database.execute(f"create or replace temp table kept as select * from {relation} where {where}")
        self._replace(name, "select * from kept")
        return before - self.database.sql(counted).fetchall()[0][0]

    def make_groups_small(self, inputs: Inputs) -> None:
        """Leaves the communes that inputs with small groups have, and no departments."""
        codes = ", ".join(f"'{code}'" for code, places in inputs.places.by_code.items() if places)
        assert self.keep("int_places", f"org_level <> 'commune' or org_code in ({codes})") > 10_000
        assert self.keep("agency_groups", "member is null or member <> 'department'") > 0

    def insert(self, name: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Adds rows that all have the same columns; other columns stay empty."""
        columns = list(rows[0])
        marks = ", ".join("?" * len(columns))
        self.database.executemany(
            f"insert into {self.relation(name)} ({', '.join(columns)}) values ({marks})",
            [list(row.values()) for row in rows],
        )

    def judge(self, years: Iterable[int]) -> pl.DataFrame:
        """States of all tasks on all days of some years, by task and day; one year a run, to save memory."""
        told = [
            self.judge_on([date(year, 1, 1) + timedelta(days=day) for day in range(365 + isleap(year))])
            for year in years
        ]
        return pl.concat(told).sort("plan_id", "row_ref", "judged_on")

    def judge_on(self, days: Sequence[date]) -> pl.DataFrame:
        """States of all tasks on some days."""
        listed = ", ".join(f"date '{day}'" for day in days)
        self._replace(DAYS, f"select unnest([{listed}]) as judged_on, true as is_current")
        for name in self._on_the_way():
            self._drop(name)
            self.database.execute(self.statements[name])
        return self.database.sql(
            "select judged_on, plan_id, row_ref, state, due_on, completed_on, is_done, alert_rule, "
            f"assignees_done, assignees_total from {self.relation(STATES)}"
        ).pl()

    def _replace(self, name: str, query: str) -> None:
        self._drop(name)
        self._replaced.add(name)
        self.database.execute(f"create table {self.relation(name)} as {query}")

    def _drop(self, name: str) -> None:
        is_view = self.models[name]["config"]["materialized"] == "view" and name not in self._replaced
        self.database.execute(f"drop {'view' if is_view else 'table'} {self.relation(name)}")

    def _on_the_way(self) -> list[str]:
        """The models between the days and the states, each after those it reads."""
        found: dict[str, bool] = {DAYS: True}
        order: list[str] = []

        def depends_on_days(name: str) -> bool:
            if name not in found:
                dependent = [parent for parent in self._parents(name) if depends_on_days(parent)]
                found[name] = bool(dependent)
                if found[name]:
                    order.append(name)
            return found[name]

        depends_on_days(STATES)
        return order

    def _parents(self, name: str) -> list[str]:
        # Sources may bear the names of models; seeds depend on nothing.
        parents = self.models[name]["depends_on"]["nodes"]
        return [unique_id.split(".")[-1] for unique_id in parents if unique_id.startswith("model.")]


@contextmanager
def small_warehouse(home: Path, folder: Path, inputs: Inputs) -> Generator[TaskWarehouse]:
    """A copy of a home's warehouse with the groups that inputs with small groups have; closed at the end."""
    copy = TaskWarehouse(home, folder)
    copy.make_groups_small(inputs)
    yield copy
    copy.database.close()
