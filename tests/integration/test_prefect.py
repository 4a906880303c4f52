"""What is seen of a refresh in Prefect, and what is sent through its blocks; without a server, nothing."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from owing_home import owing_home
from receivers import chat_system, mail_server

from tiendo.run_history import read_runs
from tiendo.settings import Home

BIN = Path(sys.executable).parent
# A number that stands in a cell of a submitted file, and a secret in the address of a channel.
PRIVATE, SECRET = "hơn 12 nghìn", "khong-duoc-lo"
STEPS = (
    "Tiếp nhận", "Nạp vào kho số liệu", "Tính toán", "Ghi bảng chờ phát hành", "Kiểm tra chất lượng",
    "Phát hành",
)  # fmt: skip
COVERAGE = "Mã đơn vị,Đơn vị,Kỳ báo cáo,Đơn vị cung cấp,Dân số,Dân số được phủ sóng 5G\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(address: str, body: dict | None = None) -> object:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
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
        "TIENDO_SITE_URL": "https://so-lieu.example/",
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


def runs_of(server: dict[str, str], flow: str) -> list[dict]:
    """Runs of a flow, newest first."""
    wanted = {"flows": {"name": {"any_": [flow]}}, "sort": "START_TIME_DESC"}
    return ask(f"{server['PREFECT_API_URL']}/flow_runs/filter", wanted)


def parts_of(server: dict[str, str], what: str, flow_run: dict) -> list[dict]:
    """Task runs or artifacts of a flow run."""
    wanted = {"flow_runs": {"id": {"any_": [flow_run["id"]]}}}
    return ask(f"{server['PREFECT_API_URL']}/{what}/filter", wanted)


def refresh(
    home: Path, environment: dict[str, str], *options: str, expect: int = 0
) -> subprocess.CompletedProcess[str]:
    command = [BIN / "tiendo", "refresh", "--home", home, "--as-of", "2026-06-30", "--json", *options]
    shown = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert shown.returncode == expect, shown.stderr
    return shown


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two submissions, one with a row that is set aside; the ledger was lost, so they are landed anew."""
    home = tmp_path_factory.mktemp("tracked")
    for period, population in (("05/2026", "1.000.000"), ("06/2026", PRIVATE)):
        file = home.parent / f"bieu-{period[:2]}.csv"
        row = f"66,Tỉnh Đắk Lắk,{period},Sở Khoa học và Công nghệ,{population},55\n"
        file.write_text(COVERAGE + row, encoding="utf-8")
    files = [str(file) for file in sorted(home.parent.glob("bieu-*.csv"))]
    command = [BIN / "tiendo", "submit", *files, "--home", home, "--received-at", "2026-07-05T09:00+07:00"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    (home / "data/warehouse/ledger.parquet").unlink()
    return home


def test_a_refresh_is_seen_in_prefect(server: dict[str, str], home: Path) -> None:
    published = json.loads(refresh(home, server, expect=1).stdout)
    release_id = published["release_id"]
    assert (home / "data/curated/current").resolve().name == release_id

    (run,) = runs_of(server, "tiendo-nightly")
    (record,) = read_runs(Home(home))
    assert run["name"] == f"2026-06-30 · {record['run_id']}"
    assert run["state"]["message"] == f"Đã phát hành {release_id}"
    assert run["tags"] == ["66 Tỉnh Đắk Lắk", "68 Tỉnh Lâm Đồng", "75 Tỉnh Đồng Nai", "số liệu thật"]

    tasks = parts_of(server, "task_runs", run)
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    batch = "Biểu 04. Phủ sóng 5G và thôn, buôn lõm sóng: 2 tệp, kỳ 2026-05 đến 2026-06"
    steps = {f"{number}. {name}" for number, name in enumerate(STEPS, 1)}
    assert sorted(task["name"] for task in tasks) == sorted({batch} | steps)

    shown = {artifact["key"]: artifact for artifact in parts_of(server, "artifacts", run)}
    tables = {key: json.loads(shown[key]["data"]) for key in shown if shown[key]["type"] == "table"}
    assert f"# Đã phát hành {release_id}" in shown["tiendo-tom-tat"]["data"]
    assert "1 dòng cách ly" in shown["tiendo-tom-tat"]["data"]
    assert {"Mã": "66", "Đơn vị": "Tỉnh Đắk Lắk"}.items() <= tables["tiendo-trang-thai"][0].items()
    assert tables["tiendo-cach-ly"] == [
        {
            "Biểu": "Biểu 04. Phủ sóng 5G và thôn, buôn lõm sóng", "Đơn vị": "66 Tỉnh Đắk Lắk",
            "Kỳ": "2026-06", "Mã lỗi": "TD-202", "Cột": "Dân số", "Số dòng": 1, "Số tệp": 1,
        }
    ]  # fmt: skip
    assert [row["Giây"] for row in tables["tiendo-thoi-gian"]] == [
        step["seconds"] for step in record["steps"]
    ]
    assert "https://so-lieu.example/quality/index.html" in shown["tiendo-trang-web"]["data"]
    assert PRIVATE not in json.dumps([*shown.values(), *tasks], ensure_ascii=False)


def test_a_failure_is_told_in_the_words_of_the_command_line(server: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data/raw/plans").mkdir(parents=True)
    said = refresh(tmp_path, server, expect=1).stderr.splitlines()[-1]
    assert said.startswith("TD-3")
    run = runs_of(server, "tiendo-nightly")[0]
    assert (run["state_type"], run["state"]["message"]) == ("FAILED", said)
    (task,) = parts_of(server, "task_runs", run)
    assert (task["name"], task["state"]["message"]) == ("1. Tiếp nhận", said)
    shown = {artifact["key"]: artifact["data"] for artifact in parts_of(server, "artifacts", run)}
    assert said.replace("`", "'") in shown["tiendo-tom-tat"]


def test_a_configured_server_that_does_not_answer_is_no_hindrance(home: Path) -> None:
    """On the home of the test before; what a plain run publishes has tests of its own."""
    environment = {**os.environ, "PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api"}
    answered = json.loads(refresh(home, environment, expect=0).stdout)
    assert (home / "data/curated/current").resolve().name == answered["release_id"]


SAVE_BLOCKS = """
import sys
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from flows.notifying import Apprise
mail, chat, secret = sys.argv[1:]
for name in ("nhac-viec", "dieu-hanh"):
    CustomWebhookNotificationBlock(
        name=name, url=f"http://127.0.0.1:{chat}/?token={{{{token}}}}", secrets={"token": secret},
        json_data={"subject": "{{subject}}", "body": "{{body}}"},
    ).save(name)
Apprise(url=f"mailto://tiendo:{secret}@127.0.0.1:{mail}?from=tiendo@so.vn&to=truc@so.vn").save("thu")
"""
# A flow as the schedule has it: here it only tells of runs whose records are given.
NOTIFY = """
import json, sys
from pathlib import Path
from prefect import flow
from flows import notifying
from tiendo.messages import TiendoError
from tiendo.settings import Home, now
notifying.RETRY_SECONDS = 0
@flow(name="notices")
def notices(home, runs):
    for run in runs:
        notifying.notify(home, run)
    for _ in range(2):
        notifying.notify_end(home, "no-record", now(), TiendoError("TD-425", "Không gửi được.", "Not sent."))
notices(Home(Path(sys.argv[1])), json.loads(sys.argv[2]))
"""
RUN = {
    "run_id": "r1", "outcome": "failed", "started_at": "2026-11-02T01:00:00+07:00", "as_of": "2026-11-02",
    "release_id": None, "alarms": [], "error": {"code": "TD-502", "step": "check", "vi": "TD-502 Kiểm tra."},
}  # fmt: skip
WELL = RUN | {"run_id": "r3", "outcome": "published", "release_id": "2026-11-04-1", "error": None}


@pytest.fixture(scope="module")
def channels(server: dict[str, str]) -> Iterator[tuple[list[EmailMessage], list[dict]]]:
    """What arrives by mail and by webhook, through blocks saved on the server."""
    with mail_server() as (mail_port, mails), chat_system("Sở C") as (chat_port, chats):
        command = [sys.executable, "-c", SAVE_BLOCKS, str(mail_port), str(chat_port), SECRET]
        subprocess.run(command, env=server, check=True, timeout=120)
        yield mails, chats


def test_notices_go_out_once_and_again_when_all_is_well(
    server: dict[str, str], channels: tuple[list[EmailMessage], list[dict]], tmp_path: Path
) -> None:
    environment = {
        **server,
        "TIENDO_NOTIFICATION_BLOCKS": "apprise/thu, custom-webhook/dieu-hanh, apprise/no",
    }
    runs = json.dumps([RUN, RUN | {"run_id": "r2"}, WELL])
    command = [sys.executable, "-c", NOTIFY, tmp_path, runs]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "TD-430" in done.stderr
    mails, chats = channels
    subjects = [
        "[tiendo] lượt chạy thất bại TD-502, 2026-11-02", "[tiendo] đã bình thường trở lại, 2026-11-02",
    ]  # fmt: skip
    assert [mail["subject"] for mail in mails] == [chat["subject"] for chat in chats]
    assert [mail["subject"] for mail in mails[:2]] == subjects
    assert [mail["to"] for mail in mails] == ["truc@so.vn"] * 3
    assert mails[2].get_content().splitlines()[:3] == ["notices không xong.", "", "- TD-425 Không gửi được."]
    assert mails[0].get_content_type() == "text/plain"
    assert "- TD-502 Kiểm tra." in mails[0].get_content()
    assert "Đã hết:\n- TD-502 Kiểm tra." in chats[1]["body"]


def test_reminders_go_out_once_and_a_channel_that_fails_is_told(
    server: dict[str, str], channels: tuple[list[EmailMessage], list[dict]], tmp_path: Path
) -> None:
    owing_home(tmp_path)
    environment = {**server, "TIENDO_REMINDER_BLOCK": "custom-webhook/nhac-viec"}
    command = [BIN / "tiendo", "remind", "--home", tmp_path, "--send", "--json"]
    runs = [
        subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
        for _ in range(2)
    ]
    first, second = (json.loads(run.stdout) for run in runs)
    chats = [chat for chat in channels[1] if not chat["subject"].startswith("[tiendo]")]
    assert [message["subject"].split(":")[0] for message in chats] == ["Sở A"]
    assert "Đề án | hạn 10/11/2026 (còn 10 ngày)" in chats[0]["body"]
    assert {entry["agency_code"]: entry["is_sent"] for entry in first} == {
        "so_a": True, "so_b": False, "so_c": False,
    }  # fmt: skip
    assert first[2]["problem"].startswith("TD-431")
    assert [entry["is_sent"] for entry in second] == [True, False, False]
    assert [run.returncode for run in runs] == [1, 1]
    # What Prefect's own words about the channel would have told.
    logs = json.dumps(ask(f"{server['PREFECT_API_URL']}/logs/filter", {}))
    tasks = json.dumps(ask(f"{server['PREFECT_API_URL']}/task_runs/filter", {}))
    assert SECRET not in logs + tasks + "".join(run.stdout + run.stderr for run in runs)
