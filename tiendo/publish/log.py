"""The release log: what was done to the releases of a home, one line each, never rewritten.

It holds what depends on the order of events and therefore may not stand in a release: what was published,
rolled back, locked, pruned, which drift was accepted. It lies beside the releases, so a rebuild keeps it.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast, get_args

from tiendo.publish.files import plain, sync_file
from tiendo.settings import Home, now

Event = Literal["published", "drift_accepted", "rolled_back", "locked", "unlocked", "pruned"]


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes:
        event: What was done.
        at: When, with zone.
        facts: Of which release (`release_id`), why (`reason`) and what else the event says of itself.
    """

    event: Event
    at: datetime
    facts: dict[str, Any]


def append(home: Home, event: Event, **facts: Any) -> Entry:
    """Adds a line and waits until it has reached the disk. The caller holds the run lock.

    Args:
        home: The home.
        event: What was done.
        facts: What `Entry.facts` says; dates and paths are written as in JSON elsewhere.

    Raises:
        OSError: The line cannot be written.
    """
    entry = Entry(event, now(), facts)
    content = {"at": entry.at, "event": event, **facts}
    line = json.dumps(content, ensure_ascii=False, default=plain) + "\n"
    home.curated.mkdir(parents=True, exist_ok=True)
    is_new = not home.release_log.exists()
    with home.release_log.open("ab+") as stream:
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            if stream.read(1) != b"\n":  # A run was killed while it wrote: its half line stays on its own.
                line = "\n" + line
        stream.write(line.encode())
        stream.flush()
        os.fsync(stream.fileno())
    if is_new:
        sync_file(home.curated)
    return entry


def read_log(home: Home) -> list[Entry]:
    """All lines, oldest first; a half-written or foreign line is passed over."""
    if not home.release_log.is_file():
        return []
    lines = home.release_log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [entry for line in lines if (entry := _parse(line)) is not None]


def _parse(line: str) -> Entry | None:
    try:
        content = cast("dict[str, Any]", json.loads(line))
        event, at = content.pop("event"), datetime.fromisoformat(content.pop("at"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return Entry(event, at, content) if event in get_args(Event) else None
