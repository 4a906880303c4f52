"""What decides a release and what it came to, as its manifest tells: inputs, code, versions, checks, counts.

Nothing here reads the clock or a number of threads: equal inputs give equal manifests.
"""

import hashlib
import platform
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from tiendo import __version__, limits
from tiendo.publish.inputs import ReleaseInputs
from tiendo.quality.results import CheckResult, summarise
from tiendo.settings import DBT_PROJECT, PROJECT, Home, fingerprint_files

CODE_FOLDERS = (PROJECT / "tiendo", PROJECT / "expectations", DBT_PROJECT)
CODE_SUFFIXES = {".py", ".sql", ".yml", ".md", ".jinja", ".css", ".js"}
SEEDS = DBT_PROJECT / "seeds"
# The packages whose version can change what is computed or how it is written.
COMPUTING = ("duckdb", "polars", "dbt-core", "dbt-duckdb", "great-expectations")
_ROWS = ("rows_read", "rows_loaded", "rows_unchanged", "rows_superseded", "rows_quarantined")


def release_inputs(home: Home, as_of: date, known_at: datetime, submissions: pl.DataFrame) -> ReleaseInputs:
    """What decides a release, with the fingerprint by which an equal one is recognised.

    Args:
        home: Where it is made.
        as_of: The day it speaks of.
        known_at: The moment of knowledge; has a time zone.
        submissions: The ledger rows known then, withdrawn ones marked.
    """
    code = {
        "sha256": fingerprint_files(_code_files(), PROJECT),
        "lock_sha256": hashlib.sha256((PROJECT / "uv.lock").read_bytes()).hexdigest(),
    }
    plans = _hashes(home.plans.glob("*.csv"), home.plans)
    seeds = _hashes(SEEDS.rglob("*.csv"), SEEDS)
    inputs = _digest(
        [
            str(home.is_synthetic),
            *code.values(),
            *(f"{name}:{sha256}" for name, sha256 in (*plans.items(), *seeds.items())),
            *(":".join(row) for row in submissions.select("submission_id", "sha256", "status").iter_rows()),
        ]
    )
    listed = submissions.select("submission_id", "form", "org_code", "period", "sha256", "raw_path", "status")
    return ReleaseInputs(
        as_of=as_of,
        known_at=known_at,
        fingerprint=_digest([as_of.isoformat(), inputs]),
        code_version=__version__,
        inputs_fingerprint=inputs,
        code=code,
        versions={"python": platform.python_version(), **{name: version(name) for name in COMPUTING}},
        plans=plans,
        seeds=seeds,
        is_synthetic=home.is_synthetic,
        submissions=listed.to_dicts(),
    )


def checks_told(results: Sequence[CheckResult]) -> dict[str, Any]:
    """Counts by dimension and severity, and every check that failed."""
    failed = sorted(
        (result for result in results if not result.is_passed), key=lambda result: result.check_id
    )
    return {
        "summary": summarise(results).to_dicts(),
        "failed": [
            {
                "check_id": result.check_id,
                "table_name": result.table_name,
                "severity": result.severity,
                "rows_failed": result.rows_failed,
            }
            for result in failed
        ],
    }


def counts_told(database: Path) -> dict[str, Any]:
    """Submissions by status, and the conservation sums over all of them.

    `rows_read` is the sum of the four counts after it; a check before publishing holds it so.
    """
    with limits.connect(database, "publish", read_only=True) as connection:
        submissions = connection.table("marts.submissions").pl()
    by_status = submissions.group_by("status").len().sort("status").iter_rows()
    sums = submissions.select(pl.col(_ROWS).sum().cast(pl.Int64)).row(0, named=True)
    return {"submissions": submissions.height, "by_status": dict(by_status), **sums}


def _code_files() -> list[Path]:
    found = (path for folder in CODE_FOLDERS for path in folder.rglob("*"))
    return [path for path in found if path.suffix in CODE_SUFFIXES and "target" not in path.parts]


def _hashes(paths: Iterable[Path], base: Path) -> dict[str, str]:
    """SHA-256 of files by POSIX path relative to `base`, in order of it."""
    named = {path.relative_to(base).as_posix(): path for path in paths}
    return {name: hashlib.sha256(named[name].read_bytes()).hexdigest() for name in sorted(named)}


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
