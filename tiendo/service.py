"""The service of a home: a Prefect server of its own on loopback, and the process that runs what is due.

Where `PREFECT_API_URL` names another server, that one is used. Nothing listens beyond this machine and nothing
is sent out; what the server keeps lies in the home.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tiendo.folders import make_folders
from tiendo.lock import age_in_minutes, exclusive, owner_of
from tiendo.messages import TiendoError
from tiendo.settings import Home
from tiendo.supervisor import STOP_SECONDS, Child, Ended, keep_running
from tiendo.tracking import answers

HOST = "127.0.0.1"
START_SECONDS = 180.0
SERVER, WORKER = "Prefect", "tiendo"


def server_address(port: int) -> str:
    """Address of the UI; `/api` below it is the API."""
    named = os.environ.get("PREFECT_API_URL", "").rstrip("/").removesuffix("/api")
    own = {f"http://{name}:{port}" for name in (HOST, "localhost")}
    return f"http://{HOST}:{port}" if not named or named in own else named


def _has_own_server(port: int) -> bool:
    return server_address(port) == f"http://{HOST}:{port}"


def run_service(
    home: Home, port: int, times: Mapping[str, str], started: Callable[[], None], ended: Ended
) -> None:
    """Serves until SIGTERM or SIGINT.

    Args:
        home: The home.
        port: Port of the server on loopback.
        times: Times of jobs given otherwise, by name.
        started: Called when all is on its way.
        ended: Told of processes that end by themselves, as in `keep_running`.

    Raises:
        TiendoError: TD-421, exit code 3, where the home is served already; TD-422, exit code 2, where the
            port is taken.
    """
    with exclusive(home, home.serve_lock, {"command": "tiendo serve"}, _served):
        home.prefect.mkdir(mode=0o700, exist_ok=True)
        environment = _environment(home, port)
        program = "from flows.worker import main; main()"
        worker = [sys.executable, "-c", program, str(home.root), json.dumps(dict(times))]
        children = [Child(WORKER, worker, environment)]
        if _has_own_server(port):
            _refuse_taken(port)
            children.insert(0, Child(SERVER, _server_command(port), environment))
        started()
        keep_running(children, ended)


def start_in_background(home: Home, port: int, times: Mapping[str, str]) -> tuple[str, Path]:
    """Starts the service as a process of its own and waits until its server answers.

    Returns:
        The address of the UI, and the file that tells what the service did.

    Raises:
        TiendoError: TD-421 and TD-422 as in `run_service`; TD-423, exit code 4, where it does not come up.
    """
    if owner := owner_of(home.serve_lock):
        raise _served(owner)
    if _has_own_server(port):
        _refuse_taken(port)
    make_folders(home)
    home.prefect.mkdir(mode=0o700, exist_ok=True)
    log, address = home.prefect / "serve.log", server_address(port)
    program = "from tiendo.cli import main; main()"
    command = [sys.executable, "-c", program, "serve", "--home", str(home.root), "--port", str(port)]
    command += [word for name, cron in times.items() for word in (f"--{name}", cron)]
    with log.open("ab") as stream:
        process = subprocess.Popen(  # noqa: S603 own command
            command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True
        )
    until = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < until:
        if owner_of(home.serve_lock) and answers(f"{address}/api/health"):
            return address, log
        time.sleep(0.5)
    process.terminate()
    raise TiendoError(
        "TD-423",
        f"Dịch vụ không khởi động được: {_last_line(log)}",
        f"The service did not start: {_last_line(log)}",
        f"Xem {log}; chạy “tiendo doctor”.",
        f"See {log}; run “tiendo doctor”.",
        exit_code=4,
    )


def stop_service(home: Home) -> bool:
    """Stops the service of a home; False where none was running.

    Raises:
        TiendoError: TD-424, exit code 4, where it does not stop.
    """
    owner = owner_of(home.serve_lock)
    if not owner:
        return False
    with suppress(ProcessLookupError):
        os.kill(owner["pid"], signal.SIGTERM)
    until = time.monotonic() + 2 * STOP_SECONDS
    while owner_of(home.serve_lock).get("process") == owner["process"]:
        if time.monotonic() > until:
            raise TiendoError(
                "TD-424",
                f"Dịch vụ (tiến trình {owner['pid']}) chưa dừng.",
                f"The service (process {owner['pid']}) has not stopped.",
                f"Chờ thêm, hoặc: kill -9 {owner['pid']}; bản phát hành hiện hành không bị ảnh hưởng.",
                f"Wait, or: kill -9 {owner['pid']}; the current release is not affected.",
                exit_code=4,
            )
        time.sleep(0.2)
    return True


def _environment(home: Home, port: int) -> dict[str, str]:
    """What both processes are told; what the administrator set stands, save what leaves the machine."""
    own = server_address(port)
    chosen = {
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # The program's own folder may be read-only.
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home.prefect / "ui"),
        # SQLite takes one writer at a time; a busy machine needs more patience than the ten seconds given.
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
        # Old runs leave the database; run records tell of them longer.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "true",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"{own},http://localhost:{port}",
    }
    forced = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_API_URL": f"{own}/api",
        "PREFECT_HOME": str(home.prefect),
        "PREFECT_SERVER_API_HOST": HOST,
        "PREFECT_SERVER_API_PORT": str(port),
        "TIENDO_HOME": str(home.root),
    }
    return chosen | os.environ | forced


def _server_command(port: int) -> list[str]:
    """The server as one process: `prefect server start` would put another one between."""
    application = ["--factory", "prefect.server.api.server:create_app"]
    return [
        *(sys.executable, "-m", "uvicorn", *application, "--host", HOST, "--port", str(port)),
        *("--log-level", "warning", "--timeout-keep-alive", "5", "--timeout-graceful-shutdown", "10"),
    ]


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise TiendoError(
                "TD-422",
                f"Cổng {port} đang có chương trình khác dùng.",
                f"Port {port} is taken by another program.",
                "Chọn cổng khác, ví dụ: tiendo serve --port 4201",
                "Choose another one, such as: tiendo serve --port 4201",
                exit_code=2,
            ) from None


def _served(owner: Mapping[str, Any]) -> TiendoError:
    who_vi = who_en = ""
    if owner:
        minutes = age_in_minutes(dict(owner))
        who_vi, who_en = (
            f" (tiến trình {owner['pid']}, đã {minutes} phút)",
            f" (process {owner['pid']}, for {minutes} minutes)",
        )
    return TiendoError(
        "TD-421",
        f"Thư mục này đang được chạy theo lịch rồi{who_vi}.",
        f"This home is being served already{who_en}.",
        "Dừng dịch vụ đó trước: tiendo serve --stop",
        "Stop that service first: tiendo serve --stop",
        exit_code=3,
    )


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "?")
