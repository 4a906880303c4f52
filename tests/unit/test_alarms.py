"""Each alarm fires where its condition holds, and not on first runs, old reports, demos or quiet nights."""

import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from tiendo.alarms import SPARE_BYTES, alarms_of, overdue
from tiendo.arrivals import reports_due
from tiendo.settings import TIMEZONE, Home

Run = dict[str, Any]
NIGHT = datetime(2026, 10, 28, 1, tzinfo=TIMEZONE)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    roomy = SimpleNamespace(free=SPARE_BYTES)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: roomy)
    return Home(tmp_path)


def run(night: int = 0, outcome: str = "published", **changed: Any) -> Run:
    """A record of a quiet night, `night` nights ago; changes go into its parts by name."""
    started = NIGHT - timedelta(days=night)
    intake = {"new": 4, "rows_read": 400, "rows_quarantined": 4}
    step = {"seconds": 30, "memory_mb": 900, "rows": 10_000}
    found: Run = {
        "command": "tiendo refresh",
        "trigger": "schedule",
        "started_at": started.isoformat(),
        "as_of": started.date().isoformat(),
        "known_at": started.isoformat(),
        "outcome": outcome,
        "reports": {},
        "alarms": [],
    } | {name: value for name, value in changed.items() if name not in {*intake, *step}}
    found["intake"] = {name: changed.get(name, value) for name, value in intake.items()}
    found["steps"] = [{"name": "publish", **{name: changed.get(name, value) for name, value in step.items()}}]
    return found


def nights(number: int = 6) -> list[Run]:
    return [run(night) for night in range(1, number + 1)]


def codes(home: Home, last: Run, earlier: list[Run]) -> list[str]:
    return [alarm.code for alarm in alarms_of(home, last, earlier)]


def test_a_quiet_night_has_no_alarm(home: Home) -> None:
    assert codes(home, run(), nights()) == []


UNUSUAL: list[tuple[str, Run, Run]] = [
    ("TD-443", {"rows": 7_900}, {"rows": 8_100}),
    ("TD-443", {"rows": 15_100}, {"rows": 14_900}),
    ("TD-444", {"new": 50, "rows_read": 5_000}, {"new": 49, "rows_read": 4_900}),
    ("TD-445", {"rows_read": 400, "rows_quarantined": 40}, {"rows_read": 400, "rows_quarantined": 39}),
    ("TD-445", {"rows_read": 50, "rows_quarantined": 50}, {"rows_read": 49, "rows_quarantined": 49}),
    ("TD-446", {"seconds": 91}, {"seconds": 90}),
    ("TD-447", {"memory_mb": 1_801}, {"memory_mb": 1_800}),
]


@pytest.mark.parametrize(("code", "beyond", "within"), UNUSUAL)
def test_what_is_unusual_is_told(home: Home, code: str, beyond: Run, within: Run) -> None:
    assert codes(home, run(**beyond), nights()) == [code]
    assert codes(home, run(**within), nights()) == []


@pytest.mark.parametrize("beyond", [beyond for _, beyond, _ in UNUSUAL])
def test_nothing_is_unusual_to_a_home_with_few_runs(home: Home, beyond: Run) -> None:
    assert codes(home, run(**beyond), nights(4)) == []
    assert codes(home, run(**beyond), []) == []


@pytest.mark.parametrize(
    "difference", [{"command": "tiendo rebuild"}, {"outcome": "nothing_new"}, {"as_of": "2025-12-31"}]
)
def test_only_runs_of_the_same_kind_are_compared(home: Home, difference: Run) -> None:
    assert codes(home, run(seconds=900, **difference), nights()) == []


def test_a_small_run_may_take_three_times_as_long(home: Home) -> None:
    assert (
        codes(
            home,
            run(seconds=61, memory_mb=599),
            [run(night, seconds=1, memory_mb=99) for night in range(1, 9)],
        )
        == []
    )


def test_the_night_after_a_deadline_brings_more_files_than_others(home: Home) -> None:
    last_deadline = run(30, new=40, rows_read=4_000)
    assert codes(home, run(new=120, rows_read=12_000), [*nights(), last_deadline]) == []


def test_a_run_by_hand_takes_as_long_as_what_it_was_asked_for(home: Home) -> None:
    by_hand = [{**night, "trigger": "command"} for night in nights()]
    assert codes(home, run(seconds=900, trigger="command"), by_hand) == []


def test_an_old_report_is_not_compared_with_todays(home: Home) -> None:
    assert codes(home, run(rows=100, as_of="2025-12-31"), nights()) == []


def due(received: int, usual_share: float) -> Run:
    of_month = {"obligation": "tb-thang", "due_on": "2026-10-19", "owed": 8, "received": received}
    return {"late": 0, "missing": 8 - received, "due": [of_month | {"usual_share": usual_share}]}


