"""A province that lives with the nightly schedule: its home, its clerks and its engineer, its clock.

The flow of the schedule is run at its times without Prefect around it; all else is the program's own.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from simulated_clock import Clock, moment

from flows import scheduled
from tiendo import pipeline as main_job
from tiendo.intake.landing import submit
from tiendo.settings import SHIPPED_PLANS, Home
from tiendo.warehouse.annexes import known_references

WARD = "tran-bien-2026-kh01"
TASKS = "Kế hoạch,Mã nhiệm vụ,Đơn vị báo cáo,Kỳ báo cáo,Trạng thái,Tỷ lệ hoàn thành\n"
COVERAGE = "Mã đơn vị,Tên đơn vị,Kỳ báo cáo,Đơn vị cung cấp,Dân số,Dân số được phủ sóng 5G\n"
POLICE, MILITARY, PARTY = "tb_cong_an_phuong", "tb_bch_quan_su", "tb_ban_to_chuc"


@dataclass
class Province:
    """One home, its clock, and what its people do.

    Attributes:
        told: What each run of the schedule said at its end.
    """

    home: Home
    folder: Path
    clock: Clock
    told: list[str] = field(default_factory=list[str])

    def send(self, name: str, at: str, text: str, is_backlog: bool = False) -> str:
        """A clerk hands in a file, or one of a backlog; gives what its receipt says."""
        received_at = self.clock.set(at)
        file = self.folder / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        references = known_references(self.home)
        return submit(self.home, file, references, received_at=received_at, is_backlog=is_backlog).status

    def night(self, at: str, due: str | None = None) -> None:
        """The schedule's refresh of a night begins, at its time or made good later; failures are recorded."""
        planned = moment(due or at)
        self.clock.set(at)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scheduled, "due", lambda: planned)
            state = scheduled.scheduled_refresh.fn(str(self.home.root))
        self.told.append(state.message)

    def refresh_by_hand(self, at: str) -> None:
        """Somebody runs `tiendo refresh`."""
        present = self.clock.set(at)
        main_job.pipeline(self.home, main_job.Moment(present.date(), present))

    def break_plans(self) -> None:
        """Somebody sorts a column of a plan file by itself."""
        path = self.home.plans / "plan_tasks.csv"
        path.write_text(path.read_text(encoding="utf-8").replace(WARD, "tran-bien"), encoding="utf-8")

    def mend_plans(self) -> None:
        """The file as it was."""
        (self.home.plans / "plan_tasks.csv").write_bytes((SHIPPED_PLANS / "plan_tasks.csv").read_bytes())


def settle(folder: Path, patch: pytest.MonkeyPatch) -> Province:
    """A province with a home and plan files of its own; the clock rules from here on."""
    home, clock = Home(folder / "home"), Clock()
    plans = home.raw / "plans"
    plans.mkdir(parents=True)
    for path in SHIPPED_PLANS.iterdir():
        (plans / path.name).write_bytes(path.read_bytes())
    clock.rule(patch)
    patch.setattr(scheduled, "nightly", untracked)
    patch.setenv("TIENDO_THREADS", "2")
    return Province(home, folder, clock)


def untracked(home: Home, moment: main_job.Moment, **options: Any) -> main_job.Outcome:
    """Stands in for the flow of the main job."""
    return main_job.pipeline(home, moment, **options)


def full_disk(home: Home, *_: Any) -> None:
    """Stands in for a step."""
    raise OSError(28, "No space left on device", str(home.database))


def report(agency: str, row_ref: str, percent: int) -> str:
    return f"{TASKS}{WARD},{row_ref},{agency},03/2026,Đang thực hiện,{percent}\n"
