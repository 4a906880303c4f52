"""The manifest: what went into a release, under which code, with which result, and the hash of every file.

It depends on the inputs alone, `known_at` excepted, so that equal releases have equal manifests. Files it
cannot speak for have checksums of their own beside them: itself, and those that may differ in equal releases.
"""

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from tiendo.publish.files import hash_file, hash_folder, to_json
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.tables import DATABASE_NAME
from tiendo.settings import TIMEZONE

MANIFEST = "manifest.json"
MANIFEST_VERSION = 2
# Not the same in equal releases: DuckDB writes unused memory into its file (its issue 23382), and what
# changed depends on the release before.
CHANGES_PAGE = "site/changes.html"
NOT_REPRODUCED = (DATABASE_NAME, CHANGES_PAGE)
# Files with a checksum of their own.
SUMMED = (MANIFEST, *NOT_REPRODUCED)


def write_manifest(folder: Path, inputs: ReleaseInputs, rows: Mapping[str, int]) -> None:
    """Writes the manifest over all files already in the folder, then the checksums; nothing may follow."""
    (folder / MANIFEST).write_text(to_json(_content(folder, inputs, rows)), encoding="utf-8")
    for name, sha256 in own_sums(folder).items():
        (folder / checksum_name(name)).write_text(checksum_text(name, sha256), encoding="utf-8")


def own_sums(folder: Path) -> dict[str, str]:
    """SHA-256 of the files with a checksum of their own, as they lie in a release."""
    return {name: hash_file(folder / name).sha256 for name in SUMMED if (folder / name).is_file()}


def checksum_name(name: str) -> str:
    """The file with the checksum of another one."""
    return f"{name}.sha256"


def checksum_text(name: str, sha256: str) -> str:
    """A checksum as `sha256sum -c` reads it."""
    return f"{sha256}  {name}\n"


def _content(folder: Path, inputs: ReleaseInputs, rows: Mapping[str, int]) -> dict[str, Any]:
    known_at = inputs.known_at if inputs.known_at.tzinfo else inputs.known_at.replace(tzinfo=UTC)
    return {
        "manifest_version": MANIFEST_VERSION,
        "release_id": inputs.release_id,
        "as_of": inputs.as_of,
        "known_at": known_at.astimezone(TIMEZONE),
        "fingerprint": inputs.fingerprint,
        "inputs_fingerprint": inputs.inputs_fingerprint,
        "edition": inputs.edition,
        "is_synthetic": inputs.is_synthetic,
        "code_version": inputs.code_version,
        "code": dict(inputs.code),
        "versions": dict(inputs.versions),
        "plans": dict(inputs.plans),
        "seeds": dict(inputs.seeds),
        "inputs": sorted(
            (dict(submission) for submission in inputs.submissions),
            key=lambda submission: str(submission["submission_id"]),
        ),
        "row_counts": dict(rows),
        "checks": dict(inputs.checks),
        "counts": dict(inputs.counts),
        "files": {
            name: {"sha256": facts.sha256, "bytes": facts.size_bytes}
            for name, facts in hash_folder(folder).items()
            if name not in NOT_REPRODUCED
        },
    }
