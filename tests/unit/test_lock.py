"""The lock of a home: who holds it, and that nothing a dead run left behind holds anybody up."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tiendo.lock import lock_owner, owner_of, process_identity, run_lock
from tiendo.messages import TiendoError
from tiendo.settings import Home

HOLDER = """
import sys, time
from pathlib import Path
from tiendo.lock import run_lock
from tiendo.settings import Home
with run_lock(Home(Path(sys.argv[1])), "tiendo refresh", run_id="2026-11-22T0100"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def note(home: Home) -> Path:
    return home.lock.with_name("run.lock.owner.json")


def left_behind(home: Home, **told: object) -> None:
    """The note of a run that no longer holds the lock."""
    home.warehouse.mkdir(parents=True, exist_ok=True)
    note(home).write_text(
        json.dumps({"command": "tiendo refresh", "started_at": "2026-11-22T01:00:00+07:00"} | told),
        encoding="utf-8",
    )


def hold(home: Home) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, home.root], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_holder_is_told_and_a_killed_one_forgotten(home: Home) -> None:
    holder = hold(home)
    try:
        with pytest.raises(TiendoError) as refused, run_lock(home, "tiendo submit"):
            pass
        assert refused.value.code == "TD-401"
        assert refused.value.exit_code == 3
        expected = f"tiendo refresh (2026-11-22T0100), process {holder.pid}, running for 0 minutes"
        assert expected in refused.value.en
        assert lock_owner(home)["pid"] == holder.pid
    finally:
        holder.kill()
    # Not waited for: what is left of the process still has its number.
    while process_identity(holder.pid):
        time.sleep(0.01)
    assert note(home).exists()
    assert lock_owner(home) == {}
    with run_lock(home, "tiendo submit"):
        assert lock_owner(home)["command"] == "tiendo submit"
    holder.wait()


def test_a_stopped_holder_lets_go(home: Home) -> None:
    holder = hold(home)
    holder.send_signal(signal.SIGTERM)
    holder.wait(10)
    with run_lock(home, "tiendo refresh"):
        assert lock_owner(home)["pid"] == os.getpid()
    assert not note(home).exists()


@pytest.mark.parametrize(
    "told",
    [
        {"pid": os.getpid(), "process": "another-boot/1"},
        {"pid": os.getpid(), "process": f"{process_identity(os.getpid())}0"},
        {"pid": 2**22 + 1, "process": None},
        {"pid": "none of them"},
        {},
    ],
    ids=[
        "before a reboot",
        "its number was given anew",
        "no such process",
        "nonsense",
        "of an earlier version",
    ],
)
def test_a_note_of_somebody_gone_is_not_believed(home: Home, told: dict[str, object]) -> None:
    left_behind(home, **told)
    assert lock_owner(home) == {}
    with run_lock(home, "tiendo refresh"):
        assert lock_owner(home)["pid"] == os.getpid()


@pytest.mark.parametrize("content", ["", '{"command": "tiendo re', "[]", "null", "\x00\x00"])
def test_a_half_written_note_holds_nobody_up(home: Home, content: str) -> None:
    left_behind(home)
    note(home).write_text(content, encoding="utf-8")
    assert lock_owner(home) == {}
    with run_lock(home, "tiendo refresh"):
        pass
    assert [path.name for path in home.warehouse.iterdir()] == ["run.lock"]


def test_who_waits_gets_the_lock_when_it_is_free(home: Home) -> None:
    holder = hold(home)
    threading.Timer(0.5, holder.kill).start()
    with run_lock(home, "scheduled", wait_seconds=20):
        assert owner_of(home.lock)["command"] == "scheduled"
    holder.wait()


def test_who_waits_in_vain_is_told_who_holds_it(home: Home) -> None:
    with (
        run_lock(home, "tiendo refresh"),
        pytest.raises(TiendoError, match=r"TD-401.*tiendo refresh"),
        run_lock(home, "scheduled", wait_seconds=0.2),
    ):
        pass
