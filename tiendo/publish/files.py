"""Hashing, syncing and atomic writing of release files.

A release must either be there in full or not at all, also after a power cut: everything reaches the disk
before its name appears.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class FileFacts:
    """What a manifest keeps of a file.

    Attributes:
        sha256: Hash of the content, hexadecimal.
        size_bytes: Length of the content.
    """

    sha256: str
    size_bytes: int


def hash_file(path: Path) -> FileFacts:
    """Hash and length of one file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileFacts(digest, path.stat().st_size)


def list_files(folder: Path) -> list[Path]:
    """All files below a folder, links included, in order of name."""
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def hash_folder(folder: Path) -> dict[str, FileFacts]:
    """Hash and length of every file below a folder, by POSIX path relative to it."""
    names = {path.relative_to(folder).as_posix(): path for path in list_files(folder)}
    return {name: hash_file(path) for name, path in names.items()}


def sync_file(path: Path) -> None:
    """Waits until a file or folder entry has reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def seal_folder(folder: Path) -> None:
    """Makes all files below a folder read-only, for everybody, and waits until all has reached the disk.

    Folders stay writable for the owner, so that old releases can be pruned.
    """
    for path in list_files(folder):
        path.chmod(0o444)
        sync_file(path)
    for path in [*(path for path in folder.rglob("*") if path.is_dir()), folder]:
        path.chmod(0o755)
        sync_file(path)


def to_json(content: Mapping[str, Any], sort_keys: bool = True) -> str:
    """Indented JSON with Vietnamese letters as they are; dates and times in ISO form."""
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=sort_keys, default=plain) + "\n"


def plain(value: object) -> str:
    """How a date, a moment or a path stands in JSON."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return value.as_posix()
    raise TypeError(f"{type(value).__name__} in JSON")


def write_atomically(path: Path, text: str) -> None:
    """Replaces a file in one step: a reader sees the old content or the new one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.chmod(0o644)
        sync_file(temporary)
        temporary.replace(path)
        sync_file(path.parent)
    finally:
        temporary.unlink(missing_ok=True)
