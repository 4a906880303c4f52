"""Reads the records of runs, also those of earlier versions and of runs that were killed."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tiendo.lock import lock_owner
from tiendo.settings import Home

# More than a year of nights. Older records are removed when a run begins.
KEPT = 400
# The home was brought up to date, whether or not that made a release.
SUCCESSFUL = ("published", "nothing_new", "held_back")
NOT_MEASURED: Mapping[str, Any] = MappingProxyType(
    {"seconds": None, "cpu_seconds": None, "memory_mb": None, "rows": None}
)
_CODE = re.compile(r"TD-\d{3}")


def read_runs(home: Home, most: int = KEPT) -> list[dict[str, Any]]:
    """Records of runs, newest first; what cannot be read is left out.

    Args:
        home: Whose runs.
        most: How many at most.

    Returns:
        Mappings with the keys that `RunRecord.begin` writes, also for records of earlier versions; `outcome`
        is `interrupted` where a record says `running` and no process holding the lock is behind it.
    """
    found: list[dict[str, Any]] = []
    for path in run_files(home):
        with suppress(OSError, ValueError, TypeError, KeyError):
            run = _read(path)
            if run["outcome"] == "running" and (_has_begun_after(found) or not _holds_lock(home, run)):
                run["outcome"] = "interrupted"
            found.append(run)
        if len(found) == most:
            break
    return found


def run_files(home: Home) -> list[Path]:
    """Records, newest first: their names are moments."""
    return sorted(home.runs.glob("*.json"), reverse=True)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = dict(json.loads(path.read_text(encoding="utf-8")))
    seconds: Mapping[str, float] = content.get("seconds") or {}
    # What records of earlier versions lack.
    missing: dict[str, Any] = {
        "run_id": path.stem,
        "command": "tiendo refresh",
        "trigger": "command",
        "scheduled_for": None,
        "pid": None,
        "finished_at": None,
        "as_of": None,
        "known_at": None,
        "outcome": "failed",
        "release_id": None,
        "intake": {},
        "reports": {},
        "alarms": [],
        "error": None,
        "steps": [
            {"name": name, "started_at": None, **NOT_MEASURED, "seconds": taken}
            for name, taken in seconds.items()
        ],
    }
    run = missing | content
    datetime.fromisoformat(run["started_at"])
    if isinstance(run["error"], str):
        step, _, words = run["error"].partition(": ")
        code = _CODE.match(words)
        run["error"] = {"code": code[0] if code else "TD-900", "vi": words, "en": words, "step": step}
    return run


def _has_begun_after(newer: list[dict[str, Any]]) -> bool:
    """Whether a later run took the lock; one that was skipped did not."""
    return any(run["outcome"] != "skipped" for run in newer)


def _holds_lock(home: Home, run: Mapping[str, Any]) -> bool:
    """Whether the process of a run lives and holds the lock."""
    return lock_owner(home).get("pid") == run["pid"]
