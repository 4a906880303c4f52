"""A full disk and folders that cannot be written to, for root and for others, in containers too.

A mount namespace of its own vanishes with its process, so nothing stays mounted. Where the system gives
none, a limit on the size of files stands for the full disk, and rights for the folder.
"""

import ctypes
import os
import resource
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from faults.forks import ask
from faults.lab import Lab

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
ROOM = 160 << 20
NOBODY = 65534
# Less than a warehouse or a release's DuckDB file, more than the messages of a run, which are files here.
LARGEST = 1 << 16


def inside(lab: Lab, function: Callable[..., list[str]], *arguments: object) -> list[str]:
    """What a function answers in a process that may mount; it gets the lab and whether it may."""

    def act() -> list[str]:
        return function(lab, _can_mount(), *arguments)

    return ask(act, log=lab.next_log(), limit=900)


def _can_mount() -> bool:
    """Takes this process into a mount namespace of its own."""
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if user != 0 or libc.unshare(CLONE_NEWNS) != 0:
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0:
            return False
        with suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"0 {user} 1")
            Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    return _mount("--make-rprivate", "/")


def _mount(*arguments: str) -> bool:
    with suppress(OSError):
        return subprocess.run(["mount", *arguments], capture_output=True, timeout=20).returncode == 0
    return False


@contextmanager
def small_disk(lab: Lab, saved: str, can_mount: bool) -> Generator[None]:
    """The home as it was saved, on a disk with little more room than it takes."""
    lab.restore(saved)
    is_mounted = can_mount and _mount(
        "-t", "tmpfs", "-o", f"size={_size(lab.home) + ROOM}", "tmpfs", str(lab.home)
    )
    if is_mounted:
        subprocess.run(["cp", "-a", f"{lab.saved(saved)}/.", str(lab.home)], check=True, timeout=60)
    try:
        yield
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(lab.home)], check=True, timeout=20)


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size + 8192 for path in folder.rglob("*"))


def fill(home: Path, free: int) -> None:
    """Leaves so many bytes free; where the home has no disk of its own, no file may get large."""
    room = os.statvfs(home)
    left = room.f_bavail * room.f_frsize
    if not os.path.ismount(home):
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))
        return
    number = os.open(home / "filler", os.O_WRONLY | os.O_CREAT)
    if left > free:
        os.posix_fallocate(number, 0, left - free)
    os.close(number)


@contextmanager
def read_only(folder: Path, can_mount: bool) -> Generator[Callable[[], None]]:
    """A folder that cannot be written to; what it gives is to be called in the process that shall try."""
    name = str(folder)
    if can_mount and _mount("--bind", name, name) and _mount("-o", "remount,bind,ro", name):
        try:
            yield lambda: None
        finally:
            subprocess.run(["umount", "-l", name], check=True, timeout=20)
        return
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*")) if not path.is_symlink()}
    for path, mode in modes.items():
        path.chmod(mode & 0o555 | 0o444 | (0o111 if path.is_dir() else 0))
    try:
        yield lambda: os.setuid(NOBODY) if os.geteuid() == 0 else None
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
