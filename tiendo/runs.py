"""Records of runs: what differs between equal runs stays here, outside the releases.

A record is written when a run begins and again when it ends, so that a killed run is told as well.
"""

import json
import os
import resource
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from tiendo.alarms import alarms_of
from tiendo.faults import told
from tiendo.logs import RunLog, close_log, tell
from tiendo.messages import TiendoError
from tiendo.run_history import KEPT, NOT_MEASURED, SUCCESSFUL, read_runs, run_files
from tiendo.settings import Home, now

__all__ = ["SUCCESSFUL", "Outcome", "RunRecord", "Trigger", "new_run_id", "read_runs"]

# How many earlier runs a run is compared with.
COMPARED = 60
BYTES_IN_MB = 1_000_000
KIB = 1024

Outcome = Literal["running", "published", "nothing_new", "held_back", "failed", "interrupted", "skipped"]


def new_run_id() -> str:
    """Names a run by the moment it was asked for, such as `20261031-010002-5f3a`."""
    return f"{now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


@dataclass(frozen=True)
class Trigger:
    """Why a run takes place.

    Attributes:
        command: As the lock shows it, such as `tiendo refresh`.
        scheduled_for: The moment of the schedule that asked for it; None where a person did.
        run_id: Names the run in its record, in the log, in the lock and in Prefect.
    """

    command: str = "tiendo refresh"
    scheduled_for: datetime | None = None
    run_id: str = field(default_factory=new_run_id)

    @property
    def kind(self) -> Literal["command", "schedule"]:
        """Whether a person or the schedule asked for the run."""
        return "command" if self.scheduled_for is None else "schedule"


