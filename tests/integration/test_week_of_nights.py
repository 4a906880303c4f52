"""A week of nights: what comes late, twice, broken or not at all, a broken plan, a dark night, a full disk.

The main job is the real one, the clock is the tests'. What became of each night is read from the run records,
as an engineer would.
"""

from collections.abc import Generator
from datetime import date
from typing import Any

import polars as pl
import pytest
from living_province import (
    COVERAGE,
    MILITARY,
    PARTY,
    POLICE,
    Province,
    full_disk,
    report,
    settle,
)
from typer.testing import CliRunner

from tiendo import pipeline as main_job
from tiendo.cli import app
from tiendo.lock import lock_owner
from tiendo.publish.log import read_log
from tiendo.publish.release import load_manifest, verify
from tiendo.publish.standing import standing_of
from tiendo.runs import read_runs

Runs = list[dict[str, Any]]


def live_through_the_week(province: Province) -> list[str]:
    """From Wednesday 18 March 2026; reports to the ward's Party office are due by the end of the 19th.

    Returns:
        What the receipts say.
    """
    police, send = report(POLICE, "KPI.II.10", 30), province.send
    coverage = f"{COVERAGE}26041,Phường Trấn Biên,02/2026,UBND,1000,500\n"
    receipts = [send("cong-an", "2026-03-18T09:00", police), send("phu-song", "2026-03-18T10:00", coverage)]
    province.break_plans()
    province.night("2026-03-19T01:00")
    province.mend_plans()
    receipts += [
        send("cong-an", "2026-03-19T08:00", police),  # the same file again
        send("cong-an", "2026-03-19T09:00", report(POLICE, "KPI.II.10", 35)),  # and a better one
        send("hong", "2026-03-19T10:00", "Cột một,Cột hai\n1,2\n"),  # which is no form
        send("phu-song", "2026-03-19T11:00", coverage, is_backlog=True),  # twice, and kept
    ]
    # On the 20th at 01:00 the machine is off; in the morning the night is made good, once.
    province.night("2026-03-20T09:00", due="2026-03-20T01:00")
    province.night("2026-03-20T09:30", due="2026-03-20T01:00")
    receipts.append(send("quan-su", "2026-03-20T15:00", report(MILITARY, "KPI.V.2", 50)))  # late

    with pytest.MonkeyPatch.context() as patch:  # The disk is full over the weekend, and nobody is there.
        patch.setattr(main_job, "load", full_disk)
        for night in ("2026-03-21T01:00", "2026-03-22T01:00", "2026-03-23T01:00"):
            province.night(night)
    # The machine is off for its repair until the next night, which takes in all that has come since.
    province.night("2026-03-25T01:00")
    return receipts


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Generator[tuple[Province, list[str]]]:
    """The province after the week, and its receipts."""
    with pytest.MonkeyPatch.context() as patch:
        province = settle(tmp_path_factory.mktemp("nights"), patch)
        yield province, live_through_the_week(province)
    province.clock.stop()


@pytest.fixture(scope="module")
def province(week: tuple[Province, list[str]]) -> Province:
    return week[0]


@pytest.fixture(scope="module")
def runs(province: Province) -> Runs:
    """The records, oldest first."""
    return list(reversed(read_runs(province.home)))


def test_each_night_is_on_record_and_a_missed_one_is_made_good_once(province: Province, runs: Runs) -> None:
    told = [
        (
            run["scheduled_for"][5:16],
            run["started_at"][5:13],
            run["outcome"],
            (run["error"] or {}).get("code"),
        )
        for run in runs
    ]
    assert told == [
        ("03-19T01:00", "03-19T01", "failed", "TD-303"),
        ("03-20T01:00", "03-20T09", "published", None),
        ("03-21T01:00", "03-21T01", "failed", "TD-410"),
        ("03-22T01:00", "03-22T01", "failed", "TD-410"),
        ("03-23T01:00", "03-23T01", "failed", "TD-410"),
        ("03-25T01:00", "03-25T01", "published", None),
    ]
    told = [text.partition(" ")[0] for text in province.told]
    assert told == ["TD-303", "Đã", "Bỏ", "TD-410", "TD-410", "TD-410", "Đã"]
    assert province.told[2] == "Bỏ qua: đã có lượt chạy sau giờ này."
    assert {run["trigger"] for run in runs} == {"schedule"}
    assert len({run["run_id"] for run in runs}) == len(runs)
    assert lock_owner(province.home) == {}


def test_what_came_in_is_counted_once_by_the_first_run_that_could_take_it(
    week: tuple[Province, list[str]], runs: Runs
) -> None:
    assert week[1] == ["landed", "landed", "unchanged", "landed", "rejected", "unchanged", "landed"]
    names = ("files", "new", "landed", "rejected", "repeated")
    published = [run for run in runs if run["outcome"] == "published"]
    assert [tuple(run["intake"][name] for name in names) for run in published] == [
        (5, 5, 4, 1, 1),
        (6, 1, 1, 0, 0),
    ]
    assert [run["reports"]["late"] for run in published] == [0, 1]
    due = {row["obligation"]: row for row in published[-1]["reports"]["due"]}["tb2026-thang"]
    assert (due["due_on"], due["owed"], due["received"]) == ("2026-03-19", 8, 2)


def test_failed_nights_left_the_release_before_them_in_force(province: Province, runs: Runs) -> None:
    published = [run["release_id"] for run in runs if run["outcome"] == "published"]
    assert [name[:10] for name in published] == ["2026-03-20", "2026-03-25"]
    assert standing_of(read_log(province.home)).in_force == published
    assert load_manifest(province.home)["release_id"] == published[-1]
    assert [verify(province.home, name) for name in published] == [[], []]
    assert {path.name for path in province.home.releases.iterdir()} == set(published)


def test_the_release_says_who_was_in_time_late_or_silent(province: Province) -> None:
    table = pl.read_parquet(province.home.current / "reporting_compliance.parquet")
    march = table.filter(obligation_code="tb2026-thang", period="2026-03")
    states = {
        row["reporter_code"]: (row["state"], row["resubmissions"]) for row in march.iter_rows(named=True)
    }
    assert (states[POLICE], states[MILITARY], states[PARTY][0]) == (("on_time", 1), ("late", 0), "missing")
    assert set(march["due_on"].drop_nulls()) == {date(2026, 3, 19)}


def test_status_tells_the_story(province: Province, runs: Runs) -> None:
    """Three nights without a release are an alarm; the night that works ends it."""
    assert [[alarm["code"] for alarm in run["alarms"]] for run in runs] == [[]] * 4 + [["TD-440"], []]
    shown = CliRunner().invoke(app, ["status", "--runs", "--home", str(province.home.root)])
    assert shown.exit_code == 0, shown.output
    lines = shown.output.splitlines()
    made_good = next(line for line in lines if "20/03/2026 09:00" in line)
    assert "lịch 20/03/2026 01:00" in made_good
    assert "đã phát hành" in made_good
    assert sum("thất bại" in line for line in lines) == 4
    told = " ".join(shown.output.split())
    assert "19/03/2026 01:00 (tiếp nhận): TD-303 'tran-bien' không có trong plans.csv" in told
    assert "23/03/2026 01:00 (nạp): TD-410 Ổ đĩa đầy" in told
    assert "23/03/2026 01:00: TD-440" in told
