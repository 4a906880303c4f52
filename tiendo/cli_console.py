"""The two streams of the command line: results on standard output, progress on standard error."""

import json
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
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
    """A bar on standard error for long work; silent where that is no terminal."""
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def print_json(content: Any) -> None:
    """Prints a result for programs."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")
