"""The machine: disk, temporary files, memory, open files, clock, file system."""

import os
import re
import resource
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tiendo.clock import moment_by_clock
from tiendo.doctor.diagnosis import Diagnosis, Words, existing, fine, size, told
from tiendo.limits import memory as memory_of_run
from tiendo.limits import threads
from tiendo.messages import TiendoError
from tiendo.settings import Home, now

GIB = 1024**3
# Beside the release there are its staging folder, the warehouse and what DuckDB spills.
NEEDED_DISK, LAST_DISK, NEEDED_INODES = 2 * GIB, GIB // 10, 5_000
NEEDED_TEMPORARY, NEEDED_MEMORY, NEEDED_OPEN_FILES = GIB // 4, GIB, 1024
NO_LINKS = ("không có liên kết (symlink)", "there are no symbolic links")
NO_LOCKS = ("khóa tệp không đáng tin", "locks cannot be relied on")
UNFIT = {
    **dict.fromkeys(("vfat", "msdos", "exfat"), NO_LINKS),
    **dict.fromkeys(("cifs", "smb3", "nfs", "fuse.sshfs", "fuse.rclone"), NO_LOCKS),
}
PRUNE = (
    "Xem chỗ nào chiếm: du -xsh {path}/data/*/*; bỏ bản phát hành cũ: tiendo releases prune{at}",
    "See what takes it: du -xsh {path}/data/*/*; remove old releases: tiendo releases prune{at}",
)
WORDS: dict[str, Words] = {
    "disk_full": ("error", "Ổ đĩa của {path} chỉ còn {free}", "{path}: only {free} of disk are free", *PRUNE),
    "disk_short": (
        "warning",
        "Ổ đĩa của {path} còn {free}; một lượt chạy có thể cần {needed}",
        "{path}: {free} of disk are free; a run may need {needed}",
        *PRUNE,
    ),
    "files_used_up": (
        "error",
        "Ổ đĩa của {path} chỉ còn chỗ cho {free} tệp (inode)",
        "The disk of {path} has room for {free} more files (inodes)",
        "Xem: df -i {path}; bỏ bản phát hành cũ: tiendo releases prune{at}",
        "Look: df -i {path}; remove old releases: tiendo releases prune{at}",
    ),
    "temporary_unusable": (
        "error",
        "Không ghi được vào thư mục tạm {path}",
        "The temporary folder {path} cannot be written to",
        "Chạy: mkdir -p {path} && chmod 1777 {path}; hoặc bỏ: unset TMPDIR",
        "Run: mkdir -p {path} && chmod 1777 {path}; or leave it out: unset TMPDIR",
    ),
    "temporary_short": (
        "warning",
        "Thư mục tạm {path} chỉ còn {free}",
        "Only {free} are free in the temporary folder {path}",
        "Xem: du -xsh {path}; dọn thư mục đó hoặc đặt TMPDIR vào ổ lớn hơn",
        "Look: du -xsh {path}; clear it, or set TMPDIR to a larger disk",
    ),
    "memory_short": (
        "warning",
        "Bộ nhớ còn {free}; một lượt chạy có thể cần {needed}",
        "{free} of memory are free; a run may need {needed}",
        "Xem chương trình nào chiếm: ps aux --sort=-rss | head",
        "See what takes it: ps aux --sort=-rss | head",
    ),
    "limit_too_low": (
        "error",
        "{vi}",
        "{en}",
        "Đặt lớn hơn, hoặc bỏ: unset TIENDO_MEMORY",
        "Set a larger one, or leave it out: unset TIENDO_MEMORY",
    ),
    "open_files_few": (
        "warning",
        "Chỉ được mở {found} tệp cùng lúc (cần {needed})",
        "Only {found} files may be open at once (needed: {needed})",
        "Chạy: ulimit -n {needed}; với dịch vụ: LimitNOFILE={needed}",
        "Run: ulimit -n {needed}; of a service: LimitNOFILE={needed}",
    ),
    "clock_back": ("error", "{vi}", "{en}", "Xem: timedatectl. {out_vi}", "Look: timedatectl. {out_en}"),
    "filesystem_unfit": (
        "warning",
        "{path} nằm trên {kind}, nơi {vi}",
        "{path} lies on {kind}, where {en}",
        "Chuyển sang ổ đĩa của máy (ext4, xfs): cp -a {path} ĐÍCH, rồi đặt TIENDO_HOME=ĐÍCH",
        "Move it to a disk of the machine (ext4, xfs): cp -a {path} TARGET, then set TIENDO_HOME=TARGET",
    ),
}
tell = partial(told, WORDS)


