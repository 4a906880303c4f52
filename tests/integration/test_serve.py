"""`tiendo serve` as an engineer meets it: real processes, an empty home, a port of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tiendo.lock import lock_owner, owner_of
from tiendo.runs import read_runs
from tiendo.settings import Home, now

TIENDO = Path(sys.executable).with_name("tiendo")
OFF = ("--monthly", "off", "--reminders", "off", "--pruning", "off")
EVERY_MINUTE = ("--nightly", "* * * * *")

Found = TypeVar("Found")


def until(what: str, find: Callable[[], Found], seconds: float = 300) -> Found:
    """Waits until something is found, and gives it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := find():
            return found
        time.sleep(0.25)
    pytest.fail(f"waited {seconds} s for {what}")


@dataclass
class Service:
    """A home that is served."""

    home: Home
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.home.root / "serve.log"

    def command(self, *arguments: str) -> list[str]:
        return [str(TIENDO), "serve", "--home", str(self.home.root), "--port", str(self.port), *arguments]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            started = subprocess.Popen(self.command(*arguments, *OFF), stdout=log, stderr=log)
        self.processes.append(started)
        until("the server", self.answers)
        return started

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.processes[-1].send_signal(number)
        return self.processes[-1].wait(60)

    def ask(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Accept": "text/html, application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", data, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()

    def answers(self) -> bool:
        try:
            return self.ask("api/health") == b"true"
        except (urllib.error.URLError, OSError):
            return False

    def flow_runs(self, **wanted: object) -> list[dict[str, Any]]:
        """Runs of the nightly deployment that completed."""
        body = {"flows": {"name": {"any_": ["tiendo-refresh"]}}, "sort": "EXPECTED_START_TIME_ASC"}
        found = json.loads(self.ask("api/flow_runs/filter", body))
        return [
            run
            for run in found
            if run["state_type"] == "COMPLETED" and all(run[key] == value for key, value in wanted.items())
        ]

    def late_runs(self) -> list[dict[str, Any]]:
        """Runs that were due and have not ended."""
        wanted = {"state": {"type": {"any_": ["SCHEDULED", "PENDING", "RUNNING"]}}}
        wanted["expected_start_time"] = {"before_": now().isoformat()}
        return json.loads(self.ask("api/flow_runs/filter", {"flow_runs": wanted}))

    def pids(self) -> set[int]:
        """The processes it keeps running: the server and the worker."""
        parent = owner_of(self.home.serve_lock)["pid"]
        listed = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        kept = ("uvicorn", "flows.worker")
        return {int(pid) for pid in listed if any(program in _command(pid) for program in kept)}


def _command(pid: str) -> str:
    """Program and arguments; nothing for one that has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    service = Service(Home(tmp_path_factory.mktemp("served")), port)
    try:
        yield service
    finally:
        for process in service.processes:
            if process.poll() is None:
                process.kill()
                process.wait()


def test_the_schedule_fires_and_publishes(service: Service) -> None:
    started = service.start(*EVERY_MINUTE)
    for page in ("", "runs"):
        assert b"prefect" in service.ask(page).lower()
    release = until("a release", service.home.current.is_symlink)
    assert release
    fired = until("a run of the schedule", lambda: service.flow_runs(auto_scheduled=True))
    assert "phát hành" in fired[0]["state"]["message"] or "Không có gì mới" in fired[0]["state"]["message"]
    assert {run["trigger"] for run in read_runs(service.home)} == {"schedule"}
    assert started.poll() is None


def test_a_second_service_is_refused(service: Service) -> None:
    for command in (service.command(), service.command("--background")):
        refused = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert refused.returncode == 3
        assert refused.stderr.startswith("TD-421 ")


def test_a_killed_server_and_a_killed_worker_are_started_again(service: Service) -> None:
    """Both at once; a run of the schedule after that needs the two of them."""
    pids = service.pids()
    done = len(service.flow_runs(auto_scheduled=True))
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    # A process may be listed for a moment after it was killed.
    until("both anew", lambda: len(service.pids() - pids) == 2)
    until("the server", service.answers)
    until("another run", lambda: len(service.flow_runs(auto_scheduled=True)) > done)


def test_it_stops_when_asked(service: Service) -> None:
    left = service.pids()
    assert service.stop() == 0
    assert lock_owner(service.home) == owner_of(service.home.serve_lock) == {}
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()]
    shown = subprocess.run(
        [TIENDO, "releases", "verify", "--home", service.home.root],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert shown.returncode == 0, shown.stderr


def test_nights_missed_while_it_was_down_are_made_good_by_one_run(service: Service) -> None:
    """The runs so far are put three days back, as if the machine had been off since."""
    for path in sorted(service.home.runs.glob("*.json")):
        told = json.loads(path.read_text("utf-8"))
        moment = now() - timedelta(days=3)
        path.unlink()
        told |= {"started_at": moment.isoformat(), "as_of": moment.date().isoformat()}
        path.with_name(f"{moment:%Y-%m-%dT%H%M%S.%f}.json").write_text(json.dumps(told), "utf-8")
    service.start("--nightly", "0 0 * * *")
    until("the run", lambda: read_runs(service.home)[0]["finished_at"] and made_good(service.home))
    until("what is late", lambda: not service.late_runs())
    assert len(made_good(service.home)) == 1
    assert made_good(service.home)[0]["trigger"] == "schedule"
    assert service.stop(signal.SIGINT) == 0


def made_good(home: Home) -> list[dict[str, Any]]:
    """Runs for today; those before were put back."""
    return [run for run in read_runs(home) if run["as_of"] == now().date().isoformat()]
