"""Builds the models over the warehouse file: with dbt, in process, or with what dbt ran before.

dbt is imported here and only when a run needs it, since importing it takes seconds.
"""

import json
import logging
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from tiendo import limits
from tiendo.intake.store import write_atomically
from tiendo.settings import DBT_PROJECT, Home
from tiendo.warehouse.failures import failure, unreadable
from tiendo.warehouse.parsed import ParsedProject
from tiendo.warehouse.replay import drop_models, replay

FAILURES = ("error", "fail", "runtime error")


def run_models(
    home: Home,
    as_of: date,
    full: bool = False,
    is_kept: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Builds seeds, models and data tests, and returns the path of dbt's manifest.

    Unit tests of rules are run by the project's own checks, not every night.

    Args:
        home: Its warehouse file must have been written by `build_database`.
        as_of: The day the release speaks of.
        full: Have dbt read the project anew and build everything, whatever is remembered of it.
        is_kept: Whether the file holds the models of the same project, to be brought up to date; else it
            holds the sources alone.
        progress: Called with nodes built and nodes in all.

    Raises:
        TiendoError: TD-405 where a model fails, TD-502 where a data test fails; both name what failed.
    """
    target = home.warehouse / "dbt"
    manifest = target / "manifest.json"
    if full:
        shutil.rmtree(home.warehouse / "kept", ignore_errors=True)
    measures = home.warehouse / "registry" / "indicator_measures.parquet"
    parsed = ParsedProject(otherwise=target / "parsed", measures=measures)
    statements = None if full else parsed.statements(as_of)
    if statements:
        timings = replay(home, statements, None if is_kept else parsed.seeds, progress)
        if timings is not None:
            write_atomically(manifest, lambda path: shutil.copyfile(parsed.manifest, path), is_durable=False)
            _write_timings(home, timings)
            return manifest
    drop_models(home)
    with dbt_environment(home):
        project = read_project(parsed, target, full)
        day = [*dbt_options(target, as_of), "--exclude-resource-type", "unit_test"]
        built = invoke(["--no-write-json", "build", *day], project, progress)
    write_timings(home, built.results)
    parsed.keep_build(home, target, as_of)
    return manifest


def dbt_options(target: Path, as_of: date | None = None) -> list[str]:
    """What every command of dbt is told: where things are, and the day where it asks for it."""
    folders = [
        "--project-dir", str(DBT_PROJECT),
        "--profiles-dir", str(DBT_PROJECT),
        "--target-path", str(target),
        "--log-path", str(target / "logs"),
        # What failed is told by us; dbt would put a traceback into what programs read.
        "--log-level", "none",
        "--log-level-file", "info",
    ]  # fmt: skip
    return [*folders, "--vars", json.dumps({"as_of": as_of.isoformat()})] if as_of else folders


def read_project(parsed: ParsedProject, target: Path, full: bool) -> Any:
    """The project as dbt holds it, from what is kept of it unless `full`; writes dbt's manifest."""
    project = None if full else parsed.load()
    if project is None:
        project = invoke(["--no-partial-parse"] * full + ["parse", *dbt_options(target)])
        parsed.keep(target)
    else:
        write_atomically(target / "manifest.json", lambda path: shutil.copyfile(parsed.manifest, path))
    return project


def read_timings(home: Home) -> dict[str, float]:
    """Seconds that each model and test of the last run took, by dbt's name of it."""
    return dict(json.loads(_timings_path(home).read_text(encoding="utf-8")))


def write_timings(home: Home, results: Iterable[Any]) -> None:
    """Notes what dbt's results say of seconds taken."""
    _write_timings(home, {result.node.unique_id: result.execution_time for result in results})


def _write_timings(home: Home, timings: Mapping[str, float]) -> None:
    rounded = {name: round(seconds, 3) for name, seconds in timings.items()}
    _timings_path(home).write_text(json.dumps(rounded), encoding="utf-8")


def _timings_path(home: Home) -> Path:
    return home.warehouse / "dbt" / "timings.json"


def invoke(
    arguments: list[str], project: Any = None, progress: Callable[[int, int], None] | None = None
) -> Any:
    """What dbt answers within `dbt_environment`; `project` is its manifest where it need not read one."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    try:
        runner: Any = dbtRunner(project, [_counting(progress)] if progress else None)
        outcome = runner.invoke(arguments)
    finally:
        # dbt keeps the file open after it returns; nobody else could read it.
        DuckDBConnectionManager.close_all_connections()
    if outcome.exception is not None and not isinstance(outcome.exception, Exception):
        raise outcome.exception  # Somebody stops the run, which dbt takes for a fault.
    results = list(getattr(outcome.result, "results", None) or [])
    if failed := [result for result in results if result.status in FAILURES]:
        target = Path(arguments[arguments.index("--target-path") + 1])
        # The whole words: the message is shortened, and a full disk may be told of at their end.
        words = RuntimeError("\n".join(str(result.message) for result in failed))
        raise failure(failed, target / "manifest.json", Path(os.environ["TIENDO_DATABASE"])) from words
    if not outcome.success:
        raise unreadable(outcome.exception) from outcome.exception
    return outcome.result


def _counting(progress: Callable[[int, int], None]) -> Callable[[Any], None]:
    """Listens to dbt and counts the nodes that have ended."""
    ended = count(1)

    def listen(event: Any) -> None:
        # Seeds, models and tests each have an event of their own for a result.
        if event.info.name.startswith("Log") and event.info.name.endswith("Result"):
            done = next(ended)
            # Tests have the one, seeds and models the other. An error in here would fail the node.
            total = getattr(event.data, "num_models", 0) or getattr(event.data, "total", 0)
            progress(done, max(done, total))

    return listen


@contextmanager
def dbt_environment(home: Home) -> Generator[None]:
    """What the dbt profile reads; the rest of the process does not see it."""
    wanted = {
        "TIENDO_DATABASE": str(home.database),
        "TIENDO_DBT_THREADS": str(limits.threads()),
        "TIENDO_DBT_MEMORY": limits.memory_of("models"),
        "TIENDO_DBT_SPILL": str(limits.spill_folder(home.warehouse, "models")),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    before = {name: os.environ.get(name) for name in wanted}
    raises = logging.raiseExceptions
    os.environ.update(wanted)
    # Where dbt cannot write its log, a full disk mostly, the user would get a traceback for each line of it.
    logging.raiseExceptions = False
    try:
        yield
    finally:
        logging.raiseExceptions = raises
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
