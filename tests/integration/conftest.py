"""The demo home that integration tests share: made and published once a session by the installed command."""

import subprocess
import sys
from pathlib import Path

import pytest

TIENDO = Path(sys.executable).with_name("tiendo")
AS_OF = "2026-10-31"


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