def disk(home: Home, needed: int = NEEDED_DISK) -> Iterator[Diagnosis]:
    """Room for bytes and for files."""
    folder = existing(home.root)
    room, free = os.statvfs(folder), shutil.disk_usage(folder).free
    if room.f_files and room.f_favail < NEEDED_INODES:
        yield tell(home, "files_used_up", path=home.root, free=room.f_favail)
    if free >= needed:
        yield fine("disk", f"Ổ đĩa còn {size(free)}", f"{size(free)} of disk are free")
    else:
        name = "disk_full" if free < LAST_DISK else "disk_short"
        yield tell(home, name, path=home.root, free=size(free), needed=size(needed))


def temporary(home: Home, needed: int = NEEDED_TEMPORARY) -> Iterator[Diagnosis]:
    """Where temporary files go; Python's own search for it would write there."""
    folder = Path(os.environ.get("TMPDIR") or "/tmp")  # noqa: S108 that is where it is
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield tell(home, "temporary_unusable", path=folder)
    elif (free := shutil.disk_usage(folder).free) < needed:
        yield tell(home, "temporary_short", path=folder, free=size(free))


def limits(home: Home) -> Iterator[Diagnosis]:
    """What a run keeps to; a malformed setting is told with the other settings."""
    try:
        held = f"{threads()} CPU, {size(memory_of_run())}"
    except TiendoError as error:
        if error.code == "TD-725":
            yield tell(home, "limit_too_low", vi=f"{error.code} {error.vi}", en=f"{error.code} {error.en}")
        return
    yield fine("limits", f"Một lượt chạy dùng nhiều nhất {held}", f"A run takes at most {held}")


def memory(home: Home, needed: int = NEEDED_MEMORY) -> Iterator[Diagnosis]:
    """What is left for this process, on the machine and in its control group."""
    free = min((*_free_of_machine(), *_free_of_group()), default=needed)
    if free < needed:
        yield tell(home, "memory_short", free=size(free), needed=size(needed))


def open_files(home: Home) -> Iterator[Diagnosis]:
    """How many files may be open: DuckDB reads thousands of landed files by several threads."""
    found, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if found not in (resource.RLIM_INFINITY, -1) and found < NEEDED_OPEN_FILES:
        yield tell(home, "open_files_few", found=found, needed=NEEDED_OPEN_FILES)


def clock(home: Home) -> Iterator[Diagnosis]:
    """Whether the clock can be right."""
    try:
        moment_by_clock(home)
    except TiendoError as error:
        facts = {"out_vi": error.way_out_vi, "out_en": error.way_out_en}
        yield tell(home, "clock_back", vi=f"TD-411 {error.vi}", en=f"TD-411 {error.en}", **facts)
        return
    shown = f"{now():%Y-%m-%d %H:%M}"
    yield fine("clock", f"Giờ Việt Nam của máy: {shown}", f"Clock, in Vietnamese time: {shown}")


def filesystem(home: Home, mounts: Path = Path("/proc/self/mounts")) -> Iterator[Diagnosis]:
    """Whether locks, links and renames can be relied on, by the name of the file system."""
    if not mounts.is_file():
        return
    rows = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    kinds = {Path(row[1].replace("\\040", " ")): row[2] for row in rows if len(row) > 2}
    kind = next((kinds[path] for path in (home.root, *home.root.parents) if path in kinds), "")
    if kind in UNFIT:
        vi, en = UNFIT[kind]
        yield tell(home, "filesystem_unfit", path=home.root, kind=kind, vi=vi, en=en)


def _free_of_machine() -> list[int]:
    path = Path("/proc/meminfo")
    found = re.search(r"MemAvailable:\s+(\d+)", path.read_text()) if path.is_file() else None
    return [int(found[1]) * 1024] if found else []


def _free_of_group() -> list[int]:
    try:
        limit, used = (
            Path("/sys/fs/cgroup", f"memory.{name}").read_text().strip() for name in ("max", "current")
        )
    except OSError:
        return []
    # What the group has cached of files gives way to what programs need, so it does not count as used.
    cached = re.search(r"^inactive_file (\d+)", Path("/sys/fs/cgroup/memory.stat").read_text(), re.MULTILINE)
    return [int(limit) - int(used) + int(cached[1] if cached else 0)] if limit.isdecimal() else []
