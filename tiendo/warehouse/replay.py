"""More submissions on the same day: dbt's own statements, run again where what they read has changed.

dbt spends most of a run on itself. Between two of its runs, statements and their order stay the same while
project, plans and day do; only the landed files differ. Whatever is new or goes wrong here is left to dbt.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
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
        path: The file with the statement, below dbt's folder.
    """

    node: str
    kind: str
    relation: str
    parents: Sequence[str]
    is_read: bool
    path: str


def remember_build(home: Home, key: str) -> None:
    """Notes that the warehouse file holds what this project made of what it reads; the last act of a run.

    Args:
        home: Whose warehouse file nobody holds open any more.
        key: Changes with whatever but the submissions decides the tables.
    """
    manifest = home.warehouse / "dbt" / "manifest.json"
    # A release is out by now. Without the note the next run builds all, which is no harm.
    with suppress(OSError, KeyError, ValueError):
        note, written = _read(_note_path(home)), _stamp(manifest)
        if note.get("manifest") != written:
            note = {"manifest": written, **_read_manifest(manifest)}
        note |= {"key": key, "file": _stamp(home.database), "sources": _read(_sources_path(home))}
        _write(_note_path(home), note)


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
        note = _read(_note_path(home))
        changed = _changed_sources(home, note)
        known = cast("dict[str, str]", note.setdefault("fingerprints", {}))
        with duckdb.connect(str(home.database), config={"threads": threads}) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute("begin")
            for statement in (Statement(*parts) for parts in note["statements"]):
                if changed.isdisjoint(statement.parents):
                    continue
                started = time.perf_counter()
                if not _run(connection, statement, home.warehouse / "dbt" / statement.path, known, changed):
                    connection.execute("rollback")
                    return None
                timings[statement.node] = time.perf_counter() - started
            connection.execute("commit")
        _write(_note_path(home), note)
    except (duckdb.Error, OSError, KeyError, ValueError):
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


def _run(
    connection: duckdb.DuckDBPyConnection,
    statement: Statement,
    path: Path,
    known: dict[str, str],
    changed: set[str],
) -> bool:
    """Runs one statement and notes whether its table is another one now; False where a test fails."""
    if statement.kind == "view":
        changed.add(statement.node)
        return True
    sql = path.read_text(encoding="utf-8")
    if statement.kind == "test":
        row = connection.execute(sql).fetchone()
        return row is not None and not row[1] and not row[2]  # failures, should_warn, should_error
    relation = statement.relation
    # To look whether a table has changed costs more than the tests on it.
    if statement.is_read and relation not in known:
        known |= table_fingerprints(connection, [relation])
    connection.execute(f"drop table {relation}")
    connection.execute(sql)
    before = known.get(relation)
    if statement.is_read:
        known |= table_fingerprints(connection, [relation])
    if before is None or known[relation] != before:
        changed.add(statement.node)
    return True


def _read_manifest(path: Path) -> dict[str, Any]:
    """Relations of the sources by dbt's name, and the statements in an order in which they can be run."""
    manifest = json.loads(path.read_text(encoding="utf-8"))
    nodes = cast("dict[str, dict[str, Any]]", manifest["nodes"])
    sources = cast("dict[str, dict[str, str]]", manifest["sources"])
    models = (node for node in nodes.values() if node["resource_type"] == "model")
    read = {parent for model in models for parent in model["depends_on"]["nodes"]}
    folder = f"run/{manifest['metadata']['project_name']}"
    return {
        "relations": {name: f"{source['schema']}.{source['identifier']}" for name, source in sources.items()},
        "statements": [
            astuple(_statement(name, nodes[name], folder, name in read)) for name in _in_order(nodes)
        ],
    }


def _statement(name: str, node: dict[str, Any], folder: str, is_read: bool) -> Statement:
    is_test = node["resource_type"] == "test"
    path = f"{folder}/{node['original_file_path']}"
    return Statement(
        name,
        "test" if is_test else node["config"]["materialized"],
        "" if is_test else f"{node['schema']}.{node['alias']}",
        node["depends_on"]["nodes"],
        is_read,
        path if path.endswith(".sql") else f"{path}/{node['path']}",
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
    _write(_sources_path(home), found)


def _changed_sources(home: Home, note: dict[str, Any]) -> set[str]:
    """The sources, by dbt's name, that hold something else than when the build was noted."""
    before, after = note["sources"], _read(_sources_path(home))
    return {
        name
        for name, relation in note["relations"].items()
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


def _write(path: Path, note: Mapping[str, Any]) -> None:
    write_atomically(path, lambda temporary: temporary.write_text(json.dumps(note), encoding="utf-8"))


def _stamp(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]
