"""Form 06: what lead agencies say about some tasks of each plan, month by month.

Only tasks with a lead report; each has its own pace, so that some are done, some late and some not begun.
Some workbooks never come, some come late, and one is sent again with what it had forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import polars as pl

from tiendo.demo.files import workbook
from tiendo.demo.paths import places_with_plans
from tiendo.demo.spelling import COMMUNE_MANNER, MANNERS, Manner
from tiendo.demo.window import Month
from tiendo.demo.world import WARD, Parcel, World

FORM = "task_report"
TASKS_PER_PLAN = 40
REPORTS_ON_TIME = 0.9
DIFFICULTY = "Thiếu kinh phí (mô phỏng)"
# Workbooks of a plan and month.
MISSING = {("lam-dong-2026-kh3450", "2026-06"), ("tran-bien-2026-kh01", "2026-04")}
LATE = {("dak-lak-2026-kh-bcd", "2026-05"), ("lam-dong-2026-kh3450", "2026-08")}
SENT_AGAIN = {("dak-lak-2026-kh-bcd", "2026-09")}
# Reports of a month close on its 14th, as offices do, and arrive before its 20th; late ones a month later.
CLOSES_ON, ARRIVES_ON, ARRIVES_LATE_ON = 14, 18, 3
# Of nine tasks in the order of the plan, one offers the document of the task before it.
DOCUMENT_OF_NEIGHBOUR = 4


@dataclass(frozen=True)
class TaskPath:
    """How one task fares.

    Attributes:
        plan_id: Plan.
        row_ref: Task of the plan.
        deliverable: What the plan asks for.
        agency_code: Who reports: the first lead.
        begun_on: Day the work began.
        days_needed: From there to its end.
        evidence_ref: The document offered once it is done; None for a claim without one.
    """

    plan_id: str
    row_ref: str
    deliverable: str | None
    agency_code: str
    begun_on: date
    days_needed: int
    evidence_ref: str | None

    @property
    def done_on(self) -> date:
        """Day of completion, perhaps after the demo's window."""
        return self.begun_on + timedelta(days=self.days_needed)

    def percent_by(self, day: date) -> int:
        """Share of the work done by a day, 0 to 100."""
        return max(0, min(100, round(100 * (day - self.begun_on).days / self.days_needed)))


def task_parcels(world: World) -> Iterator[Parcel]:
    """All task reports of the demo: one workbook per plan and month since its issue."""
    for plan_id, org_code, issued_on in plans_reported(world):
        tasks = task_paths(world, plan_id, issued_on)
        for month in world.months:
            if month.at(CLOSES_ON).date() < issued_on or (plan_id, month.code) in MISSING:
                continue
            is_late = (plan_id, month.code) in LATE
            arrives_at = month.plus(1).at(ARRIVES_LATE_ON, 8, 30) if is_late else month.at(ARRIVES_ON, 8, 30)
            yield _parcel(world, org_code, tasks, month, arrives_at)
            if (plan_id, month.code) in SENT_AGAIN:
                again_at = arrives_at + timedelta(days=1)
                yield _parcel(world, org_code, tasks, month, again_at, is_complete=True)


def plans_reported(world: World) -> list[tuple[str, str, date]]:
    """The plans of the demo's places: code, place, day of issue."""
    plans = world.registry("plans").filter(pl.col("org_code").is_in(places_with_plans(world)))
    rows = plans.sort("plan_id").select("plan_id", "org_code", "valid_from").iter_rows()
    return [(plan_id, org_code, date.fromisoformat(issued_on)) for plan_id, org_code, issued_on in rows]


def manner_of(org_code: str) -> Manner:
    """How the place that compiles a plan's reports writes."""
    return COMMUNE_MANNER if org_code == WARD else MANNERS.get(org_code, Manner())


def task_paths(world: World, plan_id: str, issued_on: date) -> list[TaskPath]:
    """The tasks of a plan that report, in the plan's order."""
    leads = (
        world.registry("task_agencies")
        .filter(pl.col("plan_id") == plan_id, pl.col("role") == "lead")
        .unique("row_ref", keep="first", maintain_order=True)
    )
    tasks = world.registry("plan_tasks").filter(pl.col("plan_id") == plan_id)
    chosen = tasks.join(leads, on=["plan_id", "row_ref"], maintain_order="left").head(TASKS_PER_PLAN)
    paths: list[TaskPath] = []
    for number, row in enumerate(chosen.select("row_ref", "deliverable_vi", "agency_code").iter_rows()):
        row_ref, deliverable, agency_code = row
        chance = world.stream("task", plan_id, row_ref)
        days_needed = int(chance.integers(90, 620))
        begun_on = issued_on + timedelta(days=int(chance.integers(0, 60)))
        ref = f"MP-{plan_id}-{row_ref}"
        if number % 9 == DOCUMENT_OF_NEIGHBOUR:
            ref = f"MP-{plan_id}-{paths[-1].row_ref}"
        evidence_ref = ref if days_needed % 3 else None
        paths.append(
            TaskPath(plan_id, row_ref, deliverable, agency_code, begun_on, days_needed, evidence_ref)
        )
    return paths


def _parcel(
    world: World,
    org_code: str,
    tasks: list[TaskPath],
    month: Month,
    arrives_at: datetime,
    *,
    is_complete: bool = False,
) -> Parcel:
    frame = task_figures(world, tasks, month, is_complete=is_complete)
    suffix = "_nop-lai" if is_complete else ""
    return Parcel(
        form=FORM,
        name=f"mo-phong_bieu-06_{tasks[0].plan_id}_{month.code}{suffix}.xlsx",
        received_at=arrives_at,
        render=partial(workbook, frame, FORM, manner_of(org_code)),
        org=org_code,
    )


def task_figures(world: World, tasks: list[TaskPath], month: Month, *, is_complete: bool) -> pl.DataFrame:
    """The form's columns: one row per task that reported this month, or per task where none is forgotten."""
    told = [
        report_row(task, task.agency_code, month)
        for task in tasks
        if is_complete
        or world.stream("task report", task.plan_id, task.row_ref, month.code).uniform() <= REPORTS_ON_TIME
    ]
    return report_frame(told)


def report_row(task: TaskPath, reporter: str, month: Month) -> dict[str, object]:
    """What a reporter says of a task on the day a month's reports close."""
    day = month.at(CLOSES_ON).date()
    percent = task.percent_by(day)
    state = "not_started" if percent == 0 else "done" if task.done_on <= day else "in_progress"
    return {
        "plan_id": task.plan_id,
        "row_ref": task.row_ref,
        "org_code": reporter,
        "period": month.code,
        "state": state,
        "percent_complete": percent if state == "done" else min(percent, 99),
        "completed_on": task.done_on if state == "done" else None,
        "deliverable": task.deliverable,
        "evidence_ref": task.evidence_ref if state == "done" else None,
        "difficulty": DIFFICULTY if task.days_needed > 540 else None,
    }


def report_frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows of reports as the form's columns."""
    texts = dict.fromkeys(("deliverable", "evidence_ref", "difficulty"), pl.String)
    return pl.DataFrame(rows, schema_overrides={"completed_on": pl.Date, **texts}, infer_schema_length=None)
