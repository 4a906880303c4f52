"""Proves for the gate that models give the same on Spark and DuckDB: some, each over what DuckDB made.

Chosen are enough models to use every macro that the engines spell otherwise, and all that count dossiers.
What they read is taken from a home that DuckDB has published, so that nothing else need run on Spark. All
models one after another, in homes of two sizes, are what compare_engines.py looks at.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

# As a program its folder is where Python looks, not that of the tests.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from spark.compare_engines import SMALL, differing

from tiendo.quoting import sql_text
from tiendo.settings import Home
from tiendo.warehouse.on_spark import MOMENT, spark_columns, spark_text
from tiendo.warehouse.parsed import ParsedProject
from tiendo.warehouse.spark_session import require_spark, spark_session
from tiendo.warehouse.transform import dbt_environment, dbt_options, invoke, read_project

PORTABLE = "macros/portable/"
SPELT = ("default__", "spark__")
# They are long, change most, and are computed otherwise on DuckDB.
COUNTING = ("int_dossier_", "int_known_dossier")
Node = dict[str, Any]


def main() -> int:
    """Compares; 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, help="published by DuckDB")
    parser.add_argument("as_of", type=date.fromisoformat, help="the day its release speaks of")
    asked = parser.parse_args()
    require_spark()
    with tempfile.TemporaryDirectory(prefix="tiendo-spark-") as folder:
        problems = compare(Home(asked.home.resolve()), asked.as_of, Path(folder).resolve())
    for problem in problems:
        print(problem)  # noqa: T201
    return bool(problems)


def compare(home: Home, as_of: date, folder: Path) -> list[str]:
    """What the two engines give otherwise, or that nothing was compared."""
    (folder / "conf").mkdir()
    (folder / "conf" / "spark-defaults.conf").write_text(SMALL, "utf-8")
    os.environ["SPARK_CONF_DIR"] = str(folder / "conf")
    with duckdb.connect(str(home.database), read_only=True) as warehouse:
        filled = relations_with_rows(warehouse)
        with dbt_environment(home):
            read_project(ParsedProject(otherwise=folder / "parsed"), folder, full=False)
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
            models = chosen(manifest, filled)
            with spark_session(folder, 0) as session:
                show(session, warehouse, read_by(manifest, models), folder)
                invoke(["run", "--target", "spark", "--select", *models, *dbt_options(folder / "dbt", as_of)])
        rows, empty, problems = 0, list[str](), list[str]()
        for relation in sorted(models.values()):
            expected = folder / f"{relation}.parquet"
            copy(warehouse, relation, expected)
            found = folder / f"{relation}.spark.parquet"
            schema, name = relation.split(".")
            cast_alike(expected, folder / schema / name / "*.parquet", found)
            height = pl.read_parquet(expected).height
            rows += height
            empty += [] if height else [name]
            problems += [f"{relation}: {told}" for told in differing(expected, found)]
    told = f"{len(models)} models, {rows} rows, {len(problems)} differences"
    print(f"Spark: compared with DuckDB: {told}; no rows in {', '.join(empty) or 'none'}")  # noqa: T201
    return problems if rows else [*problems, "nothing was compared: the home is empty"]


def relations_with_rows(warehouse: duckdb.DuckDBPyConnection) -> set[str]:
    """What of the warehouse file is not empty."""
    found = warehouse.execute(
        "select schema_name || '.' || view_name from duckdb_views() where not internal"
        " union all select schema_name || '.' || table_name from duckdb_tables() where not internal"
    ).fetchall()
    return {name for (name,) in found if warehouse.execute(f"select 1 from {name} limit 1").fetchall()}


