"""A week of nights: what comes late, twice, broken or not at all, a broken plan, a dark night, a full disk.

The flow of the schedule is run by hand at its times, without Prefect around it; the clock is the tests'. The
main job is the real one. What became of each night is read from the run records, as an engineer would.
"""

import csv
import json
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from simulated_clock import Clock
from typer.testing import CliRunner

from flows import serving
from tiendo import pipeline as main_job
from tiendo.cli import app
from tiendo.intake.landing import submit
from tiendo.lock import lock_owner
from tiendo.messages import TiendoError
from tiendo.publish.release import load_manifest, verify
from tiendo.publish.standing import standing_of
from tiendo.publish.log import read_log
from tiendo.runs import read_runs
from tiendo.settings import SHIPPED_PLANS, Home
from tiendo.warehouse.annexes import known_references

WARD = "tran-bien-2026-kh01"
TASKS = "Kế hoạch,Mã nhiệm vụ,Đơn vị báo cáo,Kỳ báo cáo,Trạng thái,Tỷ lệ hoàn thành\n"
COVERAGE = "Mã đơn vị,Tên đơn vị,Kỳ báo cáo,Đơn vị cung cấp,Dân số,Dân số được phủ sóng 5G\n"
POLICE, MILITARY, PARTY = "tb_cong_an_phuong", "tb_bch_quan_su", "tb_ban_to_chuc"


@dataclass
class Province:
    """One home, its clock, and what its people do."""

    home: Home
    folder: Path
    clock: Clock
    receipts: dict[str, str] = field(default_factory=dict[str, str])
    skipped: list[str] = field(default_factory=list[str])

    def send(self, name: str, at: str, text: str) -> None:
        """A clerk hands in a file."""
        moment = self.clock.set(at)
        file = self.folder / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        receipt = submit(self.home, file, known_references(self.home), received_at=moment)
        self.receipts[f"{name} {at}"] = receipt.status

    def night(self, at: str, due: str | None = None) -> None:
        """The schedule's refresh of a night begins, at its time or made good later; what fails is recorded."""
        planned = Clock().set(due or at)
        self.clock.set(at)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(serving, "due", lambda: planned)
            with suppress(TiendoError):
                state = serving.scheduled_refresh.fn(str(self.home.root))
                if state.name == "Skipped":
                    self.skipped.append(at)

    def break_plans(self) -> None:
        """Somebody sorts a column of a plan file by itself."""
        path = self.home.plans / "plan_tasks.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(WARD, "tran-bien"), encoding="utf-8")

    def mend_plans(self) -> None:
        (self.home.plans / "plan_tasks.csv").write_bytes((SHIPPED_PLANS / "plan_tasks.csv").read_bytes())


def untracked(home: Home, moment: main_job.Moment, **options: Any) -> main_job.Outcome:
    return main_job.pipeline(home, moment, **options)


def full_disk(home: Home, *_: Any) -> None:
    raise OSError(28, "No space left on device", str(home.database))


def report(agency: str, row_ref: str, percent: int) -> str:
    return f"{TASKS}{WARD},{row_ref},{agency},03/2026,Đang thực hiện,{percent}\n"


def live_through_the_week(province: Province) -> None:
    """From Wednesday 18 March 2026; reports to the ward's Party office are due by the end of the 19th."""
    province.send("cong-an", "2026-03-18T09:00", report(POLICE, "KPI.II.10", 30))
    province.send("phu-song", "2026-03-18T10:00", f"{COVERAGE}26041,Phường Trấn Biên,02/2026,UBND,1000,500\n")
    province.night("2026-03-19T01:00")  # published

    province.send("cong-an", "2026-03-19T08:00", report(POLICE, "KPI.II.10", 30))  # the same file again
    province.send("cong-an", "2026-03-19T09:00", report(POLICE, "KPI.II.10", 35))  # and a better one
    province.send("hong", "2026-03-19T10:00", "Cột một,Cột hai\n1,2\n")  # which is no form
    province.break_plans()
    province.night("2026-03-20T01:00")  # fails
    province.mend_plans()
    province.send("quan-su", "2026-03-20T15:00", report(MILITARY, "KPI.V.2", 50))  # late
    # On the 21st at 01:00 the machine is off; in the morning the night is made good, once.
    province.night("2026-03-21T09:00", due="2026-03-21T01:00")
    province.night("2026-03-21T09:30", due="2026-03-21T01:00")

    with pytest.MonkeyPatch.context() as patch:  # The disk is full over the weekend, and nobody is there.
        patch.setattr(main_job, "load", full_disk)
        for night in ("2026-03-22T01:00", "2026-03-23T01:00", "2026-03-24T01:00"):
            province.night(night)
    province.night("2026-03-25T01:00")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Generator[Province]:
    """After the week."""
    folder = tmp_path_factory.mktemp("nights")
    home = Home(folder / "home")
    plans = home.raw / "plans"
    plans.mkdir(parents=True)
    for path in SHIPPED_PLANS.iterdir():
        (plans / path.name).write_bytes(path.read_bytes())
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        clock.rule(patch)
        patch.setattr(serving, "nightly", untracked)
        patch.setattr(serving, "noted", lambda *_: pytest.fail("none of these causes passes by itself"))
        patch.setenv("TIENDO_THREADS", "2")
        lived = Province(home, folder, clock)
        live_through_the_week(lived)
        yield lived
    clock.stop()


@pytest.fixture(scope="module")
def runs(province: Province) -> list[dict[str, Any]]:
    """The records, oldest first."""
    return list(reversed(read_runs(province.home)))


def test_each_night_is_on_record_and_a_missed_one_is_made_good_once(
    province: Province, runs: list[dict[str, Any]]
) -> None:
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
        ("03-19T01:00", "03-19T01", "published", None),
        ("03-20T01:00", "03-20T01", "failed", "TD-303"),
        ("03-21T01:00", "03-21T09", "published", None),
        ("03-22T01:00", "03-22T01", "failed", "TD-410"),
        ("03-23T01:00", "03-23T01", "failed", "TD-410"),
        ("03-24T01:00", "03-24T01", "failed", "TD-410"),
        ("03-25T01:00", "03-25T01", "published", None),
    ]
    assert province.skipped == ["2026-03-21T09:30"]
    assert {run["trigger"] for run in runs} == {"schedule"}
    assert len({run["run_id"] for run in runs}) == len(runs)
    assert lock_owner(province.home) == {}


def test_what_came_in_is_counted_once_and_by_the_run_that_took_it(
    province: Province, runs: list[dict[str, Any]]
) -> None:
    print(province.receipts)
    print([run["intake"] for run in runs])
    print([run["reports"] for run in runs])
    print([run["alarms"] for run in runs])
    shown = CliRunner().invoke(app, ["status", "--runs", "--home", str(province.home.root)])
    print(shown.output)
    print(
        list(
            pl.read_parquet(province.home.current / "reporting_compliance.parquet")
            .filter(obligation_code="tb2026-thang", period="2026-03")
            .select("reporter_code", "state", "received_at", "resubmissions")
            .iter_rows()
        )
    )
    assert 0
