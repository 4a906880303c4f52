"""Where things lie: the shipped project and a home's folders.

One place decides every path, so that no module builds one by hand and a home can be moved whole.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PROJECT = Path(__file__).resolve().parents[1]
CONTRACTS = PROJECT / "expectations" / "contracts"
SUITES = PROJECT / "expectations" / "suites"
DBT_PROJECT = PROJECT / "dbt_project"
SHIPPED_PLANS = PROJECT / "data" / "raw" / "plans"


# What can compute the models.
Engine = Literal["duckdb", "spark"]


@dataclass(frozen=True)
class Home:
    """The folders of one home (docs: 'Folders under --home' in README).

    Attributes:
        root: The folder under which `data/` lives.
        aside: Where working state and releases go instead of there: for a rebuild that only compares.
    """

    root: Path
    aside: Path | None = None

    @property
    def raw(self) -> Path:
        """Received files, immutable, as sent."""
        return self.root / "data" / "raw"

    @property
    def plans(self) -> Path:
        """Plan annexes: the home's own, else those shipped with the project."""
        own = self.raw / "plans"
        return own if own.is_dir() else SHIPPED_PLANS

    @property
    def synthetic_marker(self) -> Path:
        """Stands in a home whose submissions are all synthetic; such a home takes no real ones."""
        return self.raw / "SYNTHETIC.md"

    @property
    def is_synthetic(self) -> bool:
        """Whether every submission of this home is synthetic."""
        return self.synthetic_marker.exists()

    @property
    def warehouse(self) -> Path:
        """Private working state, all of it rebuildable from `raw`."""
        return (self.aside or self.root / "data") / "warehouse"

    @property
    def landing(self) -> Path:
        """One canonical Parquet file per submission, never changed."""
        return self.warehouse / "landing"

    @property
    def ledger(self) -> Path:
        """One row per landed submission."""
        return self.warehouse / "ledger.parquet"

    @property
    def database(self) -> Path:
        """The DuckDB file over the landing zone; disposable."""
        return self.warehouse / "warehouse.duckdb"

    @property
    def lock(self) -> Path:
        """Held by the one run that may write."""
        return self.warehouse / "run.lock"

    @property
    def serve_lock(self) -> Path:
        """Held by the one service of this home."""
        return self.warehouse / "serve.lock"

    @property
    def prefect(self) -> Path:
        """What the service's Prefect server keeps: its database and settings."""
        return self.warehouse / "prefect"

    @property
    def runs(self) -> Path:
        """Run records: times and other things that differ between equal runs."""
        return self.warehouse / "runs"

    @property
    def logs(self) -> Path:
        """What runs wrote down while they ran, for programs."""
        return self.warehouse / "logs"

    @property
    def curated(self) -> Path:
        """What analysts and BI tools read."""
        return (self.aside or self.root / "data") / "curated"

    @property
    def releases(self) -> Path:
        """Immutable releases, one folder each."""
        return self.curated / "releases"

    @property
    def current(self) -> Path:
        """Symlink to the release in force, switched atomically."""
        return self.curated / "current"

    @property
    def current_json(self) -> Path:
        """The same pointer for systems that cannot follow links."""
        return self.curated / "current.json"

    @property
    def release_log(self) -> Path:
        """What was done to the releases, one line each."""
        return self.curated / "log.jsonl"


def resolve_home(home: Path | None) -> Home:
    """The home named on the command line, else `TIENDO_HOME`, else the checkout."""
    named = home or (Path(value) if (value := os.environ.get("TIENDO_HOME")) else PROJECT)
    return Home(named.expanduser().resolve())


def now() -> datetime:
    """The present moment in Asia/Ho_Chi_Minh, the only place that reads the clock for data."""
    return datetime.now(TIMEZONE)


def as_in_ledger(moment: datetime) -> datetime:
    """A moment with a zone as the ledger and the tables keep it: UTC, without zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def today() -> date:
    """The present day in Asia/Ho_Chi_Minh."""
    return now().date()


def fingerprint_files(paths: Iterable[Path], base: Path) -> str:
    """SHA-256 over names (relative to `base`) and contents of files, in sorted order."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(base).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
