"""What is due when, what counts as missed, and which failures are worth another try."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tiendo.catching_up import is_closed, missed, night_done
from tiendo.messages import TiendoError
from tiendo.publish.log import append
from tiendo.schedule import JOBS, OFF, PASSING, RETRY_AFTER_SECONDS, Job, closing_month, jobs, persistently
from tiendo.settings import TIMEZONE, Home

NIGHTLY, MONTHLY, REMINDERS, PRUNING = JOBS


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)


@pytest.mark.parametrize(
    ("job", "last", "following"),
    [
        (NIGHTLY, "2026-11-23T01:00", "2026-11-24T01:00"),
        (MONTHLY, "2026-11-20T03:00", "2026-12-20T03:00"),
        (REMINDERS, "2026-11-23T07:30", "2026-11-30T07:30"),
        (PRUNING, "2026-11-22T04:00", "2026-11-29T04:00"),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_each_job_has_its_time_in_vietnam(job: Job, last: str, following: str) -> None:
    moment = datetime.fromisoformat("2026-11-23T08:00:00.5+07:00")
    assert job.last_before(moment) == at(last)
    assert job.next_after(moment) == at(following)
    assert job.last_before(moment.astimezone(tz=None)) == at(last)


def test_on_the_minute_a_job_is_due() -> None:
    due = at("2026-11-23T01:00")
    assert NIGHTLY.last_before(due) == due
    assert NIGHTLY.last_before(due - timedelta(microseconds=1)) == at("2026-11-22T01:00")
    assert NIGHTLY.next_after(due) == at("2026-11-24T01:00")


def test_a_time_can_be_given_and_a_job_left_out() -> None:
    nightly, monthly, *_ = jobs({"nightly": " 30  2 * * mon-fri ", "monthly": "OFF"})
    assert nightly.next_after(at("2026-11-21T00:00")) == at("2026-11-23T02:30")
    assert monthly.cron == OFF
    assert monthly.last_before(at("2026-11-21T00:00")) is monthly.next_after(at("2026-11-21T00:00")) is None


@pytest.mark.parametrize(
    "cron", ["", "01:00", "61 * * * *", "0 0 31 2 *", "* * * * * *", "@daily", "0 1 * * L#"]
)
def test_a_time_that_cannot_be_read_is_told_with_its_option(cron: str) -> None:
    with pytest.raises(TiendoError) as refused:
        jobs({"monthly": cron})
    assert refused.value.code == "TD-420"
    assert refused.value.exit_code == 2
    assert "--monthly (Chốt tháng)" in refused.value.vi
    assert "0 3 20 * *" in refused.value.way_out_vi


@pytest.mark.parametrize(
    ("due", "month"),
    [("2026-11-20T03:00", "2026-10"), ("2027-01-20T03:00", "2026-12"), ("2026-03-31T00:00", "2026-02")],
)
def test_the_month_before_is_closed(due: str, month: str) -> None:
    assert closing_month(at(due)) == month


def run_at(moment: str, outcome: str = "published", as_of: str | None = None) -> dict[str, Any]:
    return {"started_at": f"{moment}:00+07:00", "outcome": outcome, "as_of": as_of or moment[:10]}


@pytest.mark.parametrize(
    ("records", "is_done"),
    [
        ([], False),
        ([run_at("2026-11-22T23:59")], False),
        ([run_at("2026-11-23T01:00")], True),
        ([run_at("2026-11-23T09:00", "nothing_new")], True),
        ([run_at("2026-11-23T09:00", "held_back")], True),
        ([run_at("2026-11-23T01:00", "failed")], False),
        ([run_at("2026-11-23T01:00", "interrupted")], False),
        ([run_at("2026-11-23T01:00", "running")], False),
        ([run_at("2026-11-23T09:00", as_of="2026-10-31")], False),
        ([run_at("2026-11-23T09:00") | {"as_of": None}], False),
        ([run_at("2026-11-23T02:00", "failed"), run_at("2026-11-23T01:00")], True),
    ],
    ids=[
        *("none", "before", "on time", "by hand", "held back", "failed", "stopped", "running"),
        *("old report", "old record", "a later one failed"),
    ],
)
def test_a_night_is_done_by_a_run_since_it_was_due(records: list[dict[str, Any]], is_done: bool) -> None:
    assert night_done(records, at("2026-11-23T01:00")) is is_done


def home_with(tmp_path: Path, *records: dict[str, Any]) -> Home:
    home = Home(tmp_path)
    home.runs.mkdir(parents=True)
    home.releases.mkdir(parents=True)
    for record in records:
        name = datetime.fromisoformat(record["started_at"]).strftime("%Y-%m-%dT%H%M%S.%f")
        (home.runs / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
    return home


def test_nights_missed_are_one_however_many(tmp_path: Path) -> None:
    home = home_with(tmp_path, run_at("2026-11-18T01:00"))
    assert missed(home, NIGHTLY, at("2026-11-18T23:00")) is None
    assert missed(home, NIGHTLY, at("2026-11-23T09:00")) == at("2026-11-23T01:00")


def test_a_new_home_has_its_first_run_at_once_but_no_month_to_close(tmp_path: Path) -> None:
    home = home_with(tmp_path)
    moment = at("2026-11-23T09:00")
    assert missed(home, NIGHTLY, moment) == at("2026-11-23T01:00")
    assert [missed(home, job, moment) for job in (MONTHLY, REMINDERS, PRUNING)] == [None, None, None]


def test_a_month_is_missed_until_its_last_day_is_locked(tmp_path: Path) -> None:
    home = home_with(tmp_path, run_at("2026-11-01T01:00"))
    moment = at("2026-11-23T09:00")
    assert missed(home, MONTHLY, moment) == at("2026-11-20T03:00")
    assert missed(home, MONTHLY, at("2026-11-20T02:59")) is None  # Not in use a month before.
    release = home.releases / "2026-10-31-0123456789"
    release.mkdir()
    assert not is_closed(home, "2026-10")
    append(home, "locked", release_id=release.name)
    assert is_closed(home, "2026-10")
    assert not is_closed(home, "2026-09")
    assert missed(home, MONTHLY, moment) is None


def test_what_is_off_is_not_missed(tmp_path: Path) -> None:
    assert missed(home_with(tmp_path), jobs({"nightly": OFF})[0], at("2026-11-23T09:00")) is None


def refusal(code: str) -> TiendoError:
    return TiendoError(code, "", "")


@pytest.mark.parametrize("code", sorted(PASSING))
def test_what_can_pass_is_tried_again(code: str) -> None:
    failures = [refusal(code), refusal(code)]
    waited: list[float] = []

    def run() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert persistently(run, lambda *_: None, waited.append) == "done"
    assert tuple(waited) == RETRY_AFTER_SECONDS


@pytest.mark.parametrize("code", ["TD-410", "TD-502", "TD-405", "TD-406", "TD-900"])
def test_what_needs_a_person_is_not(code: str) -> None:
    tries: list[int] = []

    def run() -> None:
        tries.append(1)
        raise refusal(code)

    with pytest.raises(TiendoError, match=code):
        persistently(run, lambda *_: None, lambda _: None)
    assert len(tries) == 1


def test_trying_again_has_an_end() -> None:
    told: list[tuple[str, float]] = []

    def run() -> None:
        raise refusal("TD-501")

    with pytest.raises(TiendoError, match="TD-501"):
        persistently(run, lambda error, seconds: told.append((error.code, seconds)), lambda _: None)
    assert told == [("TD-501", seconds) for seconds in RETRY_AFTER_SECONDS]
