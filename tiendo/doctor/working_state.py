"""The working state in `data/warehouse`: whether it is what was written. A run makes anew what is not."""

import re
import struct
from collections.abc import Iterator
from functools import partial
from importlib.metadata import version
from pathlib import Path

from tiendo.doctor.diagnosis import Diagnosis, Words, fine, listed, size, told
from tiendo.lock import lock_owner
from tiendo.messages import TiendoError
from tiendo.settings import Home

REFRESH = (
    "Lượt sau tự dựng lại từ data/raw; muốn ngay: tiendo refresh{at}",
    "The next run makes it anew from data/raw; at once: tiendo refresh{at}",
)
WORDS: dict[str, Words] = {
    "ledger_damaged": ("warning", "TD-402 {vi}", "TD-402 {en}", *REFRESH),
    "working_state_missing": (
        "warning",
        "Mất trạng thái làm việc: không có {path}",
        "The working state is gone: no {path}",
        *REFRESH,
    ),
    "working_state_misshapen": (
        "warning",
        "Trong {path} có tệp ở chỗ của thư mục hoặc ngược lại",
        "In {path} a file lies where a folder belongs, or the other way round",
        *REFRESH,
    ),
    "landed_damaged": (
        "warning",
        "{count} tệp đã nạp bị mất hoặc hỏng: {listed}",
        "{count} landed files are gone or damaged: {listed}",
        *REFRESH,
    ),
    "warehouse_damaged": (
        "warning",
        "Kho {path} bị cắt hoặc hỏng",
        "The warehouse {path} is cut off or damaged",
        "Lượt sau tự dựng lại; muốn ngay: tiendo refresh --full{at}",
        "The next run that publishes makes it anew; at once: tiendo refresh --full{at}",
    ),
    "warehouse_newer": (
        "warning",
        "Kho do DuckDB {found} ghi, ở đây cài {installed}: có bản tiendo mới hơn dùng chung thư mục",
        "The warehouse was written by DuckDB {found}, here is {installed}: a newer tiendo uses this home",
        "Xem bản nào: tiendo releases show current{at}; dùng một bản duy nhất (uv sync --locked)",
        "See which: tiendo releases show current{at}; use one version only (uv sync --locked)",
    ),
    "leftovers": (
        "note",
        "Còn sót của lượt bị ngắt: {listed} ({size})",
        "Left by runs that were cut off: {listed} ({size})",
        "Lượt phát hành sau tự xóa; muốn ngay: tiendo refresh --full{at}",
        "The next run that publishes removes it; at once: tiendo refresh --full{at}",
    ),
    "damaged_kept": (
        "warning",
        "Bản phát hành hỏng được giữ lại để xem: {listed} ({size})",
        "Damaged releases are kept to be looked at: {listed} ({size})",
        "Tìm ai đã sửa (ls -la {path}), rồi: chmod -R u+w {path} && rm -r {path}",
        "Find out who altered it (ls -la {path}), then: chmod -R u+w {path} && rm -r {path}",
    ),
}
tell = partial(told, WORDS)
# What runs write under another name first, below the home.
LEFTOVERS = (
    "data/raw/**/.*.tmp", "data/warehouse/**/.*.tmp", "data/curated/.current*",
    "data/curated/releases/.staging-*", "data/curated/releases/.pruned-*", "data/.rebuild-*",
)  # fmt: skip
# DuckDB's file: magic bytes, three header blocks, then blocks; the newer of two headers counts them.
MAGIC, HEADER, HEADERS = b"DUCK", 4096, 3


def state(home: Home) -> Iterator[Diagnosis]:
    """Ledger and landed files, each against its hash."""
    from tiendo.intake.ledger import read_ledger
    from tiendo.intake.store import landed_hash, parse_raw_path
    from tiendo.warehouse.soundness import is_misshapen

    if is_misshapen(home):
        yield tell(home, "working_state_misshapen", path=home.warehouse)
        return
    if not home.ledger.exists():
        if home.current_json.exists():
            yield tell(home, "working_state_missing", path=home.ledger)
        return
    try:
        ledger = read_ledger(home)
    except TiendoError as error:
        yield tell(home, "ledger_damaged", vi=error.vi, en=error.en)
        return
    landed = [row for row in ledger.iter_rows(named=True) if row["status"] == "landed"]
    known = [(parse_raw_path(row["raw_path"]), row["landed_hash"]) for row in landed]
    damaged = [it.submission_id for it, expected in known if it and landed_hash(home, it) != expected]
    if damaged:
        yield tell(home, "landed_damaged", count=len(damaged), listed=listed(damaged, 3))
    else:
        count = ledger.height
        yield fine(
            "ledger",
            f"Sổ lần nộp và {count} lần nộp nguyên vẹn",
            f"The ledger and {count} submissions are whole",
        )


def warehouse(home: Home) -> Iterator[Diagnosis]:
    """The DuckDB file by its header alone: to open a damaged one can end the process."""
    if not home.database.is_file() or lock_owner(home):
        return
    with home.database.open("rb") as file:
        content = file.read(HEADER * HEADERS)
    if not _is_whole(content, home.database.stat().st_size):
        yield tell(home, "warehouse_damaged", path=home.database)
        return
    found = re.match(rb"v?(\d+)\.(\d+)", content[52:84])
    installed = version("duckdb")
    if found and (int(found[1]), int(found[2])) > tuple(int(part) for part in installed.split(".")[:2]):
        shown = f"{int(found[1])}.{int(found[2])}"
        yield tell(home, "warehouse_newer", found=shown, installed=installed)


def leftovers(home: Home) -> Iterator[Diagnosis]:
    """What killed runs left, and damaged releases that a run put aside."""
    left = [] if lock_owner(home) else [path for pattern in LEFTOVERS for path in home.root.glob(pattern)]
    for name, paths in (("leftovers", left), ("damaged_kept", sorted(home.releases.glob(".damaged-*")))):
        if paths:
            names = [path.relative_to(home.root / "data").as_posix() for path in paths]
            taken = size(sum(_size(path) for path in paths))
            yield tell(home, name, listed=listed(names, 3), size=taken, path=paths[0])


def _is_whole(content: bytes, length: int) -> bool:
    if len(content) < HEADER * HEADERS or content[8:12] != MAGIC:
        return False
    # Each header: checksum, iteration, meta block, free list, blocks, bytes of a block.
    headers = [struct.unpack_from("<6Q", content, HEADER * number) for number in (1, 2)]
    _, _, _, _, blocks, block = max(headers, key=lambda header: header[1])
    return length >= HEADER * HEADERS + blocks * block


def _size(path: Path) -> int:
    return sum(each.lstat().st_size for each in (path, *path.rglob("*")))
