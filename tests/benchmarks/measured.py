"""What a program costs: seconds by the clock, of all processors, and the most memory it held.

Every program runs in a process of its own and is measured alike, with all processes it starts: processor time
as the system counted it, memory as what they held together in one moment. Libraries that several of them map
lie in memory once, so of mapped files only those of the process with most count.
"""

import os
import platform
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

CGROUPS = Path("/sys/fs/cgroup")
EVERY_SECONDS = 0.05
PACKAGES = ("duckdb", "dbt-core", "great-expectations", "polars", "pandas", "openpyxl", "pyarrow")
KIB_MB = 1024 / 1e6
QUIET = {"DO_NOT_TRACK": "1", "GX_ANALYTICS_ENABLED": "false", "RUNTIME__DLTHUB_TELEMETRY": "false"}


class Cost(NamedTuple):
    """Of one program.

    Attributes:
        wall: Seconds from start to end.
        cpu: Seconds of all processors together, of it and its children.
        peak_mb: The most memory that it and its children held at one time.
    """

    wall: float
    cpu: float
    peak_mb: float


class Done(NamedTuple):
    """A program that ended well: what it cost and what it said."""

    cost: Cost
    said: str


def python(*arguments: str) -> Done:
    """Runs Python with arguments; see `run`."""
    return run((sys.executable, *arguments))


def tiendo(*arguments: str, limit: int | None = None, env: Mapping[str, str] | None = None) -> Done:
    """Runs the program, which ends with 1 where rows were quarantined; see `run`."""
    return run((sys.executable, "-c", "from tiendo.cli import app; app()", *arguments), limit, env, (0, 1))


def run(
    command: Sequence[str],
    limit: int | None = None,
    env: Mapping[str, str] | None = None,
    allowed: Sequence[int] = (0,),
) -> Done:
    """Runs a program to its end.

    Args:
        command: Program and arguments.
        limit: Bytes that it may hold with all it starts, enforced by the system where that lets us.
        env: Settings beside those of this process.
        allowed: Exit codes that are no failure.

    Raises:
        SystemExit: With what the program said, where it fails.
    """
    with _group(limit) as enter:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **QUIET, **(env or {})},
            start_new_session=True,
            preexec_fn=enter,
        )
        watcher = _Watcher(process.pid)
        watcher.start()
        said = process.stdout.read().decode() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        watcher.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}\n{said}")
    # Not ru_maxrss: that begins with what this process held when it was forked.
    return Done(Cost(wall, used.ru_utime + used.ru_stime, watcher.peak_mb), said)


class _Watcher(threading.Thread):
    """Adds up, now and then, the memory that a session's processes hold."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self.session, self.peak_mb, self._end = session, 0.0, threading.Event()

    def run(self) -> None:
        while not self._end.wait(EVERY_SECONDS):
            held = list(_held_mb(self.session))
            if held:
                own, mapped, most = zip(*held, strict=True)
                self.peak_mb = max(self.peak_mb, sum(own) + max(mapped), *most)

    def stop(self) -> None:
        """Ends the watch."""
        self._end.set()
        self.join()


def _held_mb(session: int) -> Iterator[tuple[float, float, float]]:
    """What each process of a session holds for itself, has mapped of files, and held in all at its most."""
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            # After the program's name, which may hold anything: state, parent, group, session, …
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) != session:
                continue
            told = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
        except OSError:
            continue
        # A process that has ended, and waits to be asked how, holds nothing.
        names = ("RssAnon", "RssFile", "RssShmem", "VmHWM")
        own, file, shared, most = (int(told.get(name, "0 kB").split()[0]) * KIB_MB for name in names)
        yield own, file + shared, most


@contextmanager
def _group(limit: int | None) -> Iterator:
    """A control group with that much memory, where one can be made; gives what lets a child enter it."""
    place = _place_of_groups()
    if limit is None or place is None:
        yield None
        return
    parent, name = place
    group = parent / f"tiendo-bench-{os.getpid()}"
    group.mkdir()
    try:
        (group / name).write_text(str(limit))
        yield lambda: (group / "cgroup.procs").write_text(str(os.getpid()))
    finally:
        group.rmdir()


def is_limit_kept() -> bool:
    """Whether the system can be made to enforce a limit here: as root of a machine with control groups."""
    return _place_of_groups() is not None


def _place_of_groups() -> tuple[Path, str] | None:
    """Where a group may be made, and which of its files sets the limit: both kinds of groups are about."""
    if os.access(CGROUPS / "memory" / "cgroup.procs", os.W_OK):
        return CGROUPS / "memory", "memory.limit_in_bytes"
    enabled = CGROUPS / "cgroup.subtree_control"
    if os.access(enabled, os.W_OK) and "memory" in enabled.read_text().split():
        return CGROUPS, "memory.max"
    return None


def unlock(folder: Path) -> None:
    """Removes a folder with read-only files in it."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o700)
    shutil.rmtree(folder)


def machine(dlt_python: str | None) -> dict[str, Any]:
    """On what was measured."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    versions = {name: version(name) for name in PACKAGES}
    if dlt_python:
        asked = "from importlib.metadata import version; print(version('dlt'))"
        versions["dlt"] = subprocess.run(
            [dlt_python, "-c", asked], capture_output=True, text=True
        ).stdout.strip()
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "python": platform.python_version(),
        "versions": versions,
    }
