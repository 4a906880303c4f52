"""The published releases of a home: which there are, which is current, whether they are still intact.

`current` is a link switched in one step, so that a reader never meets half a release; `current.json` says
the same to systems that cannot follow links.
"""

import contextlib
import errno
import json
import os
import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from tiendo.messages import TiendoError
from tiendo.publish.files import list_files, sync_file, to_json, write_atomically
from tiendo.publish.log import read_log
from tiendo.publish.manifest import MANIFEST
from tiendo.publish.standing import Standing, standing_of
from tiendo.publish.verify import Difference, recorded_sums, verify_folder
from tiendo.settings import Home

RELEASE_ID = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{10}")


@dataclass(frozen=True)
class ReleaseInfo:
    """One line of `tiendo releases list`.

    Attributes:
        release_id: Identifier and folder name.
        as_of: The day the release speaks of.
        known_at: What had been received by then counted; None where the manifest cannot be read.
        rows: Rows of all tables together; None where the manifest cannot be read.
        is_current: Whether it is the one in force.
        is_synthetic: Whether its figures are made up; None where the manifest cannot be read.
        is_locked: Whether it may not be pruned.
        is_rolled_back: Whether it was taken out of force and not brought back since.
        size_bytes: What it takes on disk.
    """

    release_id: str
    as_of: date
    known_at: datetime | None
    rows: int | None
    is_current: bool
    is_synthetic: bool | None
    is_locked: bool
    is_rolled_back: bool
    size_bytes: int


def list_releases(home: Home) -> list[ReleaseInfo]:
    """All releases of a home, newest `as_of` first, then the one known last, then the one published last.

    A folder whose manifest cannot be read is listed with empty parts, so that it is not overlooked.
    """
    if not home.releases.is_dir():
        return []
    current = current_or_none(home)
    names = [path.name for path in home.releases.iterdir() if path.is_dir()]
    log = read_log(home)
    standing = standing_of(log)
    order = {entry.facts.get("release_id"): n for n, entry in enumerate(log) if entry.event == "published"}
    found = [_info(home, name, current, standing) for name in names if RELEASE_ID.fullmatch(name)]
    found.sort(
        key=lambda info: (
            info.as_of,
            info.known_at.timestamp() if info.known_at else 0.0,
            order.get(info.release_id, -1),
        ),
        reverse=True,
    )
    return found


def load_manifest(home: Home, release_id: str = "current") -> dict[str, Any]:
    """The manifest of a release.

    Args:
        home: The home.
        release_id: An identifier, or `current`.

    Raises:
        TiendoError: TD-607 where there is no such release, TD-604 where its manifest is damaged.
    """
    folder = release_folder(home, release_id)
    try:
        return _read_json(folder / MANIFEST)
    except (OSError, ValueError) as error:
        raise broken_release(f"{folder.name}/{MANIFEST}") from error


def release_folder(home: Home, release_id: str = "current") -> Path:
    """The folder of a release.

    Raises:
        TiendoError: TD-607 where there is no such release, TD-604 where the current one is broken.
    """
    folder = current_release(home) if release_id == "current" else home.releases / release_id
    # The pattern also keeps '../' out of a name typed by a user.
    known = release_id == "current" or RELEASE_ID.fullmatch(release_id)
    if folder is None or not known or not folder.is_dir():
        raise TiendoError(
            "TD-607",
            f"Không có bản phát hành '{release_id}'.",
            f"There is no release '{release_id}'.",
            "Xem danh sách: tiendo releases list; tạo bản mới: tiendo refresh",
            "See the list: tiendo releases list; make one: tiendo refresh",
            exit_code=2,
        )
    return folder


def current_release(home: Home) -> Path | None:
    """The folder of the release in force; None where nothing has been published yet.

    Raises:
        TiendoError: TD-604 where `current` and `current.json` both lead nowhere.
    """
    pointers = [path for path in (home.current, home.current_json) if os.path.lexists(path)]
    if not pointers:
        return None
    for folder in (home.current, release_in_json(home)):
        if folder is not None and (folder / MANIFEST).is_file():
            return folder.resolve()
    raise broken_release(", ".join(path.name for path in pointers))


