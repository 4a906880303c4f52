"""Whether a release is still as it was published: every file against its hash, the hashes against the log.

One altered byte in any file is found by the release folder alone. Who alters a file together with all hashes
that speak of it is found by the release log, which lies outside the folder.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

from tiendo.publish.files import hash_file, list_files
from tiendo.publish.log import read_log
from tiendo.publish.manifest import CHANGES_PAGE, MANIFEST, SUMMED, checksum_name, checksum_text
from tiendo.publish.tables import DATABASE_NAME
from tiendo.settings import Home

Kind = Literal["missing", "changed", "added", "unreadable"]
Sums = Mapping[str, str]
NO_SUMS: Sums = MappingProxyType({})


@dataclass(frozen=True)
class Difference:
    """A file of a release that is not as it was published.

    Attributes:
        path: POSIX path inside the release.
        kind: What is wrong; `unreadable` is about the manifest, without which no other file can be judged.
    """

    path: str
    kind: Kind


def recorded_sums(home: Home, release_id: str) -> Sums:
    """The hashes the log keeps of a release, those of its last publication; empty where it has none."""
    found = [
        entry.facts.get("sha256")
        for entry in read_log(home)
        if entry.event == "published" and entry.facts.get("release_id") == release_id
    ]
    return cast("Sums", found[-1]) if found and isinstance(found[-1], dict) else NO_SUMS


def verify_folder(folder: Path, recorded: Sums = NO_SUMS) -> list[Difference]:
    """Files that are missing, changed or not of the release, in order of path; empty when it is intact.

    Args:
        folder: The release's folder, on the shelf or anywhere else.
        recorded: Hashes known from elsewhere, as of `recorded_sums`.
    """
    try:
        manifest = cast("dict[str, Any]", json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        expected = {name: str(facts["sha256"]) for name, facts in manifest["files"].items()}
        version = manifest["manifest_version"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return [Difference(MANIFEST, "unreadable")]
    present = {path.relative_to(folder).as_posix(): path for path in list_files(folder)}
    if version == 1 and not recorded and checksum_name(MANIFEST) not in present:
        present.pop(MANIFEST)  # Made before manifests had a checksum.
        wrong = _judge_sums((DATABASE_NAME,), present, expected, recorded)
    else:
        # Releases made before there was a site have no page of changes either.
        has_site = any(name.startswith("site/") for name in expected)
        summed = [name for name in SUMMED if has_site or name != CHANGES_PAGE]
        wrong = _judge_sums(summed, present, expected, recorded)
    for name, sha256 in expected.items():
        if name not in present:
            wrong[name] = "missing"
        elif sha256 and _hash(present[name]) != sha256:
            wrong[name] = "changed"
    wrong |= {name: "added" for name in present if name not in expected}
    return [Difference(name, wrong[name]) for name in sorted(wrong)]


def _judge_sums(
    names: Iterable[str], present: dict[str, Path], expected: dict[str, str], recorded: Sums
) -> dict[str, Kind]:
    """Moves checksum files from `present`, what they state into `expected`; tells which are wrong."""
    wrong: dict[str, Kind] = {}
    for name in names:
        path = present.pop(checksum_name(name), None)
        stated = path and _stated(path, name)
        if not stated or stated != recorded.get(name, stated):
            wrong[checksum_name(name)] = "changed" if path else "missing"
        expected[name] = recorded.get(name) or stated or ""
    return wrong


def _stated(checksum: Path, name: str) -> str | None:
    """What a checksum file states of a file, None where one byte of it is not as it was written."""
    try:
        content = checksum.read_bytes()
        sha256 = content[:64].decode("ascii")
    except (OSError, ValueError):
        return None
    return sha256 if content == checksum_text(name, sha256).encode() else None


def _hash(path: Path) -> str | None:
    try:
        return hash_file(path).sha256
    except OSError:
        return None
