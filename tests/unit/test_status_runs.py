"""`tiendo status --runs` tells of each run what it came to, in the words of the command line."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tiendo.cli import app
from tiendo.lock import run_lock
from tiendo.messages import TiendoError
from tiendo.runs import RunRecord, Trigger
from tiendo.settings import Home, now

SCHEDULED = datetime(2026, 10, 30, 18, tzinfo=UTC)
REFUSAL = TiendoError("TD-510", "Số liệu khác quá giới hạn.", "Figures differ.", "Xem lại.", "Look at them.")


def status(root: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["status", "--runs", "--home", str(root), *arguments])
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def directly(step: Any, *arguments: Any) -> Any:
    return step(*arguments)


def refuse() -> None:
    raise REFUSAL


def begun(root: Path, trigger: Trigger | None = None) -> RunRecord:
    return RunRecord.begin(Home(root), date(2026, 10, 31), SCHEDULED, trigger)


def test_a_home_without_runs_says_so(tmp_path: Path) -> None:
    assert status(tmp_path) == "Chưa có lượt chạy nào."
    assert status(tmp_path, "--lang", "en") == "Nothing has run yet."
    assert json.loads(status(tmp_path, "--json")) == {"overdue": None, "runs": []}


def test_runs_are_told_with_their_errors_and_alarms(tmp_path: Path) -> None:
    begun(tmp_path, Trigger(scheduled_for=SCHEDULED)).finish("published", "2026-10-31-0123456789")
    with pytest.raises(TiendoError), begun(tmp_path) as failed:
        failed.step("drift", directly, refuse)
    killed = begun(tmp_path)
    killed.content["steps"] = [{"name": "transform", "memory_mb": None, "seconds": None}]
    killed.note(alarms=[{"code": "TD-448", "vi": "Ổ đĩa chỉ còn 1.0 GiB.", "en": "Little disk."}])
    killed.step("publish", directly, lambda: None)
    vi, en = status(tmp_path), status(tmp_path, "--lang", "en")
    assert "lịch 31/10/2026 01:00" in vi
    assert "đã phát hành" in vi
    assert f"(so với bản trước): {REFUSAL.text('vi')}" in vi
    assert f"(drift): {REFUSAL.text('en')}" in en
    assert "bị ngắt ở bước phát hành" in vi
    assert "TD-448 Ổ đĩa chỉ còn 1.0 GiB." in vi
    outcomes = [run["outcome"] for run in json.loads(status(tmp_path, "--json", "--last", "2"))["runs"]]
    assert outcomes == ["interrupted", "failed"]


def test_a_run_under_way_tells_the_step_it_is_in(tmp_path: Path) -> None:
    with run_lock(Home(tmp_path), "tiendo refresh"):
        shown = begun(tmp_path).step("transform", directly, lambda: status(tmp_path))
    assert "đang chạy (tính toán)" in shown


def test_a_schedule_that_has_stopped_is_told_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = now() - timedelta(days=9)
    monkeypatch.setattr("tiendo.runs.now", lambda: long_ago)
    begun(tmp_path, Trigger(scheduled_for=long_ago)).finish("nothing_new", "x")
    assert status(tmp_path).startswith("! TD-440 Đã 9 ngày chưa có lượt chạy nào xong")
    assert json.loads(status(tmp_path, "--json"))["overdue"]["code"] == "TD-440"


@pytest.mark.parametrize("other", [("--agency", "dl_so_khcn"), ("--province", "66")])
def test_runs_go_alone(tmp_path: Path, other: tuple[str, str]) -> None:
    refused = CliRunner().invoke(app, ["status", "--runs", *other, "--home", str(tmp_path)])
    assert isinstance(refused.exception, TiendoError)
    assert refused.exception.code == "TD-718"
