"""Read-only SQL on one release, shut in: no other file, no network, no extension, no setting can be reached.

An analyst may paste any statement found anywhere; the worst it can do is fail.
"""

import os
import re
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tiendo import limits
from tiendo.messages import TiendoError
from tiendo.publish.limits import refuse_too_many, too_large, within_limits
from tiendo.publish.shelf import broken_release
from tiendo.publish.tables import DATABASE_NAME
from tiendo.quoting import sql_name, sql_text

if TYPE_CHECKING:
    import duckdb
    import polars as pl

MOST_THREADS = 4
# Kinds of statement that read; a PIVOT over values found in the data is of the kind MULTI. The kind is not
# enough: a COPY may hide in a WITH, in an EXPLAIN ANALYZE or around a PIVOT.
READING = ("SELECT", "EXPLAIN", "MULTI")
# Types every output format can hold; a result column of any other type is turned into text.
SCALAR = re.compile(
    r'U?(TINY|SMALL|BIG|HUGE)?INT|U?INTEGER|BOOLEAN|DOUBLE|FLOAT|DECIMAL\(.+\)|VARCHAR|DATE|TIMESTAMP|"NULL"'
)
LONGEST_REASON = 300


def query(release_path: Path, sql: str) -> "pl.DataFrame":
    """Runs one reading statement on a release's `tiendo.duckdb`.

    Args:
        release_path: Folder of a release.
        sql: One SELECT, FROM, WITH, VALUES, PIVOT, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN statement.

    Returns:
        The result. Columns of types other than numbers, text, dates and booleans are text; a second column
        of the same name gets a suffix; whole numbers that fit are 64-bit integers.

    Raises:
        TiendoError: TD-605 where the statement is refused or fails, TD-630 where it takes too long or too
            much memory, TD-604 where the release has no readable database.
    """
    import duckdb
    from polars.exceptions import PolarsError

    with _open(release_path / DATABASE_NAME) as connection, within_limits(connection.interrupt):
        try:
            _admit(connection, sql)
            return _fetch(connection, sql)
        except (duckdb.OutOfMemoryException, MemoryError) as error:
            raise too_large() from error
        except duckdb.PermissionException as error:
            raise _failed(
                "chỉ đọc được các bảng của bản phát hành, không đọc hay ghi tệp nào",
                "only the tables of the release can be read; no file is read or written",
            ) from error
        except (duckdb.Error, PolarsError) as error:
            raise _failed(_shorten(str(error))) from error


def literal(value: object) -> str:
    """A value as SQL text or date literal, quoted; None is null."""
    return "null" if value is None else sql_text(value)


@contextmanager
def _open(database: Path) -> Generator["duckdb.DuckDBPyConnection", None, None]:
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "allow_unsigned_extensions": False,
        "allow_community_extensions": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": limits.memory_of("query"),
        "threads": min(MOST_THREADS, limits.threads()),
        # Nothing is written to disk. The default would be a folder inside the release.
        "temp_directory": "",
        # The defaults lie in the user's own folder and would tell its name.
        "home_directory": os.devnull,
        "secret_directory": os.devnull,
        "extension_directory": os.devnull,
    }
    try:
        opened = duckdb.connect(str(database), read_only=True, config=config)
    except duckdb.Error as error:
        raise broken_release(f"{database.parent.name}/{database.name}") from error
    with closing(opened) as connection:
        # The release is open by now. Without this a statement could still write to its database and to the
        # log beside it, which DuckDB allows even where external access is off.
        connection.execute("set disabled_filesystems = 'LocalFileSystem'")
        # Without this a table name could stand for a variable of this very program.
        connection.execute("set python_enable_replacements = false")
        connection.execute("set lock_configuration = true")
        yield connection


def _admit(connection: "duckdb.DuckDBPyConnection", sql: str) -> None:
    """Refuses several statements at once and those that are made for something other than reading."""
    try:
        kinds = [statement.type.name for statement in connection.extract_statements(sql)]
    except ValueError:  # A kind that DuckDB's Python package has no name for.
        kinds = ["OTHER"]
    if len(kinds) != 1:
        raise _failed("cần đúng một câu lệnh", "exactly one statement is needed")
    if kinds[0] not in READING:
        raise _failed("chỉ được đọc dữ liệu (select)", "data can only be read (select)")


def _fetch(connection: "duckdb.DuckDBPyConnection", sql: str) -> "pl.DataFrame":
    with closing(connection.sql(sql)) as relation:
        types = [str(data_type) for data_type in relation.types]
        if all(SCALAR.fullmatch(data_type) for data_type in types):
            return _narrow(relation.pl())
        parts = [
            f"#{position}" if SCALAR.fullmatch(data_type) else f"#{position}::varchar as {sql_name(name)}"
            for position, (name, data_type) in enumerate(zip(relation.columns, types, strict=True), start=1)
        ]
        with closing(relation.project(", ".join(parts))) as readable:
            return _narrow(readable.pl())


def _narrow(frame: "pl.DataFrame") -> "pl.DataFrame":
    """128-bit whole numbers (any sum of integers) as 64-bit ones where they fit."""
    import polars as pl

    refuse_too_many(frame.height * frame.width)
    for name, data_type in frame.schema.items():
        if isinstance(data_type, pl.Decimal) and data_type.scale == 0:
            narrow = frame[name].cast(pl.Int64, strict=False)
            if narrow.null_count() == frame[name].null_count():
                frame = frame.with_columns(narrow)
    return frame


def _shorten(message: str) -> str:
    """DuckDB's message without the excerpt of the statement."""
    reason = " ".join(message.partition("\n\nLINE ")[0].split())
    return reason if len(reason) <= LONGEST_REASON else reason[:LONGEST_REASON] + "…"


def _failed(vi: str, en: str | None = None) -> TiendoError:
    return TiendoError(
        "TD-605",
        f"Câu truy vấn không thực hiện được: {vi.rstrip('.')}.",
        f"The query cannot be run: {(en or vi).rstrip('.')}.",
        'Xem các bảng: tiendo sql "show tables"; các cột: tiendo sql "describe indicator_latest"',
        'See the tables: tiendo sql "show tables"; their columns: tiendo sql "describe indicator_latest"',
        exit_code=2,
    )
