"""The log of a home: one JSON object a line, each with the run it belongs to, no personal data, no secrets.

What people read stays on the terminal; this is for who looks for something afterwards, with programs. Texts
are masked when they are written, so that no caller can forget it.
"""

import json
import logging
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from tiendo.messages import TiendoError
from tiendo.settings import TIMEZONE, Home

# At most 25 MB: some 100,000 lines, years of nights.
MOST_BYTES, OLDER_FILES = 5_000_000, 4
_LOGGER = logging.getLogger("tiendo")
# Neither the terminal nor the root logger of another program gets these lines.
_LOGGER.propagate = False
_LOGGER.setLevel(logging.INFO)
_LOGGER.addHandler(logging.NullHandler())

_HIDDEN = "…"
_SUBMISSION = re.compile(r"__[0-9a-f]{12}__")
_FILES = "xlsx?|xlsm|xlsb|ods|csv|tsv|docx?|pdf|xml|html?|zip|rar|7z"
_SECRETS = "password|passwd|secret|token|api[_-]?key|authorization"
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    # Whole: besides names and passwords in front of the host, web hooks carry a secret in the path.
    (re.compile(r"://[^\s”\"'<>]+"), f"://{_HIDDEN}"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _HIDDEN),
    # Files as received: what stands before the name identifies the submission.
    (re.compile(r"(__[0-9a-f]{12}__)[^/\n]*"), rf"\1{_HIDDEN}"),
    # Other files; their names may hold spaces, so what is before them in the sentence goes as well.
    (re.compile(rf"[^/\n“\"'(:,;]*\.(?:{_FILES})\b", re.IGNORECASE), _HIDDEN),
    (re.compile(rf"\b({_SECRETS})(\s*[=:]\s*)[^\n]+", re.IGNORECASE), rf"\1\2{_HIDDEN}"),
    # Identity cards, telephones.
    (re.compile(r"(?<![\w.-])\+?(?:\d[ .-]?){9,12}(?!\w)"), _HIDDEN),
)


def masked(text: str) -> str:
    """A text without addresses of persons, secrets in addresses, names of received files, long numbers."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text.replace(str(Path.home()), "~")


def _safe(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float) else masked(str(value))


class _JsonLines(logging.Formatter):
    """One JSON object a line.

    Attributes:
        run_id: Of the run whose log it is.
        step: In which the run is.
    """

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self.run_id = run_id
        self.step: str | None = None

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record; only what was said is in it, never a traceback."""
        fields: Mapping[str, Any] = getattr(record, "fields", {})
        line = {
            "at": datetime.fromtimestamp(record.created, TIMEZONE).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "run_id": self.run_id,
            "step": self.step,
            "event": getattr(record, "event", record.name),
            "message": masked(record.getMessage()),
            "fields": {name: _safe(value) for name, value in fields.items()},
        }
        return json.dumps(line, ensure_ascii=False)


class RunLog(RotatingFileHandler):
    """The open log of one run; a process has one at a time."""

    def __init__(self, home: Home, run_id: str) -> None:
        """Opens the log; where that cannot be, the run goes on without."""
        close_log()
        with suppress(OSError):
            home.logs.mkdir(parents=True, exist_ok=True)
        super().__init__(
            home.logs / "tiendo.jsonl",
            maxBytes=MOST_BYTES,
            backupCount=OLDER_FILES,
            encoding="utf-8",
            delay=True,
        )
        self._lines = _JsonLines(run_id)
        self.setFormatter(self._lines)
        _LOGGER.addHandler(self)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 named by logging
        """A run does not fail for want of a log, and a full disk is told once, by the run."""

    def enter(self, step: str | None) -> None:
        """From now on lines belong to this step."""
        self._lines.step = step


def close_log() -> None:
    """Closes the log of the run that has ended."""
    for handler in list(_LOGGER.handlers):
        if isinstance(handler, RunLog):
            _LOGGER.removeHandler(handler)
            handler.close()


def tell(event: str, message: str, *, is_warning: bool = False, **fields: Any) -> None:
    """Writes a line into the log of the run under way; nothing where there is none.

    Args:
        event: A stable name, such as `step_finished`.
        message: A sentence.
        is_warning: Whether somebody should look at it.
        fields: Numbers, codes and identifiers. Texts are masked; a text of a sender does not belong here.
    """
    level = logging.WARNING if is_warning else logging.INFO
    _LOGGER.log(level, "%s", message, extra={"event": event, "fields": fields})


def tell_problem(problem: TiendoError) -> None:
    """Writes what is wrong with a file that came in: its code and which submission, not what it says."""
    file, row = problem.place.file or "", problem.place.row
    submission = masked(file) if _SUBMISSION.search(file) else None
    tell("input_problem", problem.code, is_warning=True, code=problem.code, file=submission, row=row)
