"""What keeps the service running, with light processes in the place of Prefect; when it refuses to start."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from configparser import ConfigParser
from pathlib import Path

import pytest

from tiendo.lock import exclusive, process_identity
from tiendo.messages import TiendoError
from tiendo.service import run_service, server_address, start_in_background, stop_service
from tiendo.settings import Home
from tiendo.supervisor import STOP_SECONDS, Child
from tiendo.warehouse.soundness import forget_warehouse

PROJECT = Path(__file__).parents[2]
# Two children that note their numbers; the first has a child of its own.
SUPERVISOR = """
import os, sys
from tiendo.supervisor import Child, keep_running
note = "import os, pathlib, subprocess, sys, time\\n"
note += "pathlib.Path(sys.argv[1]).open('a').write(f'{os.getpid()} ')\\n"
parent = note + "subprocess.Popen(['sleep', '60']); time.sleep(60)"
children = [
    Child("first", [sys.executable, "-c", parent, sys.argv[1]], os.environ),
    Child("second", [sys.executable, "-c", note + "time.sleep(60)", sys.argv[2]], os.environ),
]
keep_running(children, lambda name, code, pause: print(name, code, pause, flush=True))
print("stopped", flush=True)
"""


def until(find: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not find():
        assert time.monotonic() < end
        time.sleep(0.02)


def numbers(path: Path) -> list[int]:
    return [int(line) for line in path.read_text("utf-8").split()] if path.exists() else []


def group_of(pid: int) -> list[int]:
    """Processes of the group of a child, itself among them."""
    found: list[int] = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(path.name)) == pid and process_identity(int(path.name)):
                found.append(int(path.name))
        except ProcessLookupError:
            continue
    return found


@pytest.fixture
def supervised(tmp_path: Path) -> tuple[subprocess.Popen[str], Path, Path]:
    first, second = tmp_path / "first", tmp_path / "second"
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, first, second], stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    until(lambda: numbers(first) and numbers(second) and len(group_of(numbers(first)[0])) == 2)
    return process, first, second


def test_a_child_that_ends_is_started_again_and_leaves_nothing(
    supervised: tuple[subprocess.Popen[str], Path, Path],
) -> None:
    process, first, second = supervised
    killed = numbers(first)[0]
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(numbers(first)) == 2)
    until(lambda: not group_of(killed))
    assert len(numbers(second)) == 1
    process.terminate()
    assert process.wait(20) == 0
    assert process.stdout is not None
    assert process.stdout.read().splitlines() == ["first -9 2.0", "stopped"]
    assert not group_of(numbers(first)[1]) + group_of(numbers(second)[0])


def test_children_end_with_a_killed_supervisor(
    supervised: tuple[subprocess.Popen[str], Path, Path],
) -> None:
    process, first, second = supervised
    process.kill()
    process.wait()
    until(lambda: not process_identity(numbers(first)[0]) and not process_identity(numbers(second)[0]))
    for left in group_of(numbers(first)[0]):
        os.kill(left, signal.SIGKILL)


def test_who_does_not_end_is_ended() -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    child = Child("stubborn", [sys.executable, "-c", stubborn], os.environ)
    child.start()
    assert child.process is not None
    process = child.process
    time.sleep(0.3)
    child.stop(patience=0.1)
    assert process.returncode in (-signal.SIGKILL, -signal.SIGTERM)


def test_pauses_grow_and_are_short_again_after_a_good_while(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr("tiendo.supervisor.time.monotonic", lambda: clock[0])
    child = Child("brief", [sys.executable, "-c", ""], os.environ)
    pauses: list[float] = []

    def live(seconds: float) -> None:
        child.look_after(lambda *_: None)
        assert child.process is not None
        child.process.wait()
        clock[0] += seconds
        child.look_after(lambda *ended: pauses.append(ended[-1]))
        child.look_after(lambda *_: None)
        assert child.process is None  # Not before its time.
        clock[0] += pauses[-1]

    for seconds in (0.1, 0.1, 0.1, 3600, 0.1):
        live(seconds)
    assert pauses == [2, 4, 8, 1, 2]


def refused(home: Home, port: int) -> TiendoError:
    with pytest.raises(TiendoError) as refusal:
        run_service(home, port, {}, lambda: None, lambda *_: None)
    with pytest.raises(TiendoError) as in_background:
        start_in_background(home, port, {})
    assert in_background.value.code == refusal.value.code
    return refusal.value


@pytest.fixture(autouse=True)
def _no_server_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        error = refused(Home(tmp_path), port)
    assert (error.code, error.exit_code) == ("TD-422", 2)
    assert str(port) in error.vi


def test_a_home_is_served_once(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with exclusive(home, home.serve_lock, {"command": "tiendo serve"}, lambda _: TiendoError("", "", "")):
        error = refused(home, 4299)
    assert (error.code, error.exit_code) == ("TD-421", 3)
    assert f"tiến trình {os.getpid()}" in error.vi
    assert stop_service(home) is False


def test_a_server_that_is_configured_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    assert server_address(4200) == "http://127.0.0.1:4200"
    monkeypatch.setenv("PREFECT_API_URL", "http://prefect.example:4200/api/")
    assert server_address(4200) == "http://prefect.example:4200"
    monkeypatch.setenv("PREFECT_API_URL", "http://localhost:4200/api")
    assert server_address(4200) == "http://127.0.0.1:4200"


def test_the_unit_is_one_that_systemd_reads(tmp_path: Path) -> None:
    unit = (PROJECT / "deploy/tiendo.service").read_text("utf-8")
    program = Path(sys.executable).with_name("tiendo")
    told = ConfigParser(strict=False, interpolation=None)
    told.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    told.read_string(unit)
    assert told["Service"]["ExecStart"] == "/opt/tiendo/.venv/bin/tiendo serve"
    assert told["Service"]["Restart"] == "always"
    assert float(told["Service"]["TimeoutStopSec"]) > 2 * STOP_SECONDS
    if analyze := shutil.which("systemd-analyze"):
        here = tmp_path / "tiendo.service"
        here.write_text(unit.replace("/opt/tiendo/.venv/bin/tiendo", str(program)), "utf-8")
        shown = subprocess.run([analyze, "verify", here], capture_output=True, text=True, timeout=60)
        assert (shown.returncode, shown.stdout + shown.stderr) == (0, "")


def test_a_rebuild_leaves_the_service_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prefect.mkdir(parents=True)
    for name in ("prefect/prefect.db", "serve.lock", "serve.lock.owner.json", "warehouse.duckdb"):
        (home.warehouse / name).touch()
    forget_warehouse(home)
    kept = {path.name for path in home.warehouse.rglob("*")}
    assert kept == {"prefect", "prefect.db", "serve.lock", "serve.lock.owner.json"}
