"""What the flows of the schedule do, run by hand at their times; the slow steps of the main job are light."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from light_steps import lighten

from flows import notifying, serving
from tiendo.catching_up import is_closed, report_month
from tiendo.intake.landing import submit
from tiendo.lock import run_lock
from tiendo.pipeline import call_directly, pipeline
from tiendo.publish.release import list_releases
from tiendo.publish.shelf import current_or_none
from tiendo.runs import read_runs
from tiendo.settings import TIMEZONE, Home
from tiendo.warehouse.annexes import known_references

HEADER = "Mã đơn vị,Tên đơn vị,Kỳ báo cáo,Đơn vị cung cấp,Dân số,Dân số được phủ sóng 5G\n"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """What notices are given to tell. No Prefect is needed; it is 20 November 2026, 03:00, and later."""
    found: list[dict[str, object]] = []
    moment, ticks = at("2026-11-20T03:00"), count()
    for module in ("tiendo.clock", "tiendo.runs", "tiendo.lock", "flows.serving"):
        monkeypatch.setattr(f"{module}.now", lambda: moment + timedelta(seconds=next(ticks)))
    monkeypatch.setattr(serving, "due", lambda: moment)
    monkeypatch.setattr(serving, "nightly", pipeline)
    monkeypatch.setattr(serving, "run_as_task", call_directly)
    monkeypatch.setattr(serving, "tag_run", lambda *_: None)
    monkeypatch.setattr(serving, "show_release", lambda *_: None)
    monkeypatch.setattr(serving, "report_month", lambda *_: 3)
    monkeypatch.setattr(notifying, "notify", lambda _, run: found.append(dict(run)))
    return found


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of one commune with its coverage of October."""
    lighten(monkeypatch)
    home = Home(tmp_path / "home")
    file = tmp_path / "phu-song.csv"
    file.write_text(f"{HEADER}24133,Phường Tân An,10/2026,UBND,1000,500\n", encoding="utf-8")
    submit(home, file, known_references(home), received_at=at("2026-11-10T08:00"))
    return home


def test_the_month_before_is_closed_once_beside_the_release_in_force(
    home: Home, told: list[dict[str, object]]
) -> None:
    refreshed = serving.scheduled_refresh.fn(str(home.root))
    assert refreshed.name == "Completed"
    in_force = current_or_none(home)
    closed = serving.scheduled_closing.fn(str(home.root))
    release_id = read_runs(home)[0]["release_id"]
    assert str(closed.message).startswith(f"Đã chốt tháng 2026-10: bản {release_id}, đã khóa;")
    assert str(closed.message).endswith("Đã ghi báo cáo của 3 nơi vào data/reports/2026-10.")
    assert current_or_none(home) == in_force
    assert is_closed(home, "2026-10")
    assert [info.release_id[:10] for info in list_releases(home) if info.is_locked] == ["2026-10-31"]
    again = serving.scheduled_closing.fn(str(home.root))
    assert (again.name, again.message) == ("Skipped", "Bỏ qua: tháng 2026-10 đã chốt.")
    assert serving.scheduled_refresh.fn(str(home.root)).name == "Skipped"
    assert [(run["outcome"], run["scheduled_for"]) for run in told] == [
        ("published", "2026-11-20T03:00:00+07:00"),
        ("published", "2026-11-20T03:00:00+07:00"),
    ]
    pruned = serving.scheduled_pruning.fn(str(home.root))
    assert pruned.message == "Không có bản nào để dọn."


def test_a_report_that_cannot_be_written_is_told_and_the_month_stays_closed(
    home: Home, told: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The light release has no plan to report on.
    monkeypatch.setattr(serving, "report_month", report_month)
    failed = serving.scheduled_closing.fn(str(home.root))
    assert failed.is_failed()
    assert str(failed.message).startswith("TD-649 ")
    assert "Tháng 2026-10 vẫn đã chốt" in str(failed.message)
    assert is_closed(home, "2026-10")
    assert [(run["outcome"], run["error"]["code"]) for run in told] == [("failed", "TD-649")]  # pyright: ignore
    assert serving.scheduled_closing.fn(str(home.root)).name == "Skipped"


def test_a_run_that_never_began_is_told_as_well(
    home: Home, told: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "LOCK_PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr(serving, "persistently", lambda work, _: work())
    with run_lock(home, "tiendo rebuild"):
        ended = serving.scheduled_refresh.fn(str(home.root))
    assert ended.is_failed()
    assert str(ended.message).startswith("TD-401 ")
    assert [(run["outcome"], run["error"]["code"]) for run in told] == [("failed", "TD-401")]  # pyright: ignore


def test_reminders_are_delivered_only_of_real_figures_and_in_time(
    home: Home, told: list[dict[str, object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    written = SimpleNamespace(problem=None, reminder=SimpleNamespace(agency_code="so_a"))

    def write(_: Home, block: str | None) -> list[SimpleNamespace]:
        asked.append(block)
        return [written]

    monkeypatch.setattr(serving, "reminders", write)
    monkeypatch.delenv(serving.REMINDER_BLOCK, raising=False)
    remind = serving.scheduled_reminders.fn
    assert remind(str(home.root)).message == "Đã soạn 1 nhắc việc, chưa gửi cho ai."
    monkeypatch.setenv(serving.REMINDER_BLOCK, "custom-webhook/nhac-viec")
    assert remind(str(home.root)).message == "Đã soạn 1 nhắc việc, đã gửi."
    home.synthetic_marker.touch()
    assert remind(str(home.root)).message == "Đã soạn 1 nhắc việc, chưa gửi cho ai."
    assert asked == [None, "custom-webhook/nhac-viec", None]
    written.problem = "HTTP 500"
    failed = remind(str(home.root))
    assert str(failed.message).startswith("TD-425 Không gửi được nhắc việc cho: so_a.")
    monkeypatch.setattr(serving, "due", lambda: at("2026-11-19T16:59"))
    assert remind(str(home.root)).name == "Skipped"
    assert [run["outcome"] for run in told] == [*["nothing_new"] * 3, "failed"]
