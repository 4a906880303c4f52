"""The file the checks look at: copies of the warehouse's views, views of its tables.

A form is landed as thousands of small Parquet files behind one view, which every query opens anew (0.3 s
for 3,000 files); thirty queries per form would spend ten seconds on it. So each view is read once, and of the
form with millions of rows only those rows are there that fail a check (`suspects.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from types import MappingProxyType, TracebackType

import duckdb

from tiendo import limits
from tiendo.fingerprints import table_fingerprints
from tiendo.kept.apart import ROW_FILES
from tiendo.kept.shelf import KEY
from tiendo.quality.suites import Suite
from tiendo.quoting import sql_name, sql_text

SCHEMAS = ("raw", "intermediate", "marts")
AS_IT_IS: Mapping[str, Sequence[Path]] = MappingProxyType({})


class Workbench(AbstractContextManager["Workbench"]):
    """A throw-away DuckDB file beside the warehouse, which itself is only read.

    Attributes:
        path: The file; it shows what `show` was asked for.
        connection: An open connection to it.
        tables: All `schema.table` of the warehouse's schemas `raw`, `intermediate` and `marts`.
        unreadable: Error by `schema.table` for what could not be shown.
    """

    def __init__(self, database: Path, instead: Mapping[str, Sequence[Path]] = AS_IT_IS) -> None:
        """Opens the warehouse read-only.

        Args:
            database: The warehouse file.
            instead: Files that stand in the place of a table, by `schema.table`.

        Raises:
            duckdb.Error: The warehouse cannot be opened.
        """
        self.path = database.with_name(f"checks_of_{database.name}")
        self.unreadable: dict[str, str] = {}
        # A killed run leaves its file behind.
        self._remove()
        # Held open: the attached warehouse lives as long as some connection to this file does.
        self.connection = limits.connect(self.path, "checks")
        # Under its own name, since dbt writes that name into its views.
        self._warehouse = database.stem
        self.connection.execute(f"attach {sql_text(database)} as {sql_name(self._warehouse)} (read_only)")
        found = self.connection.execute(
            "select table_schema || '.' || table_name, table_type = 'VIEW' from information_schema.tables"
            " where table_catalog = ? and table_schema in ? order by all",
            [database.stem, list(SCHEMAS)],
        ).fetchall()
        self.tables = [str(name) for name, _ in found]
        self._views = {str(name) for name, is_view in found if is_view}
        self._instead = {name: paths for name, paths in instead.items() if name in self.tables}
        for schema in SCHEMAS:
            self.connection.execute(f'create schema "{schema}"')
        for table, paths in self._instead.items():
            listed = ", ".join(sql_text(path) for path in paths)
            rows = f"select * exclude ({KEY}) from read_parquet([{listed}])"  # noqa: S608 quoted paths
            self.connection.execute(f"create table {table} as {rows}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Removes the file."""
        self.connection.close()
        self._remove()

    def fingerprints(self, tables: Iterable[str]) -> dict[str, str]:
        """What the tables hold, by `schema.table`; one that cannot be read is left out."""
        with ThreadPoolExecutor() as pool:
            found = pool.map(self._fingerprint, tables)
            return {table: fingerprint for table, fingerprint in found if fingerprint}

    def _fingerprint(self, table: str) -> tuple[str, str | None]:
        with self.connection.cursor() as connection:
            try:
                if table in self._instead:
                    # How many rows were looked at is part of the answer, also where the same ones fail.
                    rows = self._rows_left_out_included(connection, table)
                    return table, f"{table_fingerprints(connection, [table])[table]}-{rows}"
                return table, table_fingerprints(connection, [table], self._warehouse)[table]
            except duckdb.Error:
                return table, None

    def show(self, tables: Iterable[str]) -> None:
        """Shows the tables; what cannot be shown is told in `unreadable`."""
        shown = {table: self._shown(table) for table in tables if table not in self._instead}
        try:
            # Together, since the disk is waited for at the end of each transaction.
            self.connection.begin()
            self.connection.execute("; ".join(shown.values()))
            self.connection.commit()
        except duckdb.Error:
            with suppress(duckdb.Error):  # A full disk has ended the transaction already.
                self.connection.rollback()
            for table, statement in shown.items():
                try:
                    self.connection.execute(statement)
                except duckdb.Error as error:
                    self.unreadable[table] = str(error)

    def _shown(self, table: str) -> str:
        kind = "table" if table in self._views else "view"
        name = ".".join(sql_name(part) for part in table.split("."))
        return f"create {kind} {name} as from {sql_name(self._warehouse)}.{name}"

    def count(self, suite: Suite) -> int:
        """Rows of the table of a suite, those left out included.

        Raises:
            duckdb.Error: There is no such table, or it cannot be read.
        """
        if (table := f"{suite.schema}.{suite.table}") in self._instead:
            return self._rows_left_out_included(self.connection, table)
        name = f"{sql_name(suite.schema)}.{sql_name(suite.table)}"
        found = self.connection.execute(f"select count(*) from {name}").fetchone()  # noqa: S608 quoted names
        return int(found[0]) if found else 0

    def _rows_left_out_included(self, connection: duckdb.DuckDBPyConnection, table: str) -> int:
        files = f"{sql_name(self._warehouse)}.{ROW_FILES}"
        query = f"select coalesce(sum(rows), 0) from {files} where relation = ?"  # noqa: S608 own names
        found = connection.execute(query, [table]).fetchone()
        return int(found[0]) if found else 0

    def _remove(self) -> None:
        for suffix in ("", ".wal"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