@dataclass
class RunRecord:
    """One run: written to `data/warehouse/runs` when it begins, and again when it ends.

    As a context it sees to the end of a run that fails between two steps.

    Attributes:
        home: Whose run it is.
        path: The record's file.
        content: What is written there.
        log: The log of the run.
        seconds: Wall time of each step, in seconds.
        failure: What ended the run, in the words of the command line.
    """

    home: Home
    path: Path
    content: dict[str, Any]
    log: RunLog
    seconds: dict[str, float] = field(default_factory=dict[str, float])
    failure: TiendoError | None = None

    @classmethod
    def begin(
        cls, home: Home, as_of: date, known_at: datetime, trigger: Trigger | None = None
    ) -> "RunRecord":
        """Starts the record of a run; the oldest ones beyond `KEPT` go."""
        trigger, started = trigger or Trigger(), now()
        scheduled = trigger.scheduled_for
        content: dict[str, Any] = {
            "run_id": trigger.run_id,
            "command": trigger.command,
            "trigger": trigger.kind,
            "scheduled_for": scheduled.isoformat() if scheduled else None,
            "pid": os.getpid(),
            "started_at": started.isoformat(),
            "finished_at": None,
            "as_of": as_of.isoformat(),
            "known_at": known_at.isoformat(),
            "outcome": "running",
            "release_id": None,
            "steps": [],
            "intake": {},
            "reports": {},
            "alarms": [],
            "error": None,
        }
        path = home.runs / f"{started:%Y-%m-%dT%H%M%S.%f}.json"
        record = cls(home, path, content, RunLog(home, trigger.run_id))
        record._write()
        told = {name: content[name] for name in ("command", "trigger", "scheduled_for", "as_of", "known_at")}
        tell("run_started", f"{trigger.command}, as_of {as_of}", **told)
        for old in run_files(home)[KEPT:]:
            with suppress(OSError):
                old.unlink()
        return record

    @cached_property
    def earlier(self) -> list[dict[str, Any]]:
        """Records of the runs before this one, newest first, at most `COMPARED`."""
        found = read_runs(self.home, COMPARED + 1)
        return [run for run in found if run["run_id"] != self.content["run_id"]][:COMPARED]

    def step(self, name: str, run: Callable[..., Any], function: Callable[..., Any], *arguments: Any) -> Any:
        """Runs one step through `run` and notes what it took; a step that fails ends the record."""
        step: dict[str, Any] = {"name": name, "started_at": now().isoformat(), **NOT_MEASURED}
        self.content["steps"].append(step)
        self._write()  # Tells where a run was killed.
        self.log.enter(name)
        tell("step_started", name)
        started, cpu_before = time.perf_counter(), _cpu_seconds()
        try:
            result = run(function, *arguments)
            step["rows"] = _rows_of(result)
        except BaseException as error:
            self._measure(step, started, cpu_before)
            self._fail(error, name)
            raise
        self._measure(step, started, cpu_before)
        return result

    def _measure(self, step: dict[str, Any], started: float, cpu_before: float) -> None:
        self.seconds[step["name"]] = round(time.perf_counter() - started, 3)
        step["seconds"] = self.seconds[step["name"]]
        step["cpu_seconds"] = round(_cpu_seconds() - cpu_before, 3)
        step["memory_mb"] = _memory_mb()
        tell("step_finished", step["name"], **{part: step[part] for part in NOT_MEASURED})
        self.log.enter(None)

    def counted(self, rows: int) -> None:
        """How many rows the last step dealt with, where its result does not tell."""
        self.content["steps"][-1]["rows"] = rows

    def note(self, **facts: Any) -> None:
        """Adds facts to the record; they are written with the next step or the end."""
        self.content |= facts

    def finish(
        self, outcome: Outcome, release_id: str | None, error: Mapping[str, Any] | None = None
    ) -> None:
        """Writes how the run ended."""
        self.content |= {
            "finished_at": now().isoformat(),
            "outcome": outcome,
            "release_id": release_id,
            "seconds": self.seconds,
            "error": error,
        }
        # The figures are published or not, whatever is to be said about the run.
        with suppress(OSError, KeyError, TypeError, ValueError, AttributeError):
            found = alarms_of(self.home, self.content, self.earlier)
            self.content["alarms"] = [alarm.content() for alarm in found]
        self._write()
        self._tell_end()

    def _tell_end(self) -> None:
        error = self.content["error"]
        if error:
            tell("run_failed", error["en"], is_warning=True, code=error["code"], step=error["step"])
        for alarm in self.content["alarms"]:
            tell("alarm", alarm["en"], is_warning=True, code=alarm["code"], since=alarm["since"])
        told = {name: self.content[name] for name in ("outcome", "release_id")}
        tell("run_finished", self.content["outcome"], **told, **self.content["intake"])
        close_log()

    def __enter__(self) -> Self:
        """The record itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the record of a run that failed, and lets nothing but a `TiendoError` out for a fault."""
        if error is None:
            return
        if self.content["outcome"] == "running":
            self._fail(error, None)
        if self.failure not in (None, error):
            raise self.failure from error

    def _fail(self, error: BaseException, step: str | None) -> None:
        if not isinstance(error, Exception):  # Whoever stops a run has no fault to look for.
            self.finish("interrupted", None)
            return
        self.failure = told(error)
        self.finish("failed", None, {**_words(self.failure), "step": step})

    def _write(self) -> None:
        from tiendo.intake.store import write_atomically

        text = json.dumps(self.content, ensure_ascii=False, indent=2)
        # A run that did its work, or says why it could not, does not fail for want of a record.
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(
                self.path, lambda path: path.write_text(text, encoding="utf-8"), is_durable=False
            )


def _words(error: TiendoError) -> dict[str, Any]:
    return {"code": error.code, "vi": error.text("vi"), "en": error.text("en")}


def _rows_of(result: Any) -> int | None:
    """Rows a step dealt with, where its result tells: an intake those read, a release those published."""
    read = getattr(result, "rows_read", None)
    counts: Mapping[str, int] | None = getattr(result, "row_counts", None)
    return sum(counts.values()) if counts is not None else read


def _cpu_seconds() -> float:
    """CPU time of this process and of its children that have ended, in seconds."""
    taken = os.times()
    return taken.user + taken.system + taken.children_user + taken.children_system


def _memory_mb() -> int:
    """The most memory that this process and the largest of its children have held so far, in MB."""
    each = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each) * KIB // BYTES_IN_MB