def chosen(manifest: Node, filled: set[str]) -> dict[str, str]:
    """Relations by model: those that count dossiers, and few that together use every portable macro.

    Of models that use the same one with rows goes first, then the one that comes first by name.

    Raises:
        SystemExit: No model uses some portable macro.
    """
    tables = {
        name: node
        for name, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["config"]["materialized"] != "view"
    }
    uses = {name: portable_macros(manifest, node) for name, node in tables.items()}
    picked = [name for name, node in tables.items() if node["name"].startswith(COUNTING)]
    left = {
        name
        for name, macro in manifest["macros"].items()
        if PORTABLE in macro["original_file_path"] and not macro["name"].startswith(SPELT)
    }.difference(*(uses[name] for name in picked))
    while left:
        best = max(
            sorted(tables), key=lambda name: (len(uses[name] & left), relation_of(tables[name]) in filled)
        )
        if not uses[best] & left:
            raise SystemExit(f"no model uses {sorted(left)}")
        picked.append(best)
        left -= uses[best]
    return {tables[name]["name"]: relation_of(tables[name]) for name in picked}


def portable_macros(manifest: Node, node: Node) -> set[str]:
    """The portable macros that a node uses, through others too."""
    found: set[str] = set()
    waiting = list(node["depends_on"]["macros"])
    while waiting:
        name = waiting.pop()
        if name in found or name not in manifest["macros"]:
            continue
        found.add(name)
        waiting += manifest["macros"][name]["depends_on"]["macros"]
    return found


def relation_of(node: Node) -> str:
    """The relation of a model, seed or source, as `schema.name`."""
    return f"{node['schema']}.{node.get('identifier') or node['alias']}"


def read_by(manifest: Node, models: Mapping[str, str]) -> list[str]:
    """What models read, save one another, and all sources: macros ask some while dbt compiles."""
    nodes = manifest["nodes"] | manifest["sources"]
    parents = {*manifest["sources"]} | {
        parent
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["name"] in models
        for parent in node["depends_on"]["nodes"]
    }
    return sorted({relation_of(nodes[parent]) for parent in parents} - set(models.values()))


def show(session: Any, warehouse: duckdb.DuckDBPyConnection, relations: list[str], folder: Path) -> None:
    """Gives Spark tables that DuckDB holds."""
    for schema in ("raw", "past", "seeds", "staging", "intermediate", "marts"):
        session.sql(f"create database {schema} location {spark_text(folder / schema)}")
    for relation in relations:
        place = folder / "read" / relation
        place.mkdir(parents=True)
        copy(warehouse, relation, place / "rows.parquet")
        with duckdb.connect() as connection:
            connection.execute(f"create view copied as from {sql_text(place / 'rows.parquet')}")
            columns = ", ".join(spark_columns(connection, "copied"))
        session.sql(f"create table {relation} ({columns}) using parquet location {spark_text(place)}")


def copy(warehouse: duckdb.DuckDBPyConnection, relation: str, path: Path) -> None:
    """Writes a relation in an order of its own; the sums of whole numbers as Spark holds them."""
    columns = warehouse.execute(f"describe {relation}").fetchall()
    values = (
        f'cast("{name}" as bigint) as "{name}"' if kind == "HUGEINT" else f'"{name}"'
        for name, kind, *_ in columns
    )
    order = ", ".join(f'"{name}"' for name, kind, *_ in sorted(columns, key=lambda each: each[1] == "DOUBLE"))
    query = f"select {', '.join(values)} from {relation} order by {order}"
    warehouse.execute(f"copy ({query}) to {sql_text(path)} (format parquet)")


def cast_alike(expected: Path, written: Path, path: Path) -> None:
    """What Spark wrote, with the types and in the order of what DuckDB gives."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        kinds = dict(described(connection, written))
        columns = (
            f'cast({moment(name, kinds[name])} as {kind}) as "{name}"'
            for name, kind in described(connection, expected)
        )
        query = f"select {', '.join(columns)} from read_parquet({sql_text(written)})"
        connection.execute(f"create view spoken as {query}")
        copy(connection, "spoken", path)


def described(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[tuple[str, str]]:
    """Names and types of a Parquet file's columns."""
    for name, kind, *_ in connection.execute(f"describe from read_parquet({sql_text(path)})").fetchall():
        yield name, kind


def moment(name: str, kind: str) -> str:
    """A column of Spark's, moments without their zone."""
    return f"(\"{name}\" at time zone 'UTC')" if kind == MOMENT else f'"{name}"'


if __name__ == "__main__":
    sys.exit(main())
