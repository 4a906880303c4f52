"""Counts the file-system and database steps of a run inside its process, and kills it at one of them.

A step is anything by which the home changes: a file opened for writing, renamed, removed, a folder made, a
wait for the disk, an SQL statement. The kill comes before the step is done; the one before it is the last.
"""

import functools
import json
import os
import pickle
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tiendo.limits import SPILL

# The steps of the main job; what comes before the first counts as "start".
PHASES = ("take_in", "load", "run_models", "stage_release", "check", "publish_release")
FILE_EVENTS = {
    "os.rename": 2, "os.remove": 1, "os.rmdir": 1, "os.mkdir": 1, "os.symlink": 2, "os.link": 2,
    "os.chmod": 1, "os.truncate": 1, "os.utime": 1,
}  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# Working state that earlier steps leave for later ones; the ledger and what is landed belong to the intake,
# and what the checks look at and spill comes and goes beside the steps.
NOT_REMEMBERED = ("landing", "ledger.parquet*", "runs", "run.lock*", "checks_of_*", f"{SPILL}*")


@dataclass(frozen=True)
class Kill:
    """Where a run kills itself.

    Attributes:
        phase: One of `PHASES`, or `start`.
        number: The step in it, from 1.
        is_alone: Only the process of the run dies, not the checking process it started.
    """

    phase: str
    number: int
    is_alone: bool = False


@dataclass
class Steps:
    """Watches one run. Made in the process that will run, before anything is opened.

    Attributes:
        home: Only steps below it count.
        told: File outside the home that says which phase is under way and what was counted so far.
        kill: Where to die; None where steps are only counted.
        seen: Names of the steps so far, by phase.
    """

    home: Path
    told: Path
    kill: Kill | None = None
    seen: dict[str, list[str]] = field(default_factory=lambda: {"start": []})
    phase: str = "start"
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _is_paused: bool = False

    def install(self) -> None:
        """From here on every step counts."""
        import duckdb

        sys.addaudithook(self._hear)
        sync, connect = os.fsync, duckdb.connect

        def counted_sync(number: int) -> None:
            self._step("fsync")
            sync(number)

        os.fsync = counted_sync
        duckdb.connect = lambda *given, **named: CountedConnection(connect(*given, **named), self._step)

    def enter(self, phase: str) -> None:
        self.phase = phase
        self.seen.setdefault(phase, [])
        self._is_paused = True
        self.told.write_text(json.dumps({"phase": phase, "seen": self.seen}))
        self._is_paused = False

    def unwatched(self, act: Callable[[], Any]) -> None:
        """Does something of the harness's own in the process of the run."""
        self._is_paused = True
        act()
        self._is_paused = False

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._is_paused:
            return
        if event == "open":
            path, mode, flags = arguments
            is_writing = set(mode) & set("wax+") if isinstance(mode, str) else (flags or 0) & WRITING
            if is_writing and self._is_ours(path, -1):
                self._step("open")
        elif event in FILE_EVENTS:
            paths = arguments[: FILE_EVENTS[event]]
            folder = arguments[-1] if isinstance(arguments[-1], int) else -1
            if any(self._is_ours(path, folder) for path in paths):
                self._step(event.removeprefix("os."))

    def _is_ours(self, path: object, folder: int) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        name = os.fsdecode(path)
        if folder >= 0 and not name.startswith("/"):
            name = f"{Path(f'/proc/self/fd/{folder}').readlink()}/{name}"
        return name.startswith(f"{self.home}/")

    def _step(self, name: str) -> None:
        with self._lock:
            seen = self.seen[self.phase]
            seen.append(name)
            if self.kill and self.kill.phase == self.phase and self.kill.number == len(seen):
                os.kill(os.getpid() if self.kill.is_alone else 0, signal.SIGKILL)


class CountedConnection:
    """A DuckDB connection or cursor that says each statement before it is run."""

    def __init__(self, connection: Any, step: Callable[[str], None]) -> None:
        self._connection, self._step = connection, step

    def execute(self, *arguments: Any, **named: Any) -> "CountedConnection":
        self._step("sql")
        self._connection.execute(*arguments, **named)
        return self

    def cursor(self) -> "CountedConnection":
        return CountedConnection(self._connection.cursor(), self._step)

    def __enter__(self) -> "CountedConnection":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@dataclass(frozen=True)
class Memory:
    """What the steps of an undisturbed run answered and left, so that a later run need not repeat them.

    Attributes:
        folder: Holds `<phase>.pickle` and, in the folder `<phase>`, the working state after it.
    """

    folder: Path

    def keep(self, home: Path, phase: str, answer: Any) -> None:
        (self.folder / f"{phase}.pickle").write_bytes(pickle.dumps(answer))
        if phase != "publish_release":
            shutil.copytree(_warehouse(home), self.folder / phase, ignore=_ignore, dirs_exist_ok=True)

    def recall(self, home: Path, phase: str) -> Any:
        """The answer; the working state is put back as it was after the phase."""
        ignored = _ignore("", [path.name for path in _warehouse(home).iterdir()])
        for path in _warehouse(home).iterdir():
            if path.name not in ignored:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(self.folder / phase, _warehouse(home), dirs_exist_ok=True)
        return self.answer(phase)

    def answer(self, phase: str) -> Any:
        return pickle.loads((self.folder / f"{phase}.pickle").read_bytes())


_ignore = shutil.ignore_patterns(*NOT_REMEMBERED)


def _warehouse(home: Path) -> Path:
    return home / "data" / "warehouse"


def before(phase: str | None) -> tuple[str, ...]:
    """The steps between the intake and another one, whose answers can be remembered.

    What is checked is asked for as the tables are staged.
    """
    phase = "stage_release" if phase == "check" else phase
    return PHASES[1 : PHASES.index(phase)] if phase in PHASES[1:] else ()


def watch_phases(steps: Steps, memory: Memory | None, skipped: Sequence[str], is_kept: bool) -> None:
    """Puts the steps of the main job under watch.

    Args:
        steps: Told which step begins.
        memory: Where answers are kept or come from; none needed where every step is really done.
        skipped: Steps that are not done; their answers come from memory.
        is_kept: Whether to keep what each step answers.
    """
    import tiendo.pipeline

    for phase in PHASES:
        original = getattr(tiendo.pipeline, phase)

        def watched(*arguments: Any, phase: str = phase, original: Callable[..., Any] = original) -> Any:
            steps.enter(phase)
            if memory and phase in skipped:
                answers: list[Any] = []
                if phase == skipped[-1]:
                    steps.unwatched(lambda: answers.append(memory.recall(steps.home, phase)))
                else:
                    steps.unwatched(lambda: answers.append(memory.answer(phase)))
                return answers[0]
            answer = original(*arguments)
            if memory and is_kept and phase != "take_in":
                steps.unwatched(lambda: memory.keep(steps.home, phase, answer))
            return answer

        setattr(tiendo.pipeline, phase, functools.wraps(original)(watched))


def write_counts(steps: Steps, path: Path) -> None:
    """Leaves what was counted for the harness."""
    path.write_text(json.dumps(steps.seen))