def current_or_none(home: Home) -> Path | None:
    """The folder of the release in force; None also where it is broken."""
    try:
        return current_release(home)
    except TiendoError:
        return None


def switch_current(home: Home, release_id: str) -> None:
    """Makes a release the one in force: the link in one step, then `current.json`.

    Args:
        home: The home.
        release_id: Identifier of a published release.

    Raises:
        TiendoError: TD-607 where there is no such release, TD-604 where it is damaged or where something
            that is not a link lies in the way.
    """
    manifest = load_manifest(home, release_id)
    path = f"{home.releases.name}/{release_id}"
    _switch_link(home, path)
    content = {
        "release_id": release_id,
        "path": path,
        "as_of": manifest["as_of"],
        "known_at": manifest["known_at"],
        "edition": manifest["edition"],
        "is_synthetic": manifest["is_synthetic"],
        "tables": {name: f"{path}/{name}.parquet" for name in sorted(manifest["row_counts"])},
    }
    write_atomically(home.current_json, to_json(content))


def verify(home: Home, release_id: str = "current") -> list[Difference]:
    """Compares a release with its manifest and the release log.

    Returns:
        Files that are missing, changed or not of the release, in order of path; empty when it is intact.

    Raises:
        TiendoError: TD-607 where there is no such release.
    """
    folder = release_folder(home, release_id)
    return verify_folder(folder, recorded_sums(home, folder.name))


def broken_release(what: str) -> TiendoError:
    """TD-604, about the part of a release that is missing or unreadable."""
    return TiendoError(
        "TD-604",
        f"Bản phát hành hiện hành bị hỏng hoặc không tìm thấy ({what}).",
        f"The current release is damaged or cannot be found ({what}).",
        "Dựng lại bằng: tiendo refresh (hoặc tiendo rebuild)",
        "Make it again: tiendo refresh (or tiendo rebuild)",
        exit_code=4,
    )


def _info(home: Home, release_id: str, current: Path | None, standing: Standing) -> ReleaseInfo:
    folder = home.releases / release_id
    known_at = rows = is_synthetic = None
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        manifest = _read_json(folder / MANIFEST)
        known_at = datetime.fromisoformat(manifest["known_at"])
        rows = sum(int(count) for count in manifest["row_counts"].values())
        is_synthetic = bool(manifest["is_synthetic"])
    return ReleaseInfo(
        release_id=release_id,
        as_of=date.fromisoformat(release_id[:10]),
        known_at=known_at,
        rows=rows,
        is_current=current == folder.resolve(),
        is_synthetic=is_synthetic,
        is_locked=release_id in standing.locked,
        is_rolled_back=release_id in standing.rolled_back,
        size_bytes=sum(path.lstat().st_size for path in list_files(folder)),
    )


def release_in_json(home: Home) -> Path | None:
    """The folder that `current.json` names; None where it is not there or cannot be read."""
    try:
        release_id = str(_read_json(home.current_json)["release_id"])
    except (OSError, ValueError, KeyError):
        return None
    return home.releases / release_id if RELEASE_ID.fullmatch(release_id) else None


def _switch_link(home: Home, target: str) -> None:
    temporary = home.curated / f".current-{os.getpid()}"
    temporary.unlink(missing_ok=True)
    if home.current.is_dir() and not home.current.is_symlink():
        # A copy of the home that followed the link left a folder here; the release itself is on the shelf.
        raise _in_the_way(home.current)
    try:
        temporary.symlink_to(target, target_is_directory=True)
    except OSError as error:
        # Shared drives without links: current.json alone says which release is in force.
        if error.errno in (errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP) and not home.current.is_symlink():
            return
        raise
    temporary.replace(home.current)
    sync_file(home.curated)


def _in_the_way(path: Path) -> TiendoError:
    return TiendoError(
        "TD-604",
        f"data/curated/{path.name} phải là liên kết nhưng đang là thư mục.",
        f"data/curated/{path.name} should be a link but is a folder.",
        "Chuyển thư mục đó đi nơi khác rồi chạy: tiendo refresh",
        "Move that folder away, then run: tiendo refresh",
        exit_code=4,
    )


def _read_json(path: Path) -> dict[str, Any]:
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise ValueError(path.name)
    return cast("dict[str, Any]", content)
