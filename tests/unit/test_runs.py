"""Records of runs: written when a run begins, so that a killed one is told; read whatever their age."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from tiendo.arrivals import arrived, known_before
from tiendo.clock import moment_by_clock
from tiendo.lock import run_lock
from tiendo.messages import TiendoError
from tiendo.run_history import KEPT
from tiendo.runs import RunRecord, Trigger, read_runs
from tiendo.settings import Home, now

DAY, MOMENT = date(2026, 10, 31), datetime(2026, 10, 31, 1, tzinfo=UTC)
# Begins a run in a process of its own, holds the lock and dies in a step, as a killed one.
KILLED = """
import os, sys
from datetime import date, datetime, UTC
from pathlib import Path
from tiendo.lock import run_lock
from tiendo.pipeline import call_directly
from tiendo.runs import RunRecord
from tiendo.settings import Home
home = Home(Path(sys.argv[1]))
with run_lock(home, "tiendo refresh"):
    record = RunRecord.begin(home, date(2026, 10, 31), datetime(2026, 10, 31, tzinfo=UTC))
    record.step("intake", call_directly, lambda: None)
    record.step("transform", call_directly, os._exit, 9)
"""


def directly(step: object, *arguments: object) -> object:
    return step(*arguments)  # type: ignore[operator]


def begun(home: Home, trigger: Trigger | None = None) -> RunRecord:
    return RunRecord.begin(home, DAY, MOMENT, trigger)


def test_a_run_tells_what_each_step_took(tmp_path: Path) -> None:
    home = Home(tmp_path)
    trigger = Trigger("tiendo serve", scheduled_for=MOMENT)
    with begun(home, trigger) as record:
        record.step("intake", directly, lambda: sum(range(10**6)))
        record.note(intake={"files": 3})
        record.finish("published", "2026-10-31-0123456789")
    (run,) = read_runs(home)
    assert (run["run_id"], run["trigger"], run["command"]) == (trigger.run_id, "schedule", "tiendo serve")
    assert run["scheduled_for"] == MOMENT.isoformat()
    (step,) = run["steps"]
    assert step["name"] == "intake"
    assert step["seconds"] > 0
    assert step["cpu_seconds"] > 0
    assert 20 < step["memory_mb"] < 20_000
    assert (run["outcome"], run["release_id"]) == ("published", "2026-10-31-0123456789")
    assert run["intake"]["files"] == 3


def test_two_runs_have_two_identifiers() -> None:
    assert Trigger().run_id != Trigger().run_id


def test_a_failed_step_is_told_in_the_words_of_the_command_line(tmp_path: Path) -> None:
    home = Home(tmp_path)
    refusal = TiendoError("TD-510", "Số đã đổi.", "Figures changed.", "Xem lại.", "Look.")

    def fail() -> None:
        raise refusal

    with pytest.raises(TiendoError), begun(home) as record:
        record.step("drift", directly, fail)
    (run,) = read_runs(home)
    assert run["outcome"] == "failed"
    assert run["error"] == {
        "code": "TD-510", "vi": refusal.text("vi"), "en": refusal.text("en"), "step": "drift",
    }  # fmt: skip
    assert run["steps"][-1]["seconds"] is not None


def test_a_fault_between_two_steps_ends_the_record_and_leaves_as_a_message(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(TiendoError, match="TD-406") as caught, begun(home):
        raise PermissionError(13, "Permission denied", "ledger.parquet")
    (run,) = read_runs(home)
    assert (run["outcome"], run["error"]["step"]) == ("failed", None)
    assert run["error"]["vi"] == caught.value.text("vi")


def test_a_run_that_was_stopped_has_no_fault(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with pytest.raises(KeyboardInterrupt), begun(home) as record:
        record.step("load", directly, lambda: (_ for _ in ()).throw(KeyboardInterrupt))
    (run,) = read_runs(home)
    assert (run["outcome"], run["error"]) == ("interrupted", None)


def test_a_killed_run_is_told_as_interrupted_with_the_step_it_was_in(tmp_path: Path) -> None:
    home = Home(tmp_path)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert killed.returncode == 9
    (run,) = read_runs(home)
    assert run["outcome"] == "interrupted"
    assert [step["name"] for step in run["steps"]] == ["intake", "transform"]
    assert run["steps"][-1]["seconds"] is None
    # Its process number given to another one, which holds the lock now.
    with run_lock(home, "tiendo refresh"):
        begun(home).finish("skipped", None)
        assert [run["outcome"] for run in read_runs(home)] == ["skipped", "interrupted"]


def test_a_run_that_is_under_way_is_told_as_running_as_long_as_it_holds_the_lock(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with run_lock(home, "tiendo refresh"):
        begun(home)
        begun(home).finish("skipped", None)
        assert [run["outcome"] for run in read_runs(home)] == ["skipped", "running"]
        begun(home).finish("nothing_new", "x")
        assert [run["outcome"] for run in read_runs(home)] == ["nothing_new", "skipped", "interrupted"]


def test_records_of_earlier_versions_and_broken_ones_do_no_harm(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.runs.mkdir(parents=True)
    old = {
        "started_at": "2026-10-30T01:00:00+07:00", "as_of": "2026-10-30",
        "known_at": "2026-10-30T01:00:00+07:00",
        "outcome": "failed", "release_id": None, "seconds": {"intake": 0.1, "check": 9.5},
        "error": "check: TD-502 Số liệu chưa đạt.",
    }  # fmt: skip
    (home.runs / "2026-10-30T010000.000000.json").write_text(json.dumps(old), encoding="utf-8")
    for name, text in (("29", "{"), ("28", "[]"), ("27", "{}"), ("26", '{"started_at": "yesterday"}')):
        (home.runs / f"2026-10-{name}T010000.000000.json").write_text(text)
    (run,) = read_runs(home)
    assert [(step["name"], step["seconds"]) for step in run["steps"]] == [("intake", 0.1), ("check", 9.5)]
    assert run["error"]["code"] == "TD-502"
    assert run["alarms"] == []


def test_only_the_newest_records_are_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.runs.mkdir(parents=True)
    for minute in range(KEPT + 3):
        moment = datetime(2026, 1, 1) + timedelta(minutes=minute)
        (home.runs / f"{moment:%Y-%m-%dT%H%M%S.%f}.json").write_text("{}")
    (home.runs / "reminders").mkdir()
    begun(home)
    left = sorted(path.name for path in home.runs.glob("*.json"))
    assert len(left) == KEPT
    assert left[0] == "2026-01-01T000400.000000.json"
    assert (home.runs / "reminders").is_dir()


def test_a_run_goes_on_where_its_record_cannot_be_written(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.runs.parent.mkdir(parents=True)
    home.runs.write_text("a file where the folder should be")
    with begun(home) as record:
        assert record.step("intake", directly, lambda: 7) == 7
        record.finish("nothing_new", "x")


def test_a_clock_is_compared_with_runs_that_have_only_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, ahead = Home(tmp_path), now() + timedelta(hours=1)
    monkeypatch.setattr("tiendo.runs.now", lambda: ahead)
    begun(home)
    with pytest.raises(TiendoError, match="TD-411"):
        moment_by_clock(home)


def ledger(*rows: tuple[int, str, str]) -> pl.DataFrame:
    """Submissions received on a day of October, with the hash of their content and a status."""
    return pl.DataFrame(
        [
            {
                "received_at": datetime(2026, 10, day), "sha256": content, "status": status,
                "rows_read": 10, "rows_landed": 8 * (status == "landed"), "rows_quarantined": 2,
            }
            for day, content, status in rows
        ],
        schema={
            "received_at": pl.Datetime("us"), "sha256": pl.String, "status": pl.String,
            "rows_read": pl.Int64, "rows_landed": pl.Int64, "rows_quarantined": pl.Int64,
        },
    )  # fmt: skip


def test_what_came_in_is_counted_since_the_last_run_that_came_to_its_end() -> None:
    earlier = [
        {"outcome": "failed", "known_at": "2026-10-09T00:00:00+00:00"},
        {"outcome": "nothing_new", "known_at": "2026-10-05T00:00:00+00:00"},
    ]
    known = ledger(
        (1, "a", "landed"), (6, "b", "landed"), (7, "a", "landed"), (8, "b", "landed"), (9, "c", "rejected")
    )
    counts = arrived(known, known_before(earlier))
    assert counts == {
        "files": 5, "new": 4, "unchanged": 1, "landed": 3, "rejected": 1, "repeated": 2,
        "rows_read": 40, "rows_landed": 24, "rows_quarantined": 8, "last_received_at": "2026-10-09T00:00:00",
    }  # fmt: skip


def test_all_is_new_to_a_first_run_and_nothing_to_an_empty_one() -> None:
    assert known_before([]) is None
    assert arrived(ledger((1, "a", "landed")), None)["new"] == 1
    empty = arrived(ledger(), None)
    assert (empty["files"], empty["rows_read"], empty["last_received_at"]) == (0, 0, None)


def test_the_process_number_is_that_of_the_run(tmp_path: Path) -> None:
    assert begun(Home(tmp_path)).content["pid"] == os.getpid()
