"""An old report comes out again as it was: the same day and moment of knowledge give the same bytes."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from later_words import Story, first_words, later_words
from tiendo.settings import Home

TIENDO = Path(sys.executable).with_name("tiendo")
THEN = ("--as-of", "2026-03-31", "--known-at", "2026-04-05T00:00+07:00")
LATER = ("--as-of", "2026-06-30", "--known-at", "2026-08-01T00:00+07:00")
# DuckDB writes unused memory into its file, whose tables are those of the Parquet files.
DATABASE = ("tiendo.duckdb", "tiendo.duckdb.sha256")


def refresh(home: Path, *moment: str) -> None:
    done = subprocess.run(
        [TIENDO, "refresh", "--home", home, *moment], capture_output=True, text=True, timeout=300, check=False
    )
    # 1: the story holds files that are refused.
    assert done.returncode in (0, 1), done.stdout + done.stderr


def current(home: Path) -> Path:
    return home / "data" / "curated" / "current"


def digests(home: Path) -> dict[str, str]:
    folder = current(home).resolve()
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in DATABASE)
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    assert {"manifest.json", "datapackage.json", "README.md", "quality/index.html"} <= set(found)
    return {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}


def table(home: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(current(home) / f"{name}.parquet")


def told(folder: Path, *chapters: Callable[[Story], None]) -> Path:
    folder.mkdir()
    story = Story(Home(folder / "home"), folder)
    for chapter in chapters:
        chapter(story)
    return folder / "home"


@pytest.fixture(scope="module")
def on_that_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds what was known on 5 April, refreshed on that day."""
    home = told(tmp_path_factory.mktemp("known_at") / "then", first_words)
    refresh(home, *THEN)
    return home


@pytest.fixture(scope="module")
def since_then(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that lived on, published in between, and was then asked for the old report."""
    home = told(tmp_path_factory.mktemp("known_at") / "now", first_words, later_words)
    refresh(home, *LATER)
    return home


def test_an_old_report_comes_out_again_byte_for_byte(on_that_day: Path, since_then: Path) -> None:
    later = table(since_then, "submissions")
    refresh(since_then, *THEN)
    assert digests(since_then) == digests(on_that_day)
    assert table(since_then, "submissions").height < later.height


def test_the_database_file_holds_the_same_tables(on_that_day: Path, since_then: Path) -> None:
    refresh(since_then, *THEN)
    for name in sorted(path.stem for path in current(on_that_day).glob("*.parquet")):
        answers = [
            subprocess.run(
                [TIENDO, "sql", f"from {name}", "--format", "csv", "--home", home],
                capture_output=True,
                check=True,
            ).stdout
            for home in (on_that_day, since_then)
        ]
        assert answers[0] == answers[1], name


def test_the_story_holds_what_could_tell_the_days_apart(on_that_day: Path, since_then: Path) -> None:
    """Rows set aside on that day for want of an annex are loaded now, and one loaded then is set aside."""
    refresh(since_then, *LATER)
    then, now = (
        {
            row["form"]: (row["rows_quarantined"], row["rows_read"])
            for row in table(home, "submissions").iter_rows(named=True)
            if row["form"] in ("task_report", "evidence") and row["period"] == "2026-03"
        }
        for home in (on_that_day, since_then)
    )
    assert then == {"task_report": (1, 3), "evidence": (1, 2)}
    assert now == {"task_report": (1, 3), "evidence": (0, 2)}
    statuses = {
        row["status"] for row in table(since_then, "submissions").select("status").iter_rows(named=True)
    }
    assert statuses == {"landed", "rejected", "withdrawn"}


def test_everything_built_anew_gives_it_too(on_that_day: Path, since_then: Path) -> None:
    shutil.rmtree(since_then / "data" / "warehouse")
    shutil.rmtree(since_then / "data" / "curated")
    refresh(since_then, *THEN)
    assert digests(since_then) == digests(on_that_day)
    refresh(since_then, *LATER)
    assert table(since_then, "submissions").filter(pl.col("status") == "withdrawn").height == 2
    rebuilt = subprocess.run(
        [TIENDO, "rebuild", "--home", since_then], capture_output=True, text=True, check=False
    )
    assert "giống hệt" in rebuilt.stdout, rebuilt.stdout + rebuilt.stderr
