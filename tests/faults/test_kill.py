"""A refresh killed half way leaves the last release readable, and the next refresh finishes by itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tiendo.publish.release import list_releases, verify
from tiendo.settings import Home

TIENDO = Path(sys.executable).with_name("tiendo")
DAY = ("--as-of", "2026-06-30", "--known-at", "2026-07-15T00:00+07:00")
HEADER = "Mã đơn vị,Kỳ báo cáo,Dân số,Dân số được phủ sóng 5G\n"


def run(home: Path, *arguments: str) -> None:
    done = subprocess.run([TIENDO, *arguments, "--home", home], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def submit(home: Path, period: str, covered: int, received_at: str) -> None:
    file = home.parent / f"{period.replace('/', '-')}.csv"
    file.write_text(f"{HEADER}24133,{period},20000,{covered}\n", encoding="utf-8")
    run(home, "submit", str(file), "--received-at", received_at)


def kill_at(home: Path, step: str, wait_seconds: float) -> None:
    """Starts a refresh and kills it with its children, some time after it said it began a step."""
    command = [TIENDO, "refresh", *DAY, "--home", home]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if step in line:
            break
    else:
        pytest.fail(f"the refresh ended before “{step}”")
    time.sleep(wait_seconds)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL


@pytest.mark.parametrize(("step", "wait_seconds"), [("Tính toán", 6), ("Phát hành", 0.1)])
def test_the_last_release_stands_and_the_next_run_finishes(
    home_with_release: Path, step: str, wait_seconds: float
) -> None:
    home = Home(home_with_release)
    before = home.current.readlink()
    known = pl.read_parquet(home.current / "submissions.parquet").height
    submit(home.root, f"0{known + 3}/2026", 15_000, f"2026-07-0{known}T09:00+07:00")
    kill_at(home.root, step, wait_seconds)
    assert home.current.readlink() == before
    assert verify(home) == []
    assert pl.read_parquet(home.current / "submissions.parquet").height == known
    run(home.root, "refresh", *DAY)
    ledger = pl.read_parquet(home.current / "submissions.parquet")
    assert ledger.height == known + 1
    assert (ledger["rows_read"] == 1).all()
    assert (ledger["rows_loaded"] == 1).all()
    assert verify(home) == []
    assert not list(home.releases.glob(".staging-*"))
    assert sum(release.is_current for release in list_releases(home)) == 1


@pytest.fixture(scope="module")
def home_with_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("killed") / "home"
    home.mkdir()
    submit(home, "03/2026", 10_000, "2026-04-05T09:00+07:00")
    run(home, "refresh", *DAY)
    return home
