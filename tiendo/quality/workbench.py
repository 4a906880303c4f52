"""The file the checks look at: copies of what arrived, views of everything else.

A form is landed as thousands of small Parquet files behind one view, which every query opens anew (0.3 s
for 3,000 files); thirty queries per form would spend ten seconds on it. So each form is read once.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

import duckdb

from tiendo.quality.suites import Suite
from tiendo.quoting import sql_name, sql_text

SCHEMAS = ("raw", "intermediate", "marts")


class Workbench(AbstractContextManager["Workbench"]):
    """A throw-away DuckDB file beside the warehouse, which itself is only read.

    Attributes:
        path: The file; it shows the warehouse's schemas `raw`, `intermediate` and `marts`.
        connection: An open connection to it.
        unreadable: Error by `schema.table` for what could not be shown.
    """

    def __init__(self, database: Path, suites: Iterable[Suite]) -> None:
        """Opens the warehouse read-only and copies the forms that `suites` look at.

        Raises:
            duckdb.Error: The warehouse cannot be opened.
        """
        self.path = database.with_name(f"checks_of_{database.name}")
        self.unreadable: dict[str, str] = {}
        # A killed run leaves its file behind.
        self._remove()
        # Held open: the attached warehouse lives as long as some connection to this file does.
        self.connection = duckdb.connect(str(self.path))
        # Under its own name, since dbt writes that name into its views.
        self.connection.execute(f"attach {sql_text(database)} as {sql_name(database.stem)} (read_only)")
        copied = {f"{suite.schema}.{suite.table}" for suite in suites if suite.layer == "raw"}
        self._show(database.stem, copied)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Removes the file."""
        self.connection.close()
        self._remove()

    def _show(self, warehouse: str, copied: set[str]) -> None:
        for schema in SCHEMAS:
            self.connection.execute(f'create schema if not exists "{schema}"')
        found = self.connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = ? and table_schema in ? order by all",
            [warehouse, list(SCHEMAS)],
        ).fetchall()
        for schema, table in found:
            kind = "table" if f"{schema}.{table}" in copied else "view"
            name = f'"{schema}"."{table}"'
            try:
                self.connection.execute(f'create {kind} {name} as from "{warehouse}".{name}')
            except duckdb.Error as error:
                self.unreadable[f"{schema}.{table}"] = str(error)

    def _remove(self) -> None:
        for suffix in ("", ".wal"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
