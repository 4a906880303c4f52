"""The demo home and the browser that tests share, which tests share a worker, and in which order they run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PROJECT = Path(__file__).parents[1]
TIENDO = Path(sys.executable).with_name("tiendo")
AS_OF = "2026-10-31"
# What publishes whole releases comes first, so that both workers end at about the same time.
RELEASES = ("integration", "faults", "test_documentation", "conventions")


def tiendo(*arguments: str) -> None:
    """Runs the installed program; 1 is allowed, since the demo holds files that must be refused."""
    done = subprocess.run([TIENDO, *arguments], capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of synthetic submissions of three provinces, published as of 31 October 2026."""
    home = tmp_path_factory.mktemp("demo") / "home"
    size = ["--months", "12", "--dossiers", "6000", "--provinces", "66,68,75"]
    tiendo("demo", "--home", str(home), *size)
    tiendo("refresh", "--home", str(home), "--as-of", AS_OF)
    assert (home / "data/curated/current/indicator_progress.parquet").is_file()
    return home


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Debian's chromium without a window; without one its tests are left out, in the gate they fail."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        if os.environ.get("CI"):
            pytest.fail("the gate needs chromium")
        pytest.skip("no chromium on this machine: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Containers let no process make a sandbox of its own; the pages are ours.
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@cache
def uses_demo_home(module: str) -> bool:
    """Whether a module, named as in the ids of tests, has tests on the demo home."""
    return "demo_home: Path" in (PROJECT / module).read_text(encoding="utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The same order for every worker: the modules on the demo home, other releases, the rest."""

    def place(item: pytest.Item) -> tuple[bool, int]:
        module = item.nodeid.partition("::")[0]
        told = next((place for place, name in enumerate(RELEASES) if name in module), len(RELEASES))
        return not uses_demo_home(module), told

    items.sort(key=place)


class ByModule(LoadScopeScheduling):
    """Gives a worker whole modules in that order; one worker makes the demo home and gets all on it."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return "demo_home" if uses_demo_home(module) else module


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByModule:
    config.option.loadscopereorder = False
    return ByModule(config, log)
