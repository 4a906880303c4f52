"""A refresh is tracked by Prefect where a server is configured and answers, and runs plainly where not."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from owing_home import owing_home

BIN = Path(sys.executable).parent
STEPS = {"1. Tiếp nhận", "2. Nạp", "3. Tính toán", "4. Kiểm tra", "5. Phát hành"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(address: str, body: dict | None = None) -> object:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read() or "null")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A Prefect server of its own on loopback; gives the environment that points to it."""
    folder, port = tmp_path_factory.mktemp("prefect"), free_port()
    address = f"http://127.0.0.1:{port}/api"
    environment = {
        **os.environ,
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": address,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    command = [BIN / "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        for _ in range(120):
            try:
                ask(f"{address}/health")
                break
            except (urllib.error.URLError, OSError):
                assert process.poll() is None, (folder / "server.log").read_text()
                time.sleep(1)
        else:
            pytest.fail((folder / "server.log").read_text())
        yield environment
    finally:
        process.terminate()
        process.wait(30)


def refresh(home: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [BIN / "tiendo", "refresh", "--home", home, "--as-of", "2026-06-30", "--json"]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert shown.returncode == 0, shown.stderr
    return shown


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tracked")


def test_a_refresh_is_tracked_step_by_step(server: dict[str, str], home: Path) -> None:
    published = json.loads(refresh(home, server).stdout)
    assert (home / "data/curated/current").resolve().name == published["release_id"]
    address = server["PREFECT_API_URL"]
    flows = ask(f"{address}/flow_runs/filter", {"flows": {"name": {"any_": ["tiendo-nightly"]}}})
    assert [run["state_type"] for run in flows] == ["COMPLETED"]
    tasks = ask(f"{address}/task_runs/filter", {"flow_runs": {"id": {"any_": [flows[0]["id"]]}}})
    names = {task["name"].rsplit("-", 1)[0] for task in tasks}
    assert names == STEPS
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}


def test_a_configured_server_that_does_not_answer_is_no_hindrance(home: Path) -> None:
    """On the home of the test before; what a plain run publishes has tests of its own."""
    environment = {**os.environ, "PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api"}
    answered = json.loads(refresh(home, environment).stdout)
    assert (home / "data/curated/current").resolve().name == answered["release_id"]


SAVE_BLOCK = """
import sys
from prefect.blocks.notifications import CustomWebhookNotificationBlock
CustomWebhookNotificationBlock(
    name="nhac-viec", url=sys.argv[1], method="POST", json_data={"subject": "{{subject}}", "body": "{{body}}"}
).save("nhac-viec", overwrite=True)
"""


class Channel(BaseHTTPRequestHandler):
    """What a chat system would be: keeps what it is sent, and fails for one agency."""

    received: ClassVar[list[dict[str, str]]] = []

    def do_POST(self) -> None:
        """Takes one message."""
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        refused = message["subject"].startswith("Sở C")
        if not refused:
            self.received.append(message)
        self.send_response(500 if refused else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Stays silent."""


def test_reminders_go_out_once_and_a_channel_that_fails_is_told(
    server: dict[str, str], tmp_path: Path
) -> None:
    owing_home(tmp_path)
    channel = HTTPServer(("127.0.0.1", 0), Channel)
    threading.Thread(target=channel.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{channel.server_port}/"
        subprocess.run([sys.executable, "-c", SAVE_BLOCK, address], env=server, check=True, timeout=120)
        environment = {**server, "TIENDO_REMINDER_BLOCK": "custom-webhook/nhac-viec"}
        command = [BIN / "tiendo", "remind", "--home", tmp_path, "--send", "--json"]
        runs = [
            subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
            for _ in range(2)
        ]
    finally:
        channel.shutdown()
    first, second = (json.loads(run.stdout) for run in runs)
    assert [message["subject"].split(":")[0] for message in Channel.received] == ["Sở A"]
    assert "Đề án | hạn 10/11/2026 (còn 10 ngày)" in Channel.received[0]["body"]
    assert {entry["agency_code"]: entry["is_sent"] for entry in first} == {
        "so_a": True, "so_b": False, "so_c": False,
    }  # fmt: skip
    assert first[2]["problem"]
    assert [entry["is_sent"] for entry in second] == [True, False, False]
    assert [run.returncode for run in runs] == [1, 1]
