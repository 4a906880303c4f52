"""A small home to try things on: its inputs, its saved states, and commands run in it by forked processes."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from faults.forks import LONGEST_SECONDS, Fork, ForkedChecks, ask
from faults.inputs import Input
from faults.steps import Kill, Memory, Steps, watch_phases, write_counts

AS_OF, KNOWN_AT = "2026-06-30", "2026-07-15T00:00+07:00"
DAY = ("--as-of", AS_OF, "--known-at", KNOWN_AT)
# Codes are answers; what the command line prints for a fault nobody foresaw is not one of them.
UNFORESEEN = ("Traceback (most recent call last)", "TD-900")


def import_everything(folder: Path) -> None:
    """All that a refresh imports, and none of it used: see `forks`; temporary files go below the folder."""
    tempfile.tempdir = str(folder / "tmp")
    Path(tempfile.tempdir).mkdir(exist_ok=True)
    os.environ |= {"TIENDO_THREADS": "1", "DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    os.environ.pop("PREFECT_API_URL", None)
    import dbt.adapters.duckdb.impl
    import dbt.cli.main  # noqa: F401
    import duckdb_engine  # noqa: F401

    import tiendo.cli
    import tiendo.cli_output
    import tiendo.pipeline
    import tiendo.quality.docs
    import tiendo.quality.worker  # noqa: F401
    from tiendo.quality.checks import import_great_expectations
    from tiendo.report.site import build, changes, overview

    import_great_expectations()
    # What befalls one page befalls four hundred, which would take longer than all else here.
    build.PARTS = (overview.pages, changes.pages)
    build.environment(None)


@dataclass
class Ended:
    """A command that ended, by itself or not."""

    code: int
    out: str
    err: str
    seen: dict[str, list[str]] | None = None

    def said(self, *codes: str) -> bool:
        return any(code in self.err or code in self.out for code in codes)

    def assert_told(self) -> None:
        """It ended with an exit code of the interface and a message, not with a traceback."""
        assert self.code in (0, 1, 2, 3, 4), f"ended with {self.code}: {self.err[-800:]}"
        for words in UNFORESEEN:
            before, found, after = (self.out + self.err).partition(words)
            assert not found, f"not an answer: {before[-300:]}{found}{after[:1500]}"
        assert self.code == 0 or "TD-" in self.err + self.out, f"no code: {self.err[-800:]}"


@dataclass
class Lab:
    """A folder with one home, its saved states and the files submitted to it.

    Attributes:
        folder: Everything lies below it.
        number: Of the next process, for the names of its logs.
    """

    folder: Path
    number: int = 0
    forks: list[Fork] = field(default_factory=list[Fork])

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def saved(self, name: str) -> Path:
        return self.folder / "saved" / name

    def memory(self, name: str) -> Memory:
        folder = self.folder / "memory" / name
        folder.mkdir(parents=True, exist_ok=True)
        return Memory(folder)

    def save(self, name: str) -> None:
        _copy(self.home, self.saved(name))

    def restore(self, name: str) -> None:
        """The home as it was saved, at the same place: the warehouse holds full paths."""
        _copy(self.saved(name), self.home)

    def start(
        self,
        *arguments: str,
        kill: Kill | None = None,
        memory: Memory | None = None,
        skipped: Sequence[str] = (),
        is_kept: bool = False,
        prepare: Callable[[], None] | None = None,
    ) -> Fork:
        """Starts a command of `tiendo` in a forked process.

        Args:
            arguments: As on the command line, without `--home`.
            kill: Where it kills itself.
            memory: Of an undisturbed refresh over the same inputs.
            skipped: Steps of the refresh that are not done again; their answers come from memory.
            is_kept: Whether this refresh is the undisturbed one.
            prepare: Done in the process before the command.
        """
        log = self.next_log()

        def run() -> int:
            if arguments[0] in ("refresh", "rebuild"):
                ForkedChecks.install(log.with_suffix(".checks"))
            if prepare is not None:
                prepare()
            steps = Steps(self.home, log.with_suffix(".phase"), kill)
            if arguments[0] == "refresh":
                watch_phases(steps, memory, skipped, is_kept)
            steps.install()
            code = command([*arguments, "--home", str(self.home)])
            write_counts(steps, log.with_suffix(".steps"))
            return code

        fork = Fork(run, log)
        self.forks.append(fork)
        return fork

    def run(self, *arguments: str, limit: float = LONGEST_SECONDS, **named: Any) -> Ended:
        """The same to its end."""
        return self.end(self.start(*arguments, **named), limit)

    def end(self, fork: Fork, limit: float = LONGEST_SECONDS) -> Ended:
        """Waits for a command; what it left running beside it is ended too."""
        code = fork.wait(limit)
        fork.kill()
        steps = fork.log.with_suffix(".steps")
        seen = json.loads(steps.read_text()) if steps.exists() else None
        self.forks.remove(fork)
        return Ended(code, fork.out, fork.err, seen)

    def ask(self, function: Callable[..., Any], *arguments: Any, limit: float = 60) -> Any:
        """What a function says of the home, which is its first argument."""
        return ask(function, self.home, *arguments, log=self.next_log(), limit=limit)

    def refresh(self, **named: Any) -> Ended:
        return self.run("refresh", *DAY, **named)

    def submit(self, sent: Input, **named: Any) -> Ended:
        """Submits a file whatever comes of it."""
        files = self.folder / "sent"
        files.mkdir(exist_ok=True)
        if "{submission}" in sent.text:
            sent = Input(
                sent.name, sent.text.replace("{submission}", self.first_submission()), sent.received_at
            )
        return self.run("submit", str(sent.at(files)), "--received-at", sent.received_at, **named)

    def first_submission(self) -> str:
        """Identifier of `FIRST`, from the path of its raw file."""
        path = next((self.home / "data/raw/coverage/2026-03").rglob("2026-04-05*.csv"))
        moment, sha12, _ = path.name.split("__")
        return f"coverage_2026-03_24133_{datetime.fromisoformat(moment):%Y%m%dT%H%M%S}_{sha12}"

    def wait_for(self, fork: Fork, phase: str, limit: float = LONGEST_SECONDS) -> dict[str, list[str]]:
        """Until a refresh has begun a step or has ended; gives the steps counted before."""
        told, until = fork.log.with_suffix(".phase"), time.monotonic() + limit
        while fork.poll() is None and time.monotonic() < until:
            with contextlib.suppress(OSError, ValueError):
                said = json.loads(told.read_text())
                if said["phase"] == phase:
                    return dict(said["seen"])
            time.sleep(0.002)
        return {}

    def end_all(self) -> None:
        for fork in self.forks:
            fork.kill()

    def next_log(self) -> Path:
        self.number += 1
        logs = self.folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        return logs / f"{os.getpid()}-{self.number}"


def command(arguments: Sequence[str]) -> int:
    """`tiendo` with arguments, in this process."""
    import tiendo.cli

    sys.argv = ["tiendo", *arguments]
    try:
        tiendo.cli.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0


def _copy(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True, timeout=120)


def set_clock(days: int) -> None:
    """The program's clock, which is read in one place, goes wrong by so many days."""
    import tiendo.settings

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=days)  # type: ignore[arg-type]

    tiendo.settings.datetime = Wrong  # type: ignore[misc]
