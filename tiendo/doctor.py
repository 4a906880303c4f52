"""What is wrong with an installation or a home, and what to do about it."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from tiendo.folders import exposures
from tiendo.messages import TiendoError
from tiendo.settings import Home

PINNED = ("duckdb", "dbt-core", "dbt-duckdb", "polars", "great-expectations", "prefect")
NEEDED_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Diagnosis:
    """One finding.

    Attributes:
        level: `error` hinders a run, `warning` may.
        vi: What was found, in Vietnamese.
        en: The same in English.
        advice_vi: What to do; empty where nothing is wrong.
        advice_en: The same in English.
    """

    level: Literal["ok", "warning", "error"]
    vi: str
    en: str
    advice_vi: str = ""
    advice_en: str = ""


def examine(home: Home) -> list[Diagnosis]:
    """Looks at everything a refresh relies on; changes nothing."""
    probes: tuple[Callable[[Home], Iterator[Diagnosis]], ...] = (
        _python,
        _packages,
        _folders,
        _permissions,
        _disk,
        _plans,
        _lock,
        _ledger,
        _release,
    )
    return [diagnosis for probe in probes for diagnosis in probe(home)]


def _python(_: Home) -> Iterator[Diagnosis]:
    found = ".".join(str(part) for part in sys.version_info[:3])
    if (3, 11) <= sys.version_info[:2] < (3, 14):
        yield Diagnosis("ok", f"Python {found}", f"Python {found}")
    else:
        yield Diagnosis(
            "error",
            f"Python {found} không dùng được",
            f"Python {found} is not supported",
            "Cài Python 3.11, 3.12 hoặc 3.13.",
            "Install Python 3.11, 3.12 or 3.13.",
        )


def _packages(_: Home) -> Iterator[Diagnosis]:
    missing: list[str] = []
    found: list[str] = []
    for name in PINNED:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        listed = ", ".join(missing)
        yield Diagnosis(
            "error", f"Thiếu gói {listed}", f"Missing packages {listed}", "Chạy “uv sync”.", "Run “uv sync”."
        )
    else:
        yield Diagnosis("ok", ", ".join(found), ", ".join(found))


def _folders(home: Home) -> Iterator[Diagnosis]:
    for folder in (home.raw, home.warehouse, home.curated):
        nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
        if nearest.is_dir() and os.access(nearest, os.W_OK):
            continue
        yield Diagnosis(
            "error",
            f"Không ghi được vào {folder}",
            f"Cannot write to {folder}",
            f"Cấp quyền ghi trên {nearest} cho người chạy tiendo.",
            f"Give the user who runs tiendo the right to write to {nearest}.",
        )
        return
    yield Diagnosis("ok", f"Ghi được vào {home.root}", f"{home.root} is writable")


def _permissions(home: Home) -> Iterator[Diagnosis]:
    words = {
        "seen": ("Người khác đọc được", "Others can look into"),
        "writable": ("Người khác hoặc chương trình khác sửa được", "Can be altered:"),
        "closed": ("Chuyên viên phân tích không đọc được", "Analysts cannot read"),
    }
    found = list(exposures(home))
    for exposure in found:
        vi, en = words[exposure.kind]
        yield Diagnosis(
            "warning",
            f"{vi} {exposure.path}",
            f"{en} {exposure.path}",
            f"Chạy: {exposure.remedy}",
            f"Run: {exposure.remedy}",
        )
    if not found:
        yield Diagnosis("ok", "Quyền truy cập thư mục đúng", "The rights on folders are right")


def _disk(home: Home) -> Iterator[Diagnosis]:
    nearest = next(parent for parent in (home.root, *home.root.parents) if parent.exists())
    free = shutil.disk_usage(nearest).free
    text_vi, text_en = f"Ổ đĩa còn {free / 1024**3:.1f} GiB", f"{free / 1024**3:.1f} GiB of disk are free"
    if free >= NEEDED_FREE_BYTES:
        yield Diagnosis("ok", text_vi, text_en)
    else:
        yield Diagnosis(
            "warning",
            text_vi,
            text_en,
            "Dọn ổ đĩa: một lượt chạy cần chỗ cho kho số liệu và một bản phát hành nữa.",
            "Make room: a run needs space for the warehouse and one more release.",
        )


def _plans(home: Home) -> Iterator[Diagnosis]:
    from tiendo.registry.plans import load_registry

    try:
        registry = load_registry(home.plans)
    except TiendoError as error:
        yield Diagnosis(
            "error", error.text("vi"), error.text("en"), "Sửa tệp nêu trên.", "Repair the file named."
        )
        return
    plans, targets = registry["plans"].height, registry["plan_targets"].height
    yield Diagnosis(
        "ok",
        f"{plans} kế hoạch, {targets} dòng mục tiêu ({home.plans})",
        f"{plans} plans, {targets} target rows ({home.plans})",
    )


def _lock(home: Home) -> Iterator[Diagnosis]:
    from filelock import FileLock, Timeout

    from tiendo.lock import lock_owner

    if not home.lock.exists():
        yield Diagnosis("ok", "Không có lượt chạy nào", "No run is under way")
        return
    lock = FileLock(home.lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        owner = lock_owner(home)
        text = f"{owner.get('command', '?')}, pid {owner.get('pid', '?')}, {owner.get('started_at', '?')}"
        yield Diagnosis(
            "warning",
            f"Đang có lượt chạy: {text}",
            f"A run is under way: {text}",
            "Chờ lượt đó xong.",
            "Wait until it ends.",
        )
        return
    except OSError as error:
        yield Diagnosis("error", f"Không mở được khóa: {error}", f"Cannot open the lock: {error}")
        return
    lock.release()
    yield Diagnosis("ok", "Không có lượt chạy nào", "No run is under way")


def _ledger(home: Home) -> Iterator[Diagnosis]:
    from tiendo.intake.landing import read_ledger

    try:
        ledger = read_ledger(home)
    except TiendoError as error:
        yield Diagnosis(
            "warning", error.text("vi"), error.text("en"), "Chạy “tiendo rebuild”.", "Run “tiendo rebuild”."
        )
        return
    yield Diagnosis("ok", f"Sổ lần nộp: {ledger.height} tệp", f"Ledger: {ledger.height} files")


def _release(home: Home) -> Iterator[Diagnosis]:
    from tiendo.publish.release import current_release, verify

    try:
        path = current_release(home)
    except TiendoError as error:
        yield Diagnosis(
            "error", error.text("vi"), error.text("en"), "Chạy “tiendo rebuild”.", "Run “tiendo rebuild”."
        )
        return
    if path is None:
        yield Diagnosis(
            "warning",
            "Chưa có bản phát hành nào",
            "Nothing has been published yet",
            "Chạy “tiendo refresh”.",
            "Run “tiendo refresh”.",
        )
        return
    differences = verify(home)
    if differences:
        listed = ", ".join(difference.path for difference in differences[:5])
        yield Diagnosis(
            "error",
            f"Bản phát hành {path.name} không còn nguyên vẹn: {listed}",
            f"Release {path.name} is not intact: {listed}",
            "Chạy “tiendo rebuild”.",
            "Run “tiendo rebuild”.",
        )
    else:
        yield Diagnosis("ok", f"Bản phát hành {path.name} nguyên vẹn", f"Release {path.name} is intact")
