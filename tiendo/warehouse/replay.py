"""Builds the models without dbt: its own statements, run again, where what they read has changed.

dbt spends most of a run on itself. Its statements and their order stay the same while the project does; only
the landed files and the day differ. Whatever is new or goes wrong here is left to dbt.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, cast

import duckdb

from tiendo import limits
from tiendo.intake.store import write_atomically
from tiendo.quoting import sql_name, sql_text
from tiendo.settings import Home
from tiendo.warehouse.building import Build, RefusedByTestError
from tiendo.warehouse.statements import Statements

SCHEMAS_OF_LOAD = ("raw", "past")
# Loaded empty; the checks have filled them since the file was noted.
FILLED_BY_CHECKS = ("raw.quality_checks", "raw.check_failures")


def remember_build(home: Home, key: str, day: date) -> None:
    """Notes that the warehouse file holds what this project made of what it reads; the last act of a run.

    Args:
        home: Whose warehouse file nobody holds open any more.
        key: Changes with whatever but the submissions and the day decides the tables.
        day: The day the tables speak of.
    """
    # A release is out by now. Without the note the next run builds all, which is no harm.
    with suppress(OSError):
        note = _read(_note_path(home))
        note |= {"key": key, "day": day.isoformat(), "file": _stamp(home.database)}
        _write(_note_path(home), note | {"sources": _read(_sources_path(home))})


def is_remembered(home: Home, key: str) -> bool:
    """Whether the warehouse file is the one noted, untouched since, and made under the same key."""
    note = _read(_note_path(home))
    return note.get("key") == key and home.database.is_file() and note.get("file") == _stamp(home.database)


def replay(
    home: Home,
    statements: Statements,
    seeds: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, float] | None:
    """Brings the models up to date with the sources that `build_database` has put into the file.

    Args:
        home: Whose file was remembered before the sources were written into it, or holds nothing else.
        statements: What dbt ran for this project, for the day asked for.
        seeds: A DuckDB file with the seeds where the file holds none yet, so that everything is to be run.
        progress: Called with statements looked at and statements in all.

    Returns:
        Seconds by the name of what was run; None where a statement or a test fails, or anything is missing:
        dbt has to say what, after `drop_models`.
    """
    try:
        note = _read(_note_path(home)) if seeds is None else {}
        known = cast("dict[str, str]", note.setdefault("fingerprints", {}))
        changed = set[str]() if seeds else _changed_sources(home, note, statements)
        is_other_day = note.get("day") != statements.day.isoformat()
        with limits.connect(home.database) as connection:
            # Of the connections of all threads.
            connection.execute("set global TimeZone = 'UTC'")
            if seeds:
                _load_seeds(connection, statements, seeds)
            build = Build(connection, statements.day, changed, known, bool(seeds), is_other_day)
            timings = build.run(statements.listed, progress)
        _write(_note_path(home), note)
    except (RefusedByTestError, duckdb.Error, OSError, KeyError, ValueError):
        return None
    return timings


def _load_seeds(connection: duckdb.DuckDBPyConnection, statements: Statements, seeds: Path) -> None:
    relations = [
        *statements.seeds,
        *(statement.relation for statement in statements.listed if statement.relation),
    ]
    for schema in sorted({relation.partition(".")[0] for relation in relations}):
        connection.execute(f"create schema {schema}")
    connection.execute(f"attach {sql_text(seeds)} as kept (read_only)")
    connection.execute("begin")
    for relation in statements.seeds:
        connection.execute(f"create table {relation} as from kept.{relation}")
    connection.execute("commit")
    connection.execute("detach kept")


def drop_models(home: Home) -> None:
    """Removes what was made, so that dbt starts over; what it reads stays."""
    _note_path(home).unlink(missing_ok=True)
    kept = ", ".join(sql_text(name) for name in SCHEMAS_OF_LOAD)
    with limits.connect(home.database) as connection:
        made = connection.execute(
            "select schema_name from duckdb_schemas() where database_name = current_database()"  # noqa: S608 own names
            f" and not internal and schema_name not in ({kept})"
        ).fetchall()
        for (schema,) in made:
            connection.execute(f"drop schema {sql_name(schema)} cascade")


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
    _write(_files_path(home), {name: [str(path) for path in paths] for name, paths in files.items()})


def source_files(home: Home) -> dict[str, list[str]]:
    """The Parquet files behind each relation of `raw` and `past`; none where it is empty."""
    return _read(_files_path(home))


def _changed_sources(home: Home, note: dict[str, Any], statements: Statements) -> set[str]:
    """The sources, by dbt's name, that hold something else than when the build was noted."""
    before, after = note["sources"], _read(_sources_path(home))
    return {
        name
        for name, relation in statements.sources.items()
        if relation in FILLED_BY_CHECKS or before[relation] != after[relation]
    }


def _note_path(home: Home) -> Path:
    return home.warehouse / "dbt" / "remembered.json"


def _sources_path(home: Home) -> Path:
    return home.warehouse / "registry" / "sources.json"


def _files_path(home: Home) -> Path:
    return home.warehouse / "registry" / "files.json"


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
