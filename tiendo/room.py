"""Whether the disk will suffice, asked before the work: a run that would fill it had better not begin.

What a run writes follows from the rows it reads; the ratios are measured (docs/decisions/0044-limits.md) and
on the low side, since whoever has room is not to be held up. A disk that fills all the same is TD-410.
"""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from tiendo.messages import TiendoError
from tiendo.settings import Home

MB = 1_000_000
# An extract of dossiers takes so many bytes a row as it is sent, and a quarter of them once it is landed.
BYTES_SENT_A_ROW = 180
LANDED_SHARE = 0.25
# The warehouse file and a release: what any home needs, and bytes for each landed row.
WAREHOUSE = (40 * MB, 50)
RELEASE = (40 * MB, 25)
# A release against the `tiendo.duckdb` in it: the Parquet files, the pages.
RELEASE_TO_DATABASE = 2.2
# What the checks hand over.
TEMPORARY = 10 * MB


def refuse_no_room_to_land(home: Home, coming: int) -> None:
    """Raises TD-413 where a file of so many bytes cannot be kept and landed."""
    _refuse(home.root, int(coming * (1 + LANDED_SHARE)))


def refuse_no_room_to_publish(home: Home, rows: int, coming: int = 0) -> None:
    """Raises TD-413 where a refresh would not get to its end.

    Args:
        home: The home to refresh.
        rows: Landed rows.
        coming: Bytes of raw files that are still to be landed.
    """
    rows += coming // BYTES_SENT_A_ROW
    base, each = WAREHOUSE
    needed = int(coming * LANDED_SHARE) + max(0, base + each * rows - _size(home.database))
    base, each = RELEASE
    needed += max(base + each * rows, int(_size(home.current / "tiendo.duckdb") * RELEASE_TO_DATABASE))
    _refuse(home.root, needed)
    _refuse(Path(tempfile.gettempdir()), TEMPORARY)


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _refuse(folder: Path, needed: int) -> None:
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    try:
        free = shutil.disk_usage(existing).free
    except OSError:  # Then writing will tell.
        return
    if free >= needed:
        return
    asked, left = _words(needed), _words(free)
    raise TiendoError(
        "TD-413",
        f"Không đủ chỗ trên đĩa của {folder}: cần khoảng {asked}, chỉ còn {left}. Chưa làm gì; bản phát "
        "hành hiện hành không bị ảnh hưởng.",
        f"The disk of {folder} will not suffice: about {asked} needed, {left} free. Nothing was done; the "
        "current release is untouched.",
        "Bỏ bản phát hành cũ (tiendo releases prune), dọn đĩa, hoặc chuyển sang ổ lớn hơn (TIENDO_HOME; thư "
        "mục tạm: TMPDIR) rồi chạy lại.",
        "Remove old releases (tiendo releases prune), make room, or move to a larger disk (TIENDO_HOME; "
        "temporary files: TMPDIR), then run again.",
        exit_code=4,
    )


def _words(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1000 * MB else f"{count / MB:.0f} MB"
