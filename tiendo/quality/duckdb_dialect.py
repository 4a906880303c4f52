"""SQLAlchemy dialect `duckdb+gx`: lets Great Expectations' stock SQL source read a DuckDB file.

Great Expectations fetches rows after SQLAlchemy has rolled its transaction back, and DuckDB drops a pending
result at that moment. Here each cursor is a connection of its own and begin, commit and rollback do nothing,
which loses nothing because checks only read.
"""

from pathlib import Path
from typing import Any

import duckdb
import duckdb_engine
import sqlalchemy
from sqlalchemy.dialects import registry

from tiendo import limits

DRIVER = "duckdb.gx"
TYPES: dict[str, type[sqlalchemy.types.TypeEngine[Any]]] = {
    "BIGINT": sqlalchemy.BigInteger,
    "BOOLEAN": sqlalchemy.Boolean,
    "DATE": sqlalchemy.Date,
    "DECIMAL": sqlalchemy.Numeric,
    "DOUBLE": sqlalchemy.Double,
    "INTEGER": sqlalchemy.Integer,
    "TIMESTAMP": sqlalchemy.DateTime,
    "VARCHAR": sqlalchemy.String,
}


class OwnResultCursor(duckdb_engine.CursorWrapper):
    """A cursor over a duplicated connection, so that its result outlives other statements."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, wrapper: duckdb_engine.ConnectionWrapper
    ) -> None:
        """Takes the duplicate; `close` ends it."""
        super().__init__(connection, wrapper)
        self._duplicate = connection

    def close(self) -> None:
        """Ends the duplicate and whatever result is still pending on it."""
        self._duplicate.close()


class OwnResultConnection(duckdb_engine.ConnectionWrapper):
    """A connection that hands out a duplicate of itself per cursor."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Takes an open connection."""
        super().__init__(connection)
        self._connection = connection

    def cursor(self) -> duckdb_engine.CursorWrapper:
        """A cursor with a result of its own."""
        return OwnResultCursor(self._connection.duplicate(), self)


class PlainReadDialect(duckdb_engine.Dialect):
    """`duckdb_engine`'s dialect without transactions."""

    driver = "gx"
    supports_statement_cache = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Takes what SQLAlchemy gives."""
        super().__init__(*arguments, **options)
        self._columns: dict[tuple[str, str], list[tuple[str, str, bool]]] = {}

    def connect(self, *_cargs: Any, **cparams: Any) -> Any:
        """Opens the file named by `address`."""
        return OwnResultConnection(
            limits.connect(Path(bytes.fromhex(cparams["database"]).decode()), "checks")
        )

    def get_columns(
        self, connection: Any, table_name: str, schema: str | None = None, **_kw: Any
    ) -> list[dict[str, Any]]:
        """Columns of a table or view, read for all of them at once: nothing changes while checks run.

        By the inherited query over pg_catalog they would take 50 ms a table.
        """
        if not self._columns:
            query = sqlalchemy.text(
                "select schema_name, table_name, column_name, data_type, is_nullable from duckdb_columns()"
                " where database_name = current_database() order by column_index"
            )
            found = connection.execute(query).all()
            for schema_name, table, name, data_type, nullable in found:
                self._columns.setdefault((schema_name, table), []).append((name, data_type, nullable))
        return [
            {
                "name": name,
                "type": TYPES.get(data_type.split("(")[0], sqlalchemy.types.NullType)(),
                "nullable": nullable,
                "default": None,
            }
            for name, data_type, nullable in self._columns.get((schema or "main", table_name), [])
        ]

    def get_pk_constraint(self, *_asked: Any, **_kw: Any) -> dict[str, Any]:
        """None: nothing here has one, and asking pg_catalog takes 20 ms a table."""
        return {"constrained_columns": [], "name": None}

    def do_begin(self, connection: Any) -> None:
        """Nothing to begin: every statement reads the same unchanging tables."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Nothing to commit."""

    def do_rollback(self, connection: Any) -> None:
        """Nothing to roll back, and pending results must survive."""


def address(database: Path) -> str:
    """SQLAlchemy address of a DuckDB file, registering the dialect on first use.

    The path travels as hexadecimal digits: Great Expectations would take a '$' in it for a variable.
    """
    registry.register(DRIVER, __name__, "PlainReadDialect")
    return f"duckdb+gx:///{str(database.resolve()).encode().hex()}"
