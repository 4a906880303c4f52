"""More submissions on the same day: dbt's own statements, run again where what they read has changed.

dbt spends most of a run on itself. Between two of its runs, statements and their order stay the same while
project, plans and day do; only the landed files differ. Whatever is new or goes wrong here is left to dbt.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import duckdb

from tiendo.fingerprints import table_fingerprints
from tiendo.intake.store import write_atomically
from tiendo.quoting import sql_name, sql_text
from tiendo.settings import Home

SCHEMAS_OF_LOAD = ("raw", "past")
# Loaded empty; the checks have filled them since the file was noted.
FILLED_BY_CHECKS = ("raw.quality_checks", "raw.check_failures")


@dataclass(frozen=True)
class Statement:
    """What dbt ran for one of its nodes.

    Attributes:
        node: dbt's name of it.
        kind: `table`, `view` or `test`.
        relation: The table or view as `schema.name`; empty for a test.
        parents: Nodes and sources it reads.
        is_read: Whether another model reads it.
        path: The file with the statement.
    """

    node: str
    kind: str
    relation: str
    parents: frozenset[str]
    is_read: bool
    path: Path


def remember_build(home: Home, key: str) -> None:
    """Notes that the warehouse file holds what this project made of what it reads; the last act of a run.

    Args:
        home: Whose warehouse file nobody holds open any more.
        key: Changes with whatever but the submissions decides the tables.
    """
    note = {"key": key, "file": _stamp(home.database), "sources": _read(_sources_path(home))}
    write_atomically(_note_path(home), lambda path: path.write_text(json.dumps(note), encoding="utf-8"))


def is_remembered(home: Home, key: str) -> bool:
    """Whether the warehouse file is the one noted, untouched since, and made under the same key."""
    note = _read(_note_path(home))
    return note.get("key") == key and home.database.is_file() and note.get("file") == _stamp(home.database)


def replay(home: Home, threads: int) -> dict[str, float] | None:
    """Brings the tables up to date with the sources that `build_database` has put into the kept file.

    Nothing is changed where it cannot be done whole.

    Args:
        home: Its warehouse file was remembered before the sources were written into it.
        threads: Threads of DuckDB.

    Returns:
        Seconds by the name of what was run; None where a statement or a test fails, or anything is missing:
        dbt has to say what.
    """
    timings: dict[str, float] = {}
    try:
        manifest = json.loads((home.warehouse / "dbt" / "manifest.json").read_text(encoding="utf-8"))
        changed = _changed_sources(home, manifest["sources"])
        with duckdb.connect(str(home.database), config={"threads": threads}) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute("begin")
            for statement in _statements(home, manifest):
                if not statement.parents & changed:
                    continue
                started = time.perf_counter()
                if not _run(connection, statement, changed):
                    connection.execute("rollback")
                    return None
                timings[statement.node] = time.perf_counter() - started
            connection.execute("commit")
    except (duckdb.Error, OSError, KeyError, TypeError, ValueError):
        return None
    return timings


def drop_models(home: Home) -> None:
    """Removes what dbt made, so that it starts over; what it reads stays."""
    kept = ", ".join(sql_text(name) for name in SCHEMAS_OF_LOAD)
    with duckdb.connect(str(home.database)) as connection:
        made = connection.execute(
            "select schema_name from duckdb_schemas() where database_name = current_database()"  # noqa: S608 own names
            f" and not internal and schema_name not in ({kept})"
        ).fetchall()
        for (schema,) in made:
            connection.execute(f"drop schema {sql_name(schema)} cascade")


def _run(connection: duckdb.DuckDBPyConnection, statement: Statement, changed: set[str]) -> bool:
    """Runs one statement and notes whether its table is another one now; False where a test fails."""
    if statement.kind == "view":
        changed.add(statement.node)
        return True
    sql = statement.path.read_text(encoding="utf-8")
    if statement.kind == "test":
        row = connection.execute(sql).fetchone()
        return row is not None and not row[1] and not row[2]  # failures, should_warn, should_error
    # To look whether a table has changed costs more than the tests on it.
    before = table_fingerprints(connection, [statement.relation]) if statement.is_read else None
    connection.execute(f"drop table {statement.relation}")
    connection.execute(sql)
    if before is None or table_fingerprints(connection, [statement.relation]) != before:
        changed.add(statement.node)
    return True


def _statements(home: Home, manifest: dict[str, Any]) -> Iterator[Statement]:
    """Models and data tests, each after what it reads; seeds are part of the project."""
    nodes = cast("dict[str, dict[str, Any]]", manifest["nodes"])
    run = home.warehouse / "dbt" / "run" / manifest["metadata"]["project_name"]
    models = (node for node in nodes.values() if node["resource_type"] == "model")
    read = {parent for model in models for parent in model["depends_on"]["nodes"]}
    for name in _in_order(nodes):
        node = nodes[name]
        written = run / node["original_file_path"]
        kind = node["resource_type"] if node["resource_type"] == "test" else node["config"]["materialized"]
        is_generic = written.suffix != ".sql"
        yield Statement(
            name,
            kind,
            "" if kind == "test" else f"{node['schema']}.{node['alias']}",
            frozenset(node["depends_on"]["nodes"]),
            name in read,
            written / node["path"] if is_generic else written,
        )


def _in_order(nodes: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Names of models and tests, each after its parents."""
    done: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name in done or name not in nodes or nodes[name]["resource_type"] == "seed":
            return
        done.add(name)
        for parent in nodes[name]["depends_on"]["nodes"]:
            yield from visit(parent)
        yield name

    for name in nodes:
        yield from visit(name)


def write_sources(home: Home, files: Mapping[str, Iterable[Path]]) -> None:
    """Notes what the file's schemas `raw` and `past` hold, by relation.

    Args:
        home: Whose warehouse file it is.
        files: The Parquet files behind each view, none for an empty table. Landed files never change; of
            others, written anew by each run, the content counts.
    """
    found: dict[str, str] = {}
    for relation, paths in files.items():
        digest = hashlib.sha256()
        for path in paths:
            is_landed = path.is_relative_to(home.landing)
            digest.update(path.relative_to(home.warehouse).as_posix().encode())
            digest.update(str(_stamp(path)).encode() if is_landed else path.read_bytes())
        found[relation] = digest.hexdigest()
    write_atomically(_sources_path(home), lambda path: path.write_text(json.dumps(found), encoding="utf-8"))


def _changed_sources(home: Home, sources: dict[str, dict[str, str]]) -> set[str]:
    """The sources, by dbt's name, that hold something else than when the build was noted."""
    before, after = _read(_note_path(home))["sources"], _read(_sources_path(home))
    relations = {name: f"{source['schema']}.{source['identifier']}" for name, source in sources.items()}
    return {
        name
        for name, relation in relations.items()
        if relation in FILLED_BY_CHECKS or before[relation] != after[relation]
    }


def _note_path(home: Home) -> Path:
    return home.warehouse / "dbt" / "remembered.json"


def _sources_path(home: Home) -> Path:
    return home.warehouse / "registry" / "sources.json"


def _read(path: Path) -> dict[str, Any]:
    """A note; empty where it is missing or spoilt."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def _stamp(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]
