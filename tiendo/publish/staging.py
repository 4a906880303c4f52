"""The hidden folder in which a release is written before anybody sees it.

What killed runs left there is cleared when the next one begins; what a refused release leaves, at once.
"""

import os
import re
import shutil
from collections.abc import Callable, Collection, Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import TracebackType

from tiendo.messages import TiendoError
from tiendo.publish.catalogue import CuratedTable, read_catalogue
from tiendo.publish.keeping import clear_pruned
from tiendo.publish.tables import stage_tables
from tiendo.settings import Home

STAGING = re.compile(r"\.staging-.+-(\d+)")


class Staging(AbstractContextManager["Staging"]):
    """The folder as a context: entering makes it, leaving removes what was not published of it.

    Attributes:
        folder: Where the release is written.
    """

    def __init__(self, home: Home, release_id: str) -> None:
        """Names the folder after the release and this process."""
        self._home = home
        self._catalogue: list[CuratedTable] = []
        self.folder = home.releases / f".staging-{release_id}-{os.getpid()}"

    def __enter__(self) -> "Staging":
        """Makes the folder.

        Raises:
            TiendoError: TD-606 where the disk refuses.
        """
        with disk_refusals():
            self._home.releases.mkdir(parents=True, exist_ok=True)
            _remove_stale(self._home)
            clear_pruned(self._home)
            self.folder.mkdir()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Removes the folder, unless it was renamed into a release."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def catalogue(self, dbt_manifest: Path) -> list[CuratedTable]:
        """The tables of the release, read once; raises TD-601 as `read_catalogue` does."""
        self._catalogue = self._catalogue or read_catalogue(dbt_manifest)
        return self._catalogue

    def add_tables(
        self,
        database: Path,
        dbt_manifest: Path,
        later: Collection[str],
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Writes the tables that are as they will be published; what is wrong with one is told by `publish`.

        Args:
            database: The warehouse's DuckDB file, read-only here.
            dbt_manifest: dbt's `target/manifest.json`.
            later: Tables that are still to change.
            progress: Called with tables written and tables in all.
        """
        tables = [table for table in self.catalogue(dbt_manifest) if table.name not in later]
        with disk_refusals():
            stage_tables(database, tables, self.folder, progress)


@contextmanager
def disk_refusals() -> Generator[None]:
    """Tells as TD-606 where the disk refuses to write a release."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TiendoError(
            "TD-606",
            f"Không ghi được bản phát hành: {reason}.",
            f"The release cannot be written: {reason}.",
            "Bản trước vẫn giữ hiệu lực. Kiểm tra dung lượng đĩa và quyền ghi: tiendo doctor",
            "The previous release stays in force. Check disk space and permissions: tiendo doctor",
            exit_code=4,
        ) from error


def _remove_stale(home: Home) -> None:
    """Clears what killed runs left behind; a folder with this process's own number is of an earlier one."""
    for path in home.releases.glob(".staging-*"):
        match = STAGING.fullmatch(path.name)
        if match is None or int(match[1]) == os.getpid() or not _is_alive(int(match[1])):
            shutil.rmtree(path, ignore_errors=True)
    for path in home.curated.glob(".current*"):
        with suppress(OSError):
            path.unlink()


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
