"""One run at a time: a file lock with the owner's name and the age of the run.

The operating system releases the lock when the process ends, however it ends, so nothing stale has to be
broken. What stays behind is the note of who held it; it is believed only as long as that very process lives.
"""

import json
import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tiendo.folders import make_folders
from tiendo.messages import TiendoError
from tiendo.settings import Home, now

Held = Callable[[dict[str, Any]], TiendoError]
POLL_SECONDS = 1.0
BOOT = Path("/proc/sys/kernel/random/boot_id")


@contextmanager
def run_lock(home: Home, command: str, wait_seconds: float = 0, run_id: str | None = None) -> Generator[None]:
    """Holds the home's lock while the block runs.

    Args:
        home: The home.
        command: What others are told of the run, such as `tiendo refresh`.
        wait_seconds: How long to wait for a run that holds the lock.
        run_id: Identifier of the run, for others to be told.

    Raises:
        TiendoError: TD-401, exit code 3, where another run holds it.
    """
    with exclusive(home, home.lock, {"command": command, "run_id": run_id}, _held, wait_seconds):
        yield


@contextmanager
def exclusive(
    home: Home, path: Path, about: dict[str, Any], held: Held, wait_seconds: float = 0
) -> Generator[None]:
    """Holds one lock file of a home; `held` makes the error from what is known of its owner."""
    make_folders(home)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait_seconds, poll_interval=min(POLL_SECONDS, wait_seconds or POLL_SECONDS))
    except Timeout:
        raise held(owner_of(path)) from None
    try:
        with suppress(OSError):  # A full disk has no room for the note, and only pruning makes room on it.
            _write_owner(path, about)
        yield
    finally:
        _owner_file(path).unlink(missing_ok=True)
        lock.release()


def lock_owner(home: Home) -> dict[str, Any]:
    """Who holds the home's lock: `command`, `pid`, `started_at`, `run_id`; empty where nobody does.

    A killed owner, one from before the last boot, another process with the same number and a half written
    note all count as nobody. The lock itself is not touched.
    """
    return owner_of(home.lock)


def owner_of(path: Path) -> dict[str, Any]:
    """Who holds this lock file, as `lock_owner` tells it."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        told = dict(json.loads(_owner_file(path).read_text(encoding="utf-8")))
        datetime.fromisoformat(told["started_at"])
        if told["process"] and told["process"] == process_identity(int(told["pid"])):
            return told
    return {}


def process_identity(pid: int) -> str | None:
    """What tells a process from a later one with the same number: the boot and its start, in clock ticks.

    None where there is no such process, or only what is left of one until its parent has taken note.
    """
    try:
        # The name of the program stands in brackets and may hold anything; its state follows.
        fields = (
            Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
        boot = BOOT.read_text(encoding="utf-8").strip()
    except OSError:
        return None
    return None if fields[0] in "ZX" else f"{boot}/{fields[19]}"


def age_in_minutes(owner: dict[str, Any]) -> int:
    """For how long an owner has held its lock."""
    return int((now() - datetime.fromisoformat(owner["started_at"])).total_seconds() // 60)


def _write_owner(path: Path, about: dict[str, Any]) -> None:
    started = {
        **about,
        "pid": os.getpid(),
        "process": process_identity(os.getpid()),
        "started_at": now().isoformat(),
    }
    file = _owner_file(path)
    partial = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        partial.write_text(json.dumps(started), encoding="utf-8")
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def _owner_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.owner.json")


def _held(owner: dict[str, Any]) -> TiendoError:
    who_vi = who_en = ""
    if owner:
        minutes, run = age_in_minutes(owner), f" ({owner['run_id']})" if owner.get("run_id") else ""
        who_vi = f": {owner['command']}{run}, tiến trình {owner['pid']}, đã chạy {minutes} phút"
        who_en = f": {owner['command']}{run}, process {owner['pid']}, running for {minutes} minutes"
    return TiendoError(
        "TD-401",
        f"Đang có một lượt chạy khác{who_vi}.",
        f"Another run is under way{who_en}.",
        "Chờ lượt đó xong rồi chạy lại.",
        "Wait until it ends, then run again.",
        exit_code=3,
    )
