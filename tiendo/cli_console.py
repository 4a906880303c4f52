"""The two streams of the command line: results on standard output, progress on standard error."""

import json
import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from threading import Lock
from typing import Any

from rich.console import Console

from tiendo.messages import Language

# A pipe has no width; lines wrapped at 80 would break tables that a person later reads in an editor.
WIDTH_WITHOUT_TERMINAL = 140
# What a terminal shows for the colours of statuses and task states.
COLOURS = {"green": "green", "yellow": "yellow", "red": "red", "grey": "dim"}


def console() -> Console:
    """Standard output, plain and wide enough where it is no terminal."""
    return Console(
        file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL, highlight=False
    )


def say(language: Language, vi: str, en: str) -> None:
    """One line of progress on standard error."""
    sys.stderr.write((vi if language == "vi" else en) + "\n")


@contextmanager
def progress_bar() -> Generator[Callable[[int, int], None]]:
    """A bar on standard error for long work, once there is some; silent where that is no terminal."""
    if not sys.stderr.isatty():
        yield _silent
        return
    with ExitStack() as stack:
        yield _Bar(stack).update


def _silent(_done: int, _total: int) -> None:
    pass


class _Bar:
    """Appears with the first step: importing it costs a moment that work with nothing to do has not."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._update: Callable[[int, int], None] | None = None
        self._lock = Lock()

    def update(self, done: int, total: int) -> None:
        """Shows how much of the work is done."""
        with self._lock:  # dbt tells from several threads.
            if self._update is None:
                self._update = self._shown()
        self._update(done, total)

    def _shown(self) -> Callable[[int, int], None]:
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        # The time left follows, once there is a pace.
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
        progress = self._stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
        task = progress.add_task("", total=None)
        return lambda done, total: progress.update(task, completed=done, total=total)


def print_json(content: Any) -> None:
    """Prints a result for programs."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")