@pytest.mark.parametrize(
    ("received", "usual", "expected"),
    [(0, 0.6, ["TD-441"]), (0, 0.0, []), (2, 0.6, ["TD-442"]), (3, 0.6, []), (8, 1.0, [])],
)
def test_reports_that_stay_away_are_told(
    home: Home, received: int, usual: float, expected: list[str]
) -> None:
    assert codes(home, run(reports=due(received, usual)), []) == expected


def test_reports_stay_away_from_no_demo_and_no_old_report(home: Home) -> None:
    assert codes(home, run(reports=due(0, 1.0), as_of="2026-10-01"), []) == []
    home.raw.mkdir(parents=True)
    home.synthetic_marker.write_text("")
    assert codes(home, run(reports=due(0, 1.0)), []) == []


@pytest.mark.parametrize(
    ("ages", "is_told"),
    [((3,), True), ((2,), True), ((1,), False), ((), False)],
)
def test_a_home_that_runs_by_schedule_and_does_not_is_told(ages: tuple[int, ...], is_told: bool) -> None:
    failed = [run(0, "failed"), run(1, "interrupted")]
    found = overdue([*failed, *(run(age) for age in ages)], NIGHT + timedelta(minutes=1))
    assert (found is not None) is is_told
    by_hand = [{**each, "trigger": "command"} for each in [*failed, *(run(age) for age in ages)]]
    assert overdue(by_hand, NIGHT + timedelta(days=30)) is None


def test_a_month_end_of_the_past_is_no_night() -> None:
    old = {"as_of": "2026-01-31", "known_at": "2026-02-19T23:59:59+07:00"}
    runs = [run(0, "failed"), run(1, **old), run(2, "failed"), run(3)]
    assert overdue(runs, NIGHT) is not None
    assert overdue([run(0, "failed"), run(1), *runs[2:]], NIGHT) is None


def test_nothing_is_overdue_where_nothing_has_run() -> None:
    assert overdue([], NIGHT) is None


def test_a_failed_run_tells_how_long_nothing_came_to_its_end(home: Home) -> None:
    (alarm,) = alarms_of(home, run(0, "failed"), [run(1, "failed"), run(4)])
    assert (alarm.code, "4 ngày" in alarm.vi) == ("TD-440", True)


def test_a_disk_that_fills_up_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=SPARE_BYTES - 1))
    assert codes(home, run(0, "failed"), nights()) == ["TD-448"]


def test_an_alarm_bears_the_moment_it_began(home: Home) -> None:
    (first,) = alarms_of(home, run(1, seconds=900), nights()[1:])
    before = run(1, seconds=900, alarms=[first.content()])
    (second,) = alarms_of(home, run(0, seconds=900), [run(0, "skipped"), before, *nights()[1:]])
    assert second.since == first.since == before["started_at"]


@pytest.fixture
def warehouse(tmp_path: Path) -> Callable[..., Path]:
    """Writes a warehouse with reports of one obligation: for each deadline the states, `1` for in time."""

    def write(*deadlines: tuple[date, str]) -> Path:
        path = tmp_path / "warehouse.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute("create schema marts")
            connection.execute(
                "create table marts.reporting_compliance (obligation_code text, due_on date, state text, "
                "submission_id text, received_at timestamp)"
            )
            words = {"1": "on_time", "0": "missing", "l": "late", "-": "not_yet_due"}
            rows = [
                ("monthly", due_on, words[state], f"{due_on}-{place}", due_on)
                for due_on, states in deadlines
                for place, state in enumerate(states)
            ]
            connection.executemany("insert into marts.reporting_compliance values (?, ?, ?, ?, ?)", rows)
        return path

    return write


def test_the_last_deadline_is_set_beside_those_before_it(warehouse: Callable[..., Path]) -> None:
    path = warehouse(
        (date(2026, 6, 19), "1110"), (date(2026, 7, 19), "1000"), (date(2026, 8, 19), "11l1"),
        (date(2026, 9, 19), "1l00"), (date(2026, 10, 24), "0000"), (date(2026, 11, 19), "----"),
    )  # fmt: skip
    october = reports_due(path, date(2026, 10, 30), datetime(2026, 9, 1, tzinfo=TIMEZONE))
    assert october == {
        "late": 1,
        "missing": 4,
        "due": [
            {"obligation": "monthly", "due_on": "2026-10-24", "owed": 4, "received": 0, "usual_share": 0.625}
        ],
    }
    # Within the days of grace the deadline before it counts.
    assert reports_due(path, date(2026, 10, 29), None)["due"][0]["due_on"] == "2026-09-19"
    # Too long ago: the obligation has ended.
    assert reports_due(path, date(2027, 3, 1), None)["due"] == []


def test_two_earlier_deadlines_say_nothing_of_what_is_usual(warehouse: Callable[..., Path]) -> None:
    path = warehouse((date(2026, 8, 19), "1"), (date(2026, 9, 19), "1"), (date(2026, 10, 19), "0"))
    assert reports_due(path, date(2026, 10, 28), None)["due"][0]["usual_share"] == 0
