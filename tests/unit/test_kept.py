"""What is kept of each submission: the same as if nothing were kept, and computed once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiendo.kept import models, shelf
from tiendo.kept.apart import Apart
from tiendo.kept.models import Model, bring_up_to_date

DAY = date(2026, 5, 17)
SUMS = Model("intermediate.sums", "submission_id")
COMPARED = Model("intermediate.compared", "scope_key")
# What each row adds up to, in the units there are; a day after the day in question does not count.
SUM_SQL = """
    select submission_id, sum(n * factor)::bigint as total, count(*) as rows
    from "warehouse"."staging"."stg_dossier" as rows_read
    inner join "warehouse"."intermediate"."factors" as factors using (unit)
    where received_on <= cast('{day}' as date)
    group by submission_id
"""
COMPARE_SQL = """
    select scope_key, submission_id, count(*) as rows
    from "warehouse"."staging"."stg_dossier"
    inner join "warehouse"."intermediate"."contested" using (submission_id)
    group by all
"""
Rows = list[tuple[str, int, date]]


class Warehouse:
    """A warehouse file with a form of one column that counts, and models over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.held: dict[str, Rows] = {}
        self.connection = duckdb.connect(str(folder / "warehouse.duckdb"))
        self.connection.execute(
            "create schema raw; create schema past; create schema staging; create schema intermediate;"
            "create table past.dossier (submission_id varchar, unit varchar, n bigint, received_on date);"
            "create table intermediate.factors as select 'a' as unit, 1 as factor union all select 'b', 10;"
            "create table intermediate.contested (scope_key varchar, submission_id varchar)"
        )
        self.load({"first": [("a", 1, date(2026, 5, 1)), ("b", 2, date(2026, 5, 2))]})

    def load(self, changed: dict[str, Rows], gone: set[str] = frozenset()) -> None:
        """What the load step does: a file for each submission, and the list of files."""
        self.held = {name: rows for name, rows in {**self.held, **changed}.items() if name not in gone}
        files = [
            (name, rows, self.folder / f"{name}_{abs(hash(str(rows)))}.parquet")
            for name, rows in self.held.items()
        ]
        self.connection.execute(
            "create or replace table raw.row_files"
            " (relation varchar, submission_id varchar, path varchar, identity varchar, rows bigint)"
        )
        self.connection.execute(
            "create or replace table intermediate.int_dossier_scopes (submission_id varchar, last_on date)"
        )
        for name, rows, path in files:
            self.connection.execute("create or replace temp table landed as from past.dossier limit 0")
            self.connection.executemany(
                "insert into landed values (?, ?, ?, ?)", [(name, *row) for row in rows]
            )
            self.connection.execute(f"copy landed to '{path}' (format parquet)")
            told = ("raw.dossier", name, str(path), str(rows), len(rows))
            self.connection.execute("insert into raw.row_files values (?, ?, ?, ?, ?)", told)
            last = max(received_on for *_, received_on in rows)
            self.connection.execute("insert into intermediate.int_dossier_scopes values (?, ?)", (name, last))
        listed = ", ".join(f"'{path}'" for *_, path in files)
        self.connection.execute(
            "drop view if exists staging.stg_dossier; drop view if exists raw.dossier;"
            f"create view raw.dossier as from read_parquet([{listed}]);"
            "create view staging.stg_dossier as select * from raw.dossier"
        )

    def update(self, model: Model = SUMS, sql: str = SUM_SQL, day: date = DAY) -> bool:
        return bring_up_to_date(self.connection, model, sql.format(day=day), day)

    def kept(self, model: Model = SUMS) -> list[Any]:
        return self.connection.execute(f"from {model.relation} order by all").fetchall()

    def anew(self, sql: str = SUM_SQL, day: date = DAY) -> list[Any]:
        return self.connection.execute(f"from ({sql.format(day=day)}) order by all").fetchall()

    def files(self, model: Model = SUMS) -> list[Path]:
        return sorted((self.folder / "kept" / model.relation).glob("*.parquet"))


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    warehouse = Warehouse(tmp_path)
    yield warehouse
    warehouse.connection.close()


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the groups that are computed."""
    names: list[str] = []
    compute = Apart.computed

    @contextmanager
    def noted(self: Apart, keys: dict[str, str], files: Any) -> Iterator[Any]:
        names.extend(keys)
        with compute(self, keys, files) as world:
            yield world

    monkeypatch.setattr(Apart, "computed", noted)
    return names


def test_only_what_is_new_or_changed_is_computed(warehouse: Warehouse, computed: list[str]) -> None:
    assert warehouse.update()
    assert warehouse.kept() == [("first", 21, 2)]
    warehouse.load({"second": [("a", 5, date(2026, 5, 3))]})
    assert warehouse.update()
    warehouse.load({"first": [("a", 100, date(2026, 5, 1))]})
    assert warehouse.update()
    assert computed == ["first", "second", "first"]
    assert warehouse.kept() == warehouse.anew() == [("first", 100, 1), ("second", 5, 1)]
    assert not warehouse.update()
    assert len(computed) == 3


def test_what_is_gone_is_forgotten(warehouse: Warehouse) -> None:
    warehouse.load({"second": [("a", 5, date(2026, 5, 3))]})
    warehouse.update()
    warehouse.load({}, gone={"first"})
    assert warehouse.update()
    assert warehouse.kept() == [("second", 5, 1)]
    (file,) = warehouse.files()
    assert "first" not in str(duckdb.sql(f"from '{file}'").fetchall())


@pytest.mark.parametrize(
    "change",
    [
        "update intermediate.factors set factor = 100 where unit = 'b'",
        "create or replace view staging.stg_dossier as select * replace (n + 1 as n) from raw.dossier",
    ],
)
def test_whatever_else_it_reads_counts(warehouse: Warehouse, change: str) -> None:
    warehouse.update()
    before = warehouse.kept()
    warehouse.connection.execute(change)
    assert warehouse.update()
    assert warehouse.kept() == warehouse.anew() != before


def test_another_statement_is_another_model(warehouse: Warehouse) -> None:
    warehouse.update()
    other = SUM_SQL.replace("sum(n", "max(n")
    assert warehouse.update(sql=other)
    assert warehouse.kept() == warehouse.anew(other)


def test_the_day_counts_for_those_only_that_hold_later_ones(
    warehouse: Warehouse, computed: list[str]
) -> None:
    warehouse.load({"late": [("a", 1, date(2026, 5, 16)), ("a", 2, date(2026, 5, 20))]})
    warehouse.update()
    assert warehouse.kept()[1] == ("late", 1, 1)
    for day in (date(2026, 5, 18), date(2026, 5, 20), date(2026, 5, 21)):
        warehouse.update(day=day)
        assert warehouse.kept() == warehouse.anew(day=day)
    # On its last day it is whole, and stays so.
    assert computed == ["first", "late", "late", "late"]


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-7] + b"damaged"),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: path.with_name("list.json").write_text("{"),
        lambda path: path.with_name("list.json").write_text('{"x.parquet": 1}'),
        lambda path: path.with_name("list.json").unlink(),
    ],
)
def test_what_is_damaged_is_computed_again(warehouse: Warehouse, harm: Callable[[Path], object]) -> None:
    warehouse.update()
    (file,) = warehouse.files()
    harm(file)
    warehouse.update()
    assert warehouse.kept() == warehouse.anew()


def test_a_run_that_ends_midway_leaves_what_was_kept(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "ROWS_AT_ONCE", 1)
    warehouse.update()
    warehouse.load({"good": [("a", 5, date(2026, 5, 3))], "ill": [("a", 2**62, date(2026, 5, 3))] * 2})
    with pytest.raises(duckdb.Error):
        warehouse.update()
    assert warehouse.kept() == [("first", 21, 2)]
    warehouse.load({"ill": [("a", 7, date(2026, 5, 3))]})
    warehouse.update()
    assert warehouse.kept() == warehouse.anew()
    listed = warehouse.folder / "kept" / SUMS.relation / "list.json"
    assert all(file.name in listed.read_text() for file in warehouse.files())


def test_files_do_not_become_many(warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "FILES", 3)
    for number in range(6):
        warehouse.load({f"s{number}": [("a", number, date(2026, 5, 3))]})
        warehouse.update()
        assert len(warehouse.files()) <= 3
    assert warehouse.kept() == warehouse.anew()


def test_what_several_speak_for_is_computed_together(warehouse: Warehouse, computed: list[str]) -> None:
    row = ("a", 1, date(2026, 5, 3))
    warehouse.load({"again": [row], "alone": [row]})
    warehouse.connection.execute("insert into intermediate.contested values ('x', 'first'), ('x', 'again')")
    warehouse.update(COMPARED, COMPARE_SQL)
    assert warehouse.kept(COMPARED) == [("x", "again", 1), ("x", "first", 2)]
    warehouse.connection.execute("insert into intermediate.contested values ('y', 'first'), ('y', 'alone')")
    warehouse.update(COMPARED, COMPARE_SQL)
    assert computed == ["x", "y"]
    warehouse.load({"again": [row, row]})
    warehouse.update(COMPARED, COMPARE_SQL)
    assert computed == ["x", "y", "x"]
    assert warehouse.kept(COMPARED) == warehouse.anew(COMPARE_SQL)


def test_without_any_submission_a_model_has_its_columns(warehouse: Warehouse) -> None:
    warehouse.connection.execute(
        "delete from raw.row_files; drop view staging.stg_dossier; drop view raw.dossier;"
        "create table raw.dossier (submission_id varchar, unit varchar, n bigint, received_on date);"
        "create view staging.stg_dossier as select * from raw.dossier"
    )
    warehouse.update()
    assert (
        warehouse.connection.execute("select submission_id, total, rows from intermediate.sums").fetchall()
        == []
    )


ROW = st.tuples(st.sampled_from("ab"), st.integers(0, 3), st.dates(date(2026, 5, 15), date(2026, 5, 19)))
STEP = st.tuples(
    st.sampled_from(["one", "two", "three"]),
    st.lists(ROW, max_size=2),
    st.dates(date(2026, 5, 15), date(2026, 5, 19)),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=5))
def test_nothing_tells_kept_from_computed(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, Rows, date]]
) -> None:
    """Whatever comes, is corrected or goes, in whatever order and for whatever day."""
    warehouse = Warehouse(tmp_path_factory.mktemp("kept"))
    for name, rows, day in steps:
        warehouse.load({name: rows} if rows else {}, gone=set() if rows else {name})
        warehouse.update(day=day)
        assert warehouse.kept() == warehouse.anew(day=day)
    warehouse.connection.close()
