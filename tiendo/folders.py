"""Who may look into a home: received files and working state are the owner's, releases anybody's to read.

Set when a folder is made, whatever the umask; rights that an administrator gives later are left as they are.
"""

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from tiendo.settings import Home

PRIVATE = 0o700
READABLE = 0o755


@dataclass(frozen=True)
class Exposure:
    """A path with rights it should not have, or without those it should.

    Attributes:
        path: The file or folder.
        kind: `seen` by others than the owner and the group, `writable` for others than the owner, `closed` to
            everybody but the owner.
        remedy: The command that puts it right.
    """

    path: Path
    kind: str
    remedy: str


def make_folders(home: Home) -> None:
    """Makes the folders of a home that are missing, each with its rights."""
    for folder, mode in (
        (home.root, READABLE),
        (home.root / "data", READABLE),
        (home.raw, PRIVATE),
        (home.warehouse, PRIVATE),
        (home.curated, READABLE),
        (home.releases, READABLE),
    ):
        if not folder.exists():
            folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            folder.chmod(mode)


def exposures(home: Home) -> Iterator[Exposure]:
    """Where a home's rights differ from what they should be; nothing that does not exist is told."""
    for folder in (home.raw, home.warehouse):
        if _mode(folder) & 0o007:
            yield Exposure(folder, "seen", f"chmod o-rwx {quote(str(folder))}")
    for key in home.warehouse.glob("*.key"):
        if _mode(key) & 0o077:
            yield Exposure(key, "seen", f"chmod 600 {quote(str(key))}")
    release = home.current.resolve()
    published = (home.curated, home.releases, release)
    for folder in published:
        if _mode(folder) & 0o022:
            yield Exposure(folder, "writable", f"chmod go-w {quote(str(folder))}")
    for folder in (home.root, home.root / "data", *published):
        if folder.exists() and not _mode(folder) & 0o055:
            yield Exposure(folder, "closed", f"chmod 755 {quote(str(folder))}")
    if release.is_dir() and any(_mode(path) & 0o222 for path in release.rglob("*") if path.is_file()):
        yield Exposure(release, "writable", f"find {quote(str(release))} -type f -exec chmod a-w {{}} +")


def _mode(path: Path) -> int:
    """The permission bits; 0 where there is nothing."""
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else 0
