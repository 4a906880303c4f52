"""One run at a time: a file lock with the owner's name and the age of the run.

The operating system releases the lock when the process ends, however it ends, so a killed run leaves
nothing to clean up.
"""

import json
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from filelock import FileLock, Timeout

from tiendo.folders import make_folders
from tiendo.messages import TiendoError
from tiendo.settings import Home, now


@contextmanager
def run_lock(home: Home, command: str) -> Generator[None]:
    """Holds the home's lock while the block runs.

    Raises:
        TiendoError: TD-401, exit code 3, where another run holds it.
    """
    make_folders(home)
    owner = home.lock.with_name(f"{home.lock.name}.owner.json")
    lock = FileLock(home.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise _held(lock_owner(home)) from None
    started = {"command": command, "pid": os.getpid(), "started_at": now().isoformat()}
    try:
        owner.write_text(json.dumps(started), encoding="utf-8")
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def lock_owner(home: Home) -> dict[str, Any]:
    """Who holds the lock, as far as is known; empty where nobody wrote it down."""
    with suppress(OSError, ValueError):
        path = home.lock.with_name(f"{home.lock.name}.owner.json")
        return dict(json.loads(path.read_text(encoding="utf-8")))
    return {}


def _held(owner: dict[str, Any]) -> TiendoError:
    who_vi = who_en = ""
    if owner:
        minutes = int((now() - datetime.fromisoformat(owner["started_at"])).total_seconds() // 60)
        who_vi = f": {owner['command']}, tiến trình {owner['pid']}, đã chạy {minutes} phút"
        who_en = f": {owner['command']}, process {owner['pid']}, running for {minutes} minutes"
    return TiendoError(
        "TD-401",
        f"Đang có một lượt chạy khác{who_vi}.",
        f"Another run is under way{who_en}.",
        "Chờ lượt đó xong rồi chạy lại.",
        "Wait until it ends, then run again.",
        exit_code=3,
    )
