"""What people do with published releases: go back to one, lock one, prune old ones by a policy.

The caller holds the run lock. Each act is in the release log; a kill in the middle leaves a whole release or
a hidden leftover, which the next publication or prune removes.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tiendo.messages import TiendoError
from tiendo.publish.files import sync_file
from tiendo.publish.log import append, read_log
from tiendo.publish.shelf import (
    ReleaseInfo,
    current_or_none,
    list_releases,
    load_manifest,
    release_folder,
    switch_current,
    verify,
)
from tiendo.publish.standing import standing_of
from tiendo.settings import Home

KEEP_DAILY = 14
KEEP_MONTHLY = 24
PRUNED = ".pruned-"

Reason = Literal["current", "previous", "locked", "daily", "monthly", "unreadable", "pruned"]


@dataclass(frozen=True)
class Verdict:
    """What the policy says of a release.

    Attributes:
        release_id: Which one.
        reason: Why it stays, the first of: it is in force; it was in force before, so that a rollback has
            where to go; it is locked; it is the last of its day; the last of its month; its manifest cannot
            be read, so that a person has to look. Else `pruned`: it goes.
        size_bytes: What it takes on disk.
    """

    release_id: str
    reason: Reason
    size_bytes: int


@dataclass(frozen=True)
class RolledBack:
    """What a rollback did.

    Attributes:
        release_id: The release now in force.
        instead_of: The one it took the place of; None where none was in force.
        is_changed: False where it was in force already.
    """

    release_id: str
    instead_of: str | None
    is_changed: bool = True


def roll_back(home: Home, release_id: str, reason: str | None = None) -> RolledBack:
    """Makes an earlier release the one in force; the one left is not published again by itself.

    Args:
        home: The home.
        release_id: Identifier of an intact release.
        reason: Why, for the log.

    Raises:
        TiendoError: TD-607 where there is no such release, TD-610 where it is damaged.
    """
    identifier = release_folder(home, release_id).name
    if differences := verify(home, identifier):
        raise _damaged(identifier, [difference.path for difference in differences])
    left = current_or_none(home)
    if left is not None and left.name == identifier:
        switch_current(home, identifier)
        return RolledBack(identifier, None, is_changed=False)
    # The log comes first: a kill between the two leaves the old release in force, not a bad one that the next
    # refresh would bring back.
    append(
        home,
        "rolled_back",
        release_id=identifier,
        inputs_fingerprint=_inputs_of(home, identifier),
        instead_of=left.name if left else None,
        instead_of_inputs=_inputs_of(home, left.name) if left else None,
        reason=reason,
    )
    switch_current(home, identifier)
    return RolledBack(identifier, left.name if left else None)


def held_back(home: Home, inputs_fingerprint: str) -> str | None:
    """The release that was rolled back and that these inputs would make again; None normally."""
    return standing_of(read_log(home)).held_back.get(inputs_fingerprint) if inputs_fingerprint else None


def lock_release(home: Home, release_id: str, reason: str | None = None) -> str:
    """Keeps a release from being pruned; gives its identifier.

    Raises:
        TiendoError: TD-607 where there is no such release.
    """
    identifier = release_folder(home, release_id).name
    append(home, "locked", release_id=identifier, reason=reason)
    return identifier


def unlock_release(home: Home, release_id: str) -> tuple[str, bool]:
    """Undoes `lock_release`; gives the identifier, and whether it was locked.

    Raises:
        TiendoError: TD-607 where there is no such release.
    """
    identifier = release_folder(home, release_id).name
    was_locked = identifier in standing_of(read_log(home)).locked
    if was_locked:
        append(home, "unlocked", release_id=identifier)
    return identifier, was_locked


def judge(home: Home, daily: int = KEEP_DAILY, monthly: int = KEEP_MONTHLY) -> list[Verdict]:
    """What the policy keeps and prunes, newest release first.

    Days and months are those the releases speak of (`as_of`); of each of the newest `daily` days and
    `monthly` months that have a release, the one known last is kept, of several the one published last.
    """
    releases = list_releases(home)
    readable = [info for info in releases if info.known_at is not None]
    in_force = standing_of(read_log(home)).in_force
    shelved = {info.release_id for info in releases}
    current = next((info.release_id for info in releases if info.is_current), None)
    before = [name for name in in_force if name != current and name in shelved]
    kept: dict[str, Reason] = dict.fromkeys(_last_of_each(readable, 7, monthly), "monthly")
    kept |= dict.fromkeys(_last_of_each(readable, 10, daily), "daily")
    kept |= {info.release_id: "unreadable" for info in releases if info.known_at is None}
    kept |= {info.release_id: "locked" for info in releases if info.is_locked}
    kept |= dict.fromkeys(before[-1:], "previous")
    if current is not None:
        kept[current] = "current"
    return [
        Verdict(info.release_id, kept.get(info.release_id, "pruned"), info.size_bytes) for info in releases
    ]


def prune(home: Home, verdicts: Sequence[Verdict]) -> list[str]:
    """Removes the releases judged `pruned`: each disappears in one step, then its files are deleted."""
    clear_pruned(home)
    gone = [verdict.release_id for verdict in verdicts if verdict.reason == "pruned"]
    for release_id in gone:
        (home.releases / release_id).rename(home.releases / f"{PRUNED}{release_id}")
    if gone:
        sync_file(home.releases)
    clear_pruned(home)
    return gone


def clear_pruned(home: Home) -> None:
    """Deletes the files of pruned releases and enters them into the log, also what a killed run left."""
    for path in sorted(home.releases.glob(f"{PRUNED}*")):
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():  # The log last, so that a full disk has room for it.
            append(home, "pruned", release_id=path.name.removeprefix(PRUNED))


def _last_of_each(releases: Sequence[ReleaseInfo], length: int, count: int) -> list[str]:
    """Of the newest `count` days or months, the release known last; `length` is that of its spelling."""
    last: dict[str, str] = {}
    for info in releases:  # Newest first.
        last.setdefault(info.release_id[:length], info.release_id)
    return list(last.values())[:count]


def _inputs_of(home: Home, release_id: str) -> str | None:
    try:
        return load_manifest(home, release_id).get("inputs_fingerprint")
    except TiendoError:
        return None


def _damaged(release_id: str, paths: list[str]) -> TiendoError:
    listed = ", ".join(paths[:5]) + (", …" if len(paths) > 5 else "")
    return TiendoError(
        "TD-610",
        f"Bản phát hành {release_id} không còn nguyên vẹn nên không đưa vào sử dụng: {listed}.",
        f"Release {release_id} is not intact and is not made current: {listed}.",
        "Bản hiện hành giữ nguyên. Chọn bản khác (tiendo releases verify --all), hoặc dựng lại bản đó: "
        "tiendo refresh --as-of … --known-at …",
        "The current release stays. Choose another one (tiendo releases verify --all), or make it again: "
        "tiendo refresh --as-of … --known-at …",
        exit_code=1,
    )
