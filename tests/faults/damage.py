"""Ways to spoil one file or link of a home."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from faults.steps import before

SLOW = ("run_models", "stage_release", "check")
ALL = before("publish_release")


@dataclass(frozen=True)
class Damage:
    """One thing spoilt.

    Attributes:
        name: What, for the record.
        pattern: Of the path below the home; the first found is spoilt.
        how: What is done to it.
        is_after_release: Nothing waits for a refresh; else a submission does.
        skipped: Steps that need not be done again.
        code: What the refresh must say; '' where it mends by itself.
        is_in_gate: Whether it is tried each time.
    """

    name: str
    pattern: str
    how: Callable[[Path], object]
    is_after_release: bool = False
    skipped: tuple[str, ...] = SLOW
    code: str = ""
    is_in_gate: bool = False

    def act(self, home: Path) -> None:
        self.how(self._path(home))

    def repair(self, home: Path, sound: Path) -> None:
        """Puts back what no refresh could make again."""
        for name in ("data/raw",):
            shutil.rmtree(home / name)
            shutil.copytree(sound / name, home / name)
        current = home / "data/curated/current"
        if current.is_dir() and not current.is_symlink():
            shutil.rmtree(current)

    def _path(self, home: Path) -> Path:
        found = sorted(home.glob(f"data/{self.pattern}"))
        assert found, f"no {self.pattern}"
        return found[0]


def flip(path: Path) -> None:
    """One bit in the middle."""
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Half of it."""
    path.chmod(0o644)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"")


def scribble(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"\x00\xffnonsense" * 40)


def remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def remove_target(path: Path) -> None:
    """The folder a link leads to."""
    shutil.rmtree(path.resolve())


def fold(path: Path) -> None:
    """A folder in its place."""
    remove(path)
    path.mkdir()


def file_instead(path: Path) -> None:
    """A file in the place of a folder."""
    remove(path)
    path.write_text("?")


def mislead(path: Path) -> None:
    """A link that leads nowhere."""
    path.unlink()
    path.symlink_to("releases/2020-01-01-0000000000")


LANDED = "warehouse/landing/coverage/*/*/*.parquet"
RELEASE = "curated/current/"
DAMAGES = (
    Damage("ledger cut", "warehouse/ledger.parquet", cut, is_in_gate=True),
    Damage("ledger emptied", "warehouse/ledger.parquet", empty),
    Damage("ledger with a bit flipped", "warehouse/ledger.parquet", flip),
    Damage("ledger a folder", "warehouse/ledger.parquet", fold),
    Damage("landed file cut", LANDED, cut, is_in_gate=True),
    Damage("landed file with a bit flipped", LANDED, flip, skipped=()),
    Damage("landed file overwritten", LANDED, scribble),
    Damage("landed file removed", LANDED, remove),
    Damage("landed file a folder", LANDED, fold),
    Damage("registry overwritten", "warehouse/registry/*.parquet", scribble, is_in_gate=True),
    Damage("registry a file", "warehouse/registry", file_instead),
    Damage("warehouse cut", "warehouse/warehouse.duckdb", cut, is_in_gate=True),
    Damage("warehouse a folder", "warehouse/warehouse.duckdb", fold),
    Damage("dbt's folder a file", "warehouse/dbt", file_instead, skipped=("check",)),
    Damage("data docs a file", "warehouse/quality", file_instead),
    Damage("run records a file", "warehouse/runs", file_instead),
    Damage("working state removed", "warehouse", remove),
    Damage("raw file with a bit flipped", "raw/coverage/*/*/*.csv", flip, code="TD-404", is_in_gate=True),
    Damage("raw file emptied", "raw/coverage/*/*/*.csv", empty, code="TD-404"),
    Damage("raw file removed", "raw/coverage/*/*/*.csv", remove, code="TD-403"),
    Damage(
        "table of the release with a bit flipped",
        RELEASE + "submissions.parquet",
        flip,
        True,
        ALL,
        is_in_gate=True,
    ),
    Damage("table of the release removed", RELEASE + "submissions.parquet", remove, True, ALL),
    Damage("release's DuckDB file cut", RELEASE + "tiendo.duckdb", cut, True, ALL),
    Damage("manifest overwritten", RELEASE + "manifest.json", scribble, True, ALL),
    Damage("manifest with a bit flipped", RELEASE + "manifest.json", flip, True, ALL),
    Damage("release removed", "curated/current", remove_target, True, ALL),
    Damage("current.json overwritten", "curated/current.json", scribble, True, ALL, is_in_gate=True),
    Damage("current.json removed", "curated/current.json", remove, True, ALL),
    Damage("link broken", "curated/current", mislead, True, ALL, is_in_gate=True),
    Damage("link removed", "curated/current", remove, True, ALL),
    Damage("link a folder", "curated/current", fold, True, ALL, code="TD-604"),
    Damage("curated removed", "curated", remove, True, ALL),
)
