"""Runs a model's statement in a database of its own in which only some submissions exist.

The statement stays as dbt compiled it. What it names is there under the same name: forms of many rows as
views over the files of those submissions alone, other tables as copies.
"""

import re
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from tiendo import limits
from tiendo.kept.shelf import KEY
from tiendo.quoting import sql_name, sql_text

# The form of so many rows that what is computed of each submission is kept.
LARGE_FORM = "dossier"
# Written by the load: which file holds the rows of which submission.
ROW_FILES = "raw.row_files"
OF_FILES = {f"raw.{LARGE_FORM}", f"past.{LARGE_FORM}"}
NAMED = re.compile(r'(\w+)"?\."?(?=(\w+))')


@dataclass(frozen=True)
class RowFile:
    """A Parquet file with rows of one submission.

    Attributes:
        relation: The view it stands behind, `raw.dossier` or `past.dossier`.
        path: Where it lies.
        identity: Digest of what it holds.
        rows: How many rows.
    """

    relation: str
    path: str
    identity: str
    rows: int


def folder_of(connection: Any) -> Path:
    """Where the warehouse file lies."""
    [(path,)] = connection.execute(
        "select path from duckdb_databases() where database_name = current_database()"
    ).fetchall()
    return Path(path).parent


@dataclass
class Apart:
    """A statement and what it reads.

    Attributes:
        connection: An open connection to the warehouse file.
        sql: The statement; every row of its answer has the column `kept_by`.
        kept_by: The column by which rows belong together.
        of_files: Relations that lie in files of one submission each.
        split: Tables that have the column themselves: of them too only some rows are there.
        whole: Tables that are there whole.
        views: Statements that make the views between, each after those it names.
    """

    connection: Any
    sql: str
    kept_by: str
    of_files: list[str] = field(default_factory=list[str])
    split: list[str] = field(default_factory=list[str])
    whole: list[str] = field(default_factory=list[str])
    views: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def of(cls, connection: Any, sql: str, kept_by: str) -> "Apart":
        """Finds out what a statement reads, through views."""
        apart = cls(connection, sql, kept_by)
        known = connection.execute(
            "select concat(schema_name, '.', view_name), sql from duckdb_views() where not internal"
            " and database_name = current_database() union all"
            " select concat(schema_name, '.', table_name), null from duckdb_tables()"
            " where database_name = current_database()"
        ).fetchall()
        apart._find(sql, dict(known))
        return apart

    def _find(self, sql: str, known: Mapping[str, str | None]) -> None:
        """Takes down every relation that is named, with and without its database, never too few."""
        named = {f"{schema}.{name}" for schema, name in NAMED.findall(sql)}
        for relation in sorted(
            named & known.keys() - {*self.of_files, *self.split, *self.whole, *self.views}
        ):
            if relation in OF_FILES:
                self.of_files.append(relation)
            elif view := known[relation]:
                # Its statement names the view itself too.
                self._find(view, {name: made for name, made in known.items() if name != relation})
                self.views[relation] = view
            else:
                columns = [row[0] for row in self.connection.execute(f"describe {relation}").fetchall()]
                (self.split if self.kept_by in columns else self.whole).append(relation)

    def files(self) -> dict[str, list[RowFile]]:
        """The files read, by submission."""
        found: dict[str, list[RowFile]] = {}
        rows = self.connection.execute(
            f"select submission_id, relation, path, identity, rows from {ROW_FILES} order by all"  # noqa: S608
        ).fetchall()
        for submission_id, relation, path, identity, count in rows:
            if relation in self.of_files:
                found.setdefault(submission_id, []).append(RowFile(relation, path, identity, count))
        return found

    def members(self) -> dict[str, set[str]]:
        """The submissions of each group, from the first table that has both columns."""
        found: dict[str, set[str]] = {}
        for relation in self.split[:1]:
            rows = self.connection.execute(f"select {self.kept_by}, submission_id from {relation}").fetchall()  # noqa: S608
            for name, submission_id in rows:
                found.setdefault(name, set()).add(submission_id)
        return found

    def held(self) -> dict[str, list[str]]:
        """What each table that is split holds of each group."""
        found: dict[str, list[str]] = {}
        for relation in self.split:
            rows = self.connection.execute(
                f"select {self.kept_by}, count(*), sum(hash(held)) from {relation} as held group by 1"  # noqa: S608
            ).fetchall()
            for name, *told in rows:
                found.setdefault(name, []).append(repr((relation, told)))
        return found

    @contextmanager
    def computed(
        self, keys: Mapping[str, str], files: Sequence[RowFile]
    ) -> Generator[duckdb.DuckDBPyConnection]:
        """The answer for some groups: a table `computed` with the key of its group in each row.

        Args:
            keys: By group.
            files: The files with the rows of those groups.
        """
        config = limits.settings("apart", folder_of(self.connection)) | {"threads": self._setting("threads")}
        with duckdb.connect(":memory:", config=config) as world:
            database = sql_name(self._database())
            world.execute(f"set TimeZone = 'UTC'; attach ':memory:' as {database}; use {database}")
            for schema in {name.partition(".")[0] for name in (*self._relations(), *self.views)}:
                world.execute(f"create schema {sql_name(schema)}")
            for relation in self.of_files:
                paths = [file.path for file in files if file.relation == relation]
                self._show_files(world, relation, paths)
            for relation in (*self.split, *self.whole):
                self._copy(world, relation, keys if relation in self.split else None)
            for view in self.views.values():
                world.execute(view)
            world.execute(
                "create table memory.main.keys as"
                " select unnest(cast(? as varchar[])) as name, unnest(cast(? as varchar[])) as key",
                [list(keys), list(keys.values())],
            )
            world.execute(
                f"create table memory.main.computed as select answer.*, keys.key as {KEY}"  # noqa: S608 own
                f" from ({self.sql}) as answer"
                f" inner join memory.main.keys as keys on keys.name = answer.{self.kept_by}"
            )
            yield world

    def _relations(self) -> Iterable[str]:
        return (*self.of_files, *self.split, *self.whole)

    def _show_files(self, world: duckdb.DuckDBPyConnection, relation: str, paths: Sequence[str]) -> None:
        if paths:
            listed = ", ".join(sql_text(Path(path)) for path in paths)
            world.execute(f"create view {relation} as from read_parquet([{listed}])")
        else:
            self._copy(world, relation, {})

    def _copy(self, world: duckdb.DuckDBPyConnection, relation: str, keys: Mapping[str, str] | None) -> None:
        """A copy of a table: of some groups, or whole where `keys` is None."""
        query = f"select * from {relation}"  # noqa: S608 own names
        if keys is None:
            given = self.connection.sql(query).to_arrow_table()
        elif not keys:
            given = self.connection.sql(f"{query} limit 0").to_arrow_table()
        else:
            query += f" where {self.kept_by} in (select unnest(?))"
            given = self.connection.sql(query, params=[list(keys)]).to_arrow_table()
        world.register("given", given)
        world.execute(f"create table {relation} as from given")
        world.unregister("given")

    def _database(self) -> str:
        return str(self.connection.execute("select current_database()").fetchall()[0][0])

    def _setting(self, name: str) -> Any:
        return self.connection.execute("select current_setting(?)", [name]).fetchall()[0][0]
