"""The same dbt models, computed by Spark over the same files.

Seeds, views and tests stay with DuckDB, whose file in the end holds the same schemas as after a run without
Spark: all that follows, from the data tests on, neither knows nor asks which engine computed the tables.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from tiendo import limits
from tiendo.messages import TiendoError
from tiendo.quoting import sql_name, sql_text
from tiendo.settings import Home
from tiendo.warehouse.parsed import ParsedProject
from tiendo.warehouse.replay import source_files
from tiendo.warehouse.spark_session import spark_session
from tiendo.warehouse.transform import (
    dbt_environment,
    dbt_options,
    drop_models,
    invoke,
    read_project,
    write_timings,
)

if TYPE_CHECKING:
    import duckdb

SCHEMAS = ("raw", "past", "seeds", "staging", "intermediate", "marts")
# What DuckDB calls the types that landed files, plans and seeds have, as Spark calls them.
TYPES = {
    "VARCHAR": "string",
    "BIGINT": "bigint",
    "INTEGER": "int",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
# Moments in UTC, which Spark writes with their zone and all tables hold without.
MOMENT = "TIMESTAMP WITH TIME ZONE"


def run_models_on_spark(
    home: Home, as_of: date, full: bool = False, progress: Callable[[int, int], None] | None = None
) -> Path:
    """Builds seeds, models and data tests, the tables on Spark, and returns the path of dbt's manifest.

    Args:
        home: Its warehouse file must have been written by `build_database`, and holds no models.
        as_of: The day the release speaks of.
        full: Have dbt read the project anew.
        progress: Called with models built on Spark and models in all.

    Raises:
        TiendoError: TD-405 where a model fails, TD-502 where a data test fails; TD-652 where Spark does not
            start, TD-653 where landed files hold what Spark has no type for.
    """
    target, folder = home.warehouse / "dbt", home.warehouse / "spark"
    for left in (*(folder / name for name in SCHEMAS), folder / "links"):
        shutil.rmtree(left, ignore_errors=True)
    drop_models(home)
    options = ["--no-write-json", *dbt_options(target, as_of)]
    with dbt_environment(home):
        project = read_project(ParsedProject(otherwise=target / "parsed"), target, full)
        invoke(["seed", *options], project)
        with spark_session(folder, _rows(home)) as session:
            _show_sources(home, session)
            models = ["run", "--target", "spark", *dbt_options(folder / "dbt", as_of)]
            built = invoke(models, progress=progress)
        take_over(home, target / "manifest.json")
        invoke(["run", "--select", "config.materialized:view", *options], project)
        invoke(["test", "--select", "test_type:data", *options], project)
    write_timings(home, built.results)
    return target / "manifest.json"


def _rows(home: Home) -> int:
    with limits.connect(home.database, read_only=True) as connection:
        [(rows,)] = connection.execute("select coalesce(sum(rows_landed), 0) from raw.submissions").fetchall()
    return int(rows)


def _show_sources(home: Home, session: Any) -> None:
    """Gives Spark the schemas that the warehouse file has so far, over the same files."""
    folder = home.warehouse / "spark"
    for schema in SCHEMAS:
        session.sql(f"drop database if exists {schema} cascade")
        session.sql(f"create database {schema} location {spark_text(folder / schema)}")
    files = source_files(home)
    with limits.connect(home.database) as connection:
        found = connection.execute(
            "select schema_name || '.' || view_name from duckdb_views() where not internal"
            " union all select schema_name || '.' || table_name from duckdb_tables() where not internal"
        ).fetchall()
        for relation in sorted(str(name) for (name,) in found):
            links = folder / "links" / relation
            links.mkdir(parents=True)
            if relation.startswith("seeds."):
                connection.execute(f"copy {relation} to {sql_text(links / 'seed.parquet')} (format parquet)")
            for number, path in enumerate(files.get(relation, ())):
                (links / f"{number:08}.parquet").symlink_to(path)
            columns = ", ".join(spark_columns(connection, relation))
            session.sql(f"create table {relation} ({columns}) using parquet location {spark_text(links)}")


def spark_columns(connection: "duckdb.DuckDBPyConnection", relation: str) -> Iterable[str]:
    """Names and types of a relation as Spark takes them."""
    for name, kind, *_ in connection.execute(f"describe {relation}").fetchall():
        spark = TYPES.get(kind) or (kind if kind.startswith("DECIMAL(") else None)
        if spark is None:
            raise TiendoError(
                "TD-653",
                f"Spark không có kiểu dữ liệu cho cột {relation}.{name} ({kind}).",
                f"Spark has no type for the column {relation}.{name} ({kind}).",
                "Chạy bằng DuckDB: tiendo refresh --engine duckdb; báo người phát triển.",
                "Run with DuckDB: tiendo refresh --engine duckdb; tell the developers.",
                exit_code=4,
            )
        yield f"`{name}` {spark}"


def take_over(home: Home, manifest: Path) -> None:
    """Puts what Spark made into the warehouse file: tables to publish as agreed, others as views."""
    nodes = cast("dict[str, dict[str, Any]]", json.loads(manifest.read_text(encoding="utf-8"))["nodes"])
    models = [node for node in nodes.values() if node["resource_type"] == "model"]
    with limits.connect(home.database) as connection:
        connection.execute("begin")
        for schema in sorted({model["schema"] for model in models}):
            connection.execute(f"create schema if not exists {sql_name(schema)}")
        for model in models:
            written = home.warehouse / "spark" / model["schema"] / model["alias"]
            if model["config"]["materialized"] == "view":
                continue
            source = f"read_parquet({sql_text(written / '*.parquet')})"
            types = {name: column["data_type"] for name, column in model["columns"].items()}
            kind = "table" if model["config"]["contract"]["enforced"] else "view"
            relation = f"{sql_name(model['schema'])}.{sql_name(model['alias'])}"
            columns = ", ".join(_as_agreed(connection, source, types if kind == "table" else {}))
            connection.execute(f"create {kind} {relation} as select {columns} from {source}")  # noqa: S608
        connection.execute("commit")


def _as_agreed(
    connection: "duckdb.DuckDBPyConnection", source: str, types: Mapping[str, str | None]
) -> Iterable[str]:
    """The columns of a source, in the order and with the types agreed on where there are any."""
    described = connection.execute(f"describe select * from {source}").fetchall()  # noqa: S608 quoted path
    kinds = {str(name): str(kind) for name, kind, *_ in described}
    for name in types or kinds:
        column = sql_name(name)
        value = f"({column} at time zone 'UTC')" if kinds[name] == MOMENT else column
        agreed = types.get(name)
        yield f"cast({value} as {agreed}) as {column}" if agreed else f"{value} as {column}"


def spark_text(path: Path) -> str:
    """A path in quotes for Spark, which reads a backslash as the beginning of something."""
    escaped = str(path.resolve()).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
