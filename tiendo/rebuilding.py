"""Proves a release: everything is built anew beside it, from data/raw and the plans, and compared.

Neither the working state nor the release in force is touched. Equal inputs and code must give equal bytes;
where the release was made by other code or other packages, its tables are compared and that is said first.
"""

import os
import shutil
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tiendo.messages import TiendoError
from tiendo.pipeline import Moment, call_directly, pipeline
from tiendo.publish.comparing import TableDifference, compare_database, compare_files
from tiendo.publish.release import load_manifest, release_folder
from tiendo.settings import Home

# What a manifest says of how a release came about; the words are those shown to users.
PROVENANCE = ("code_version", "code", "versions", "plans", "seeds", "inputs")
_ASIDE = ".rebuild-"
_SPARE_BYTES = 200 * 1024 * 1024


@dataclass(frozen=True)
class Rebuilt:
    """What building everything anew came to.

    Attributes:
        release_id: The release in force, which it is compared with.
        made_otherwise: Parts of the manifest that differ from the start (`PROVENANCE`): other code, packages,
            plans, seeds or submissions. Only tables are compared then, all other files naming the release.
        differing_files: Files that are not byte for byte the same, the database file excepted.
        differing_tables: What differs in the tables, in their Parquet files or in the database file.
        files_compared: How many files were compared.
    """

    release_id: str
    made_otherwise: tuple[str, ...]
    differing_files: tuple[str, ...]
    differing_tables: tuple[TableDifference, ...]
    files_compared: int

    @property
    def is_identical(self) -> bool:
        """Whether the release is proved."""
        return not self.differing_files and not self.differing_tables


def verify_rebuild(home: Home, run: Callable[..., Any] = call_directly) -> Rebuilt:
    """Builds everything anew beside the release in force and compares. The caller holds the run lock.

    Args:
        home: The home.
        run: Calls a step with its arguments, as in `pipeline`.

    Raises:
        TiendoError: TD-607 or TD-604 where there is no release to compare with, TD-611 where the disk has no
            room; what `pipeline` raises.
    """
    folder = release_folder(home)
    manifest = load_manifest(home)
    moment = Moment(date.fromisoformat(manifest["as_of"]), datetime.fromisoformat(manifest["known_at"]))
    _refuse_full_disk(home, folder)
    with _aside(home) as beside:
        pipeline(beside, moment, run=run, full=True)
        anew = release_folder(beside)
        made = load_manifest(beside)
        otherwise = tuple(part for part in PROVENANCE if manifest.get(part) != made.get(part))
        pattern = "*.parquet" if otherwise else "*"
        compared, files, tables = compare_files(folder, anew, pattern)
        tables += compare_database(folder, anew, made["row_counts"])
    return Rebuilt(folder.name, otherwise, tuple(files), tuple(tables), compared)


@contextmanager
def _aside(home: Home) -> Generator[Home]:
    """A home with the same raw files whose working state and releases vanish afterwards."""
    for left in (home.root / "data").glob(f"{_ASIDE}*"):  # By killed runs: the caller holds the lock.
        shutil.rmtree(left, ignore_errors=True)
    folder = home.root / "data" / f"{_ASIDE}{os.getpid()}"
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield Home(home.root, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _refuse_full_disk(home: Home, release: Path) -> None:
    """Raises TD-611 where working state and release would not fit a second time."""
    needed = _size((home.warehouse, release)) + _SPARE_BYTES
    free = shutil.disk_usage(home.root).free
    if free < needed:
        raise TiendoError(
            "TD-611",
            f"Không đủ chỗ trên đĩa để dựng lại: cần {needed / 1e9:.1f} GB, còn {free / 1e9:.1f} GB.",
            f"Too little disk to build beside: {needed / 1e9:.1f} GB needed, {free / 1e9:.1f} GB free.",
            "Xóa bớt bản phát hành cũ (tiendo releases prune) hoặc thêm dung lượng rồi chạy lại.",
            "Prune old releases (tiendo releases prune) or add disk space, then run again.",
        )


def _size(folders: Sequence[Path]) -> int:
    paths = (path for folder in folders for path in folder.rglob("*"))
    return sum(path.lstat().st_size for path in paths)
