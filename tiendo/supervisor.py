"""Keeps the processes of the service running: one that ends is started again, whatever ended it.

Small on purpose: systemd looks after this process, and this process after two others, so that one unit and
one command are enough. A child ends when this process does, even where it is killed.
"""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

# A running step may end what it is at; `TimeoutStopSec` of the unit is longer than both together.
STOP_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0
# Who has run that long was well; the next pause is the shortest again.
WELL_AFTER_SECONDS = 60.0
PR_SET_PDEATHSIG = 1

Ended = Callable[[str, int, float], None]


@dataclass
class Child:
    """A process to keep running, with its own group, so that its children can be ended with it.

    Attributes:
        name: As it is told to people.
        command: Program and arguments.
        environment: Its whole environment.
        process: It, once started.
        pause: Seconds until it is started again.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = 1.0
    _started: float = field(default=0.0)
    _due: float = field(default=0.0)

    def start(self) -> None:
        """Starts it."""
        self._started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 own commands
            list(self.command),
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def look_after(self, ended: Ended) -> None:
        """Starts it if it is due, and notes where it has ended."""
        if self.process is None:
            if time.monotonic() >= self._due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self._signal(signal.SIGTERM)  # What it leaves behind would go on beside the next one.
        was_well = time.monotonic() - self._started >= WELL_AFTER_SECONDS
        self.pause = 1.0 if was_well else min(2 * self.pause, LONGEST_PAUSE_SECONDS)
        self.process, self._due = None, time.monotonic() + self.pause
        ended(self.name, code, self.pause)

    def stop(self, patience: float = STOP_SECONDS) -> None:
        """Asks it to end, waits, and ends it and what it started where it does not."""
        if self.process is None:
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self._signal(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def keep_running(children: Sequence[Child], ended: Ended) -> None:
    """Keeps the children running until SIGTERM or SIGINT, then stops them, the last one first.

    Args:
        children: In the order of their start.
        ended: Told of each that ended by itself: name, exit code, seconds until it is started again.
    """
    asked = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    try:
        while not asked.is_set():
            for child in children:
                child.look_after(ended)
            asked.wait(LOOK_EVERY_SECONDS)
    finally:
        for child in reversed(children):
            child.stop()


def _end_with_parent() -> None:
    """In the child: the system asks it to end when its parent is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
