"""What went into a release, and the identifier that follows from it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Edition = Literal["internal", "public"]


@dataclass(frozen=True)
class ReleaseInputs:
    """What went into a release.

    Attributes:
        as_of: The day the release speaks of.
        known_at: Submissions received later are not in it; without a time zone it is taken as UTC.
        fingerprint: SHA-256 (hexadecimal) over everything that decides the tables: submissions, registry,
            seeds, code; not `known_at` itself.
        code_version: Version of the program.
        inputs_fingerprint: The same without `as_of`: equal for releases that say the same of other days.
        code: SHA-256 of the program's files (`sha256`) and of its locked packages (`lock_sha256`).
        versions: Of Python and of the packages that compute, as installed.
        plans: SHA-256 of each plan file.
        seeds: SHA-256 of each seed.
        edition: Who may read it, decides the licence.
        is_synthetic: Whether the submissions are made up.
        submissions: One dict per submission with at least `submission_id`, `sha256`, `raw_path`.
        checks: Counts of the check results, and the checks that failed.
        counts: Submissions by status, and what became of all their rows together.
    """

    as_of: date
    known_at: datetime
    fingerprint: str
    code_version: str
    inputs_fingerprint: str = ""
    code: Mapping[str, str] = field(default_factory=dict[str, str])
    versions: Mapping[str, str] = field(default_factory=dict[str, str])
    plans: Mapping[str, str] = field(default_factory=dict[str, str])
    seeds: Mapping[str, str] = field(default_factory=dict[str, str])
    edition: Edition = "internal"
    is_synthetic: bool = False
    submissions: Sequence[Mapping[str, Any]] = ()
    checks: Mapping[str, Any] = field(default_factory=dict[str, Any])
    counts: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def build_key(self) -> str:
        """Equal where two releases differ in submissions and day alone: same code, plans, seeds."""
        parts = (self.code, self.versions, self.plans, self.seeds, self.is_synthetic)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @property
    def release_id(self) -> str:
        """Identifier of the release these inputs make."""
        return release_id(self.as_of, self.fingerprint)


def release_id(as_of: date, fingerprint: str) -> str:
    """`<as_of>-<first 10 of the fingerprint>`, such as `2026-06-30-0f3a5c7e91`."""
    return f"{as_of.isoformat()}-{fingerprint[:10]}"
