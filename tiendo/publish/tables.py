"""Writes the curated tables: one Parquet file each, and the same tables in a DuckDB file.

Equal input must give equal bytes, so that a rebuild can be proved: one thread, rows totally ordered by a
unique grain, plain types only, no NaN or infinity.
"""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tiendo import limits
from tiendo.messages import TiendoError
from tiendo.publish.catalogue import CuratedTable
from tiendo.quoting import sql_name, sql_text

if TYPE_CHECKING:
    import duckdb

PLAIN_TYPES = ("BIGINT", "DECIMAL(18,6)", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN", "VARCHAR")
# Types that can hold an infinite value; the fixed decimals cannot.
FINITE_TYPES = ("DOUBLE", "DATE", "TIMESTAMP")
DATABASE_NAME = "tiendo.duckdb"


def stage_tables(
    database: Path,
    tables: Sequence[CuratedTable],
    folder: Path,
    progress: Callable[[int, int], None] | None = None,
) -> None:
    """Writes tables ahead of `export_tables`, which looks at them all and says what is not fit to publish.

    Args:
        database: The warehouse's DuckDB file; opened read-only.
        tables: Those that nothing changes any more.
        folder: An existing folder that holds none of these files yet.
        progress: Called with tables written and tables in all.
    """
    import duckdb

    try:
        with connect(database.parent) as connection:
            connection.execute(f"attach {sql_text(database)} as warehouse (read_only)")
            for done, table in enumerate(tables, start=1):
                _write_parquet(connection, table, folder)
                if progress:
                    progress(done, len(tables))
            _write_database(connection, tables, folder)
    except duckdb.Error:
        # Half a file may be left; `export_tables` starts over and comes to the same.
        for path in folder.iterdir():
            path.unlink()


def export_tables(database: Path, tables: Sequence[CuratedTable], folder: Path) -> dict[str, int]:
    """Writes `<table>.parquet` for every table and `tiendo.duckdb` with all of them.

    Args:
        database: The warehouse's DuckDB file, with the tables in its schema `marts`; opened read-only.
        tables: Tables to publish; other relations in `marts` are left out.
        folder: An existing folder that holds none of these files, or those of `stage_tables`.

    Returns:
        Rows per table, in order of name.

    Raises:
        TiendoError: TD-602 where a table is not fit to publish (a column that is missing, not described or
            of another type, NaN or infinity, a grain that repeats); TD-606 where the warehouse cannot be
            read or the files cannot be written.
    """
    import duckdb

    if not database.is_file():
        raise unreadable(database.name)
    ordered = sorted(tables, key=lambda table: table.name)
    try:
        with connect(database.parent) as connection:
            connection.execute(f"attach {sql_text(database)} as warehouse (read_only)")
            types = _types(connection)
            if problems := [text for table in ordered for text in _problems(connection, table, types)]:
                raise _unfit(problems)
            if orphans := [text for table in ordered for text in _orphans(connection, table, ordered)]:
                raise _unfit(orphans)
            for table in ordered:
                _write_parquet(connection, table, folder)
            _write_database(connection, ordered, folder)
            return _rows(connection, ordered, folder)
    except duckdb.Error as error:
        raise unreadable(str(error).splitlines()[0]) from error


@contextmanager
def connect(beside: Path) -> Generator["duckdb.DuckDBPyConnection", None, None]:
    """A DuckDB connection that gives equal bytes for equal tables: one thread; it spills into `beside`."""
    import duckdb

    config = limits.settings("publish", beside) | {
        "autoinstall_known_extensions": False,
        # It leaves whole stretches of the process's memory in the file (DuckDB issue 23382).
        "disabled_compression_methods": "fsst",
    }
    with closing(duckdb.connect(":memory:", config=config)) as connection:
        yield connection


def _types(connection: "duckdb.DuckDBPyConnection") -> dict[str, dict[str, str]]:
    """Columns and their types by table, as they lie in the warehouse."""
    found: dict[str, dict[str, str]] = {}
    columns = connection.execute(
        "from duckdb_columns() select table_name, column_name, data_type"
        " where database_name = 'warehouse' and schema_name = 'marts' order by table_name, column_index"
    ).fetchall()
    for table, column, data_type in columns:
        found.setdefault(str(table), {})[str(column)] = str(data_type)
    return found


def _problems(
    connection: "duckdb.DuckDBPyConnection", table: CuratedTable, tables: Mapping[str, dict[str, str]]
) -> list[str]:
    """Why the table may not be published; empty when it may."""
    types = tables.get(table.name)
    if not types:
        return [f"{table.name}: not in marts"]
    described = {column.name: column.data_type for column in table.columns}
    problems = [f"{table.name}.{name}: not in marts" for name in described if name not in types]
    problems += [f"{table.name}.{name}: not described" for name in types if name not in described]
    problems += [
        f"{table.name}.{name}: {data_type}"
        for name, data_type in types.items()
        if data_type not in PLAIN_TYPES or described.get(name, data_type) != data_type
    ]
    return problems or _bad_values(connection, table, types)


def _bad_values(
    connection: "duckdb.DuckDBPyConnection", table: CuratedTable, types: dict[str, str]
) -> list[str]:
    source = f"warehouse.marts.{sql_name(table.name)}"
    finite = [name for name, data_type in types.items() if data_type in FINITE_TYPES]
    counted = ", ".join(f"count(*) filter (not isfinite({sql_name(name)}))" for name in finite)
    counts = connection.execute(f"from {source} select {counted}").fetchone() if finite else ()
    problems = [
        f"{table.name}.{name}: NaN or infinity in {count} rows"
        for name, count in zip(finite, counts or (), strict=True)
        if count
    ]
    grain = _names(table.grain)
    repeated = _scalar(
        connection,
        f"from (from {source} select {grain} group by {grain} having count(*) > 1) select count(*)",
    )
    if repeated:
        problems.append(f"{table.name}: {repeated} values of its grain ({', '.join(table.grain)}) repeat")
    return problems


def _orphans(
    connection: "duckdb.DuckDBPyConnection", table: CuratedTable, published: Sequence[CuratedTable]
) -> list[str]:
    """Look-ups that lead nowhere; a row with an empty part of the key looks nothing up."""
    problems: list[str] = []
    names = {other.name for other in published}
    for key in (key for key in table.foreign_keys if key.table in names):
        pairs = zip(key.columns, key.reference_columns, strict=True)
        matched = " and ".join(f"own.{sql_name(own)} = other.{sql_name(other)}" for own, other in pairs)
        filled = " and ".join(f"own.{sql_name(own)} is not null" for own in key.columns)
        count = _scalar(
            connection,
            f"from warehouse.marts.{sql_name(table.name)} as own"
            f" anti join warehouse.marts.{sql_name(key.table)} as other on {matched}"
            f" select count(*) where {filled}",
        )
        if count:
            listed = ", ".join(key.columns)
            problems.append(f"{table.name}: ({listed}) not in {key.table} in {count} rows")
    return problems


def _write_parquet(connection: "duckdb.DuckDBPyConnection", table: CuratedTable, folder: Path) -> None:
    path = folder / f"{table.name}.parquet"
    if path.exists():
        return
    order = ", ".join(f"{sql_name(column)} asc nulls first" for column in table.grain)
    connection.execute(
        f"copy (from warehouse.marts.{sql_name(table.name)} order by {order})"
        f" to {sql_text(path)} (format parquet, compression zstd)"
    )


def _write_database(
    connection: "duckdb.DuckDBPyConnection", tables: Iterable[CuratedTable], folder: Path
) -> None:
    """`tiendo.duckdb` in the storage format of DuckDB 1.0, which BI tools with any 1.x client can open."""
    connection.execute(f"attach {sql_text(folder / DATABASE_NAME)} as published (storage_version 'v1.0.0')")
    found = connection.execute("from duckdb_tables() select table_name where database_name = 'published'")
    there = {str(name) for (name,) in found.fetchall()}
    # All at once: each of a thousand comments would wait for the disk.
    connection.execute("begin")
    for table in (table for table in tables if table.name not in there):
        target = f"published.main.{sql_name(table.name)}"
        parquet = sql_text(folder / f"{table.name}.parquet")
        connection.execute(f"create table {target} as from read_parquet({parquet})")
        connection.execute(f"comment on table {target} is {sql_text(table.label_vi or table.description)}")
        for column in table.columns:
            described = f"{target}.{sql_name(column.name)}"
            connection.execute(f"comment on column {described} is {sql_text(column.label_vi)}")
    connection.execute("commit")
    connection.execute("detach published")


def _rows(
    connection: "duckdb.DuckDBPyConnection", tables: Iterable[CuratedTable], folder: Path
) -> dict[str, int]:
    """Rows per table as its Parquet file tells."""
    return {
        table.name: _scalar(
            connection,
            f"from parquet_file_metadata({sql_text(folder / f'{table.name}.parquet')}) select num_rows",
        )
        for table in tables
    }


def _scalar(connection: "duckdb.DuckDBPyConnection", sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _names(identifiers: Iterable[str]) -> str:
    return ", ".join(sql_name(identifier) for identifier in identifiers)


def _unfit(problems: list[str]) -> TiendoError:
    listed = "; ".join(problems[:10]) + (f"; … (+{len(problems) - 10})" if len(problems) > 10 else "")
    return TiendoError(
        "TD-602",
        f"Có bảng chưa đủ điều kiện công bố: {listed}.",
        f"Some tables are not fit to publish: {listed}.",
        "Bản phát hành trước vẫn giữ nguyên hiệu lực. Sửa mô hình dbt rồi chạy lại: tiendo refresh",
        "The previous release stays in force. Correct the dbt model, then run again: tiendo refresh",
        exit_code=4,
    )


def unreadable(reason: str) -> TiendoError:
    """TD-606, where DuckDB cannot read the tables or write the files."""
    return TiendoError(
        "TD-606",
        f"Không đọc được kho dữ liệu hoặc không ghi được bảng công bố: {reason}",
        f"The warehouse cannot be read or the published tables cannot be written: {reason}",
        "Kiểm tra dung lượng đĩa và quyền ghi (tiendo doctor), rồi dựng lại: tiendo rebuild",
        "Check disk space and permissions (tiendo doctor), then rebuild: tiendo rebuild",
        exit_code=4,
    )
