"""Form 06 of tasks led by a group: each commune or department reports for itself, at the end of a quarter.

The province compiles them into one workbook; of one task 87 of the 102 communes are done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Literal

import polars as pl

from tiendo.demo.files import workbook
from tiendo.demo.tasks import FORM, TaskPath, manner_of, plans_reported, report_frame, report_row
from tiendo.demo.world import Parcel, World

PROVINCE = "66"
PLAN = "dak-lak-2026-kh-bcd"
REPORT_MONTHS = (1, 4, 7, 10)


@dataclass(frozen=True)
class GroupTask:
    """A task led by a group.

    Attributes:
        row_ref: Task of the plan.
        members: Who is meant.
        reporting: How many of them report; None for all.
        done: How many of those are done by the end of September 2026.
    """

    row_ref: str
    members: Literal["communes", "departments"]
    reporting: int | None
    done: int


GROUP_TASKS = (
    GroupTask("row-85", "communes", None, 87),
    GroupTask("row-48", "communes", 40, 25),
    GroupTask("row-94", "departments", 8, 5),
)
DONE_BY = date(2026, 9, 15)


def group_parcels(world: World) -> Iterator[Parcel]:
    """One workbook per reporting month, with all assignees' rows."""
    if PROVINCE not in world.provinces:
        return
    paths = assignee_paths(world)
    for month in world.months:
        if month.number in REPORT_MONTHS and month.last >= _issued_on(world):
            frame = report_frame([report_row(path, path.agency_code, month) for path in paths])
            yield Parcel(
                form=FORM,
                name=f"mo-phong_bieu-06_{PLAN}_{month.code}_tung-don-vi.xlsx",
                received_at=month.at(19, 9, 15),
                render=partial(workbook, frame, FORM, manner_of(PROVINCE)),
                org=PROVINCE,
            )


def assignee_paths(world: World) -> list[TaskPath]:
    """Each group task as each assignee that reports fares in it; the done ones come first in their order."""
    if PROVINCE not in world.provinces:
        return []
    tasks = world.registry("plan_tasks").filter(pl.col("plan_id") == PLAN)
    deliverables = dict(tasks.select("row_ref", "deliverable_vi").iter_rows())
    return [
        _path(world, task, assignee, deliverables[task.row_ref], is_done=number < task.done)
        for task in GROUP_TASKS
        for number, assignee in enumerate(_reporting(world, task))
    ]


def _issued_on(world: World) -> date:
    return next(issued_on for plan_id, _, issued_on in plans_reported(world) if plan_id == PLAN)


def _reporting(world: World, task: GroupTask) -> list[str]:
    """Codes of those who report, in an order of their own."""
    communes = world.communes[PROVINCE]["org_code"].to_list()
    codes: list[str] = communes if task.members == "communes" else world.departments(PROVINCE)
    order: list[int] = world.stream("group task", task.row_ref).permutation(len(codes)).tolist()
    return [codes[index] for index in order][: task.reporting]


def _path(
    world: World, task: GroupTask, assignee: str, deliverable: str | None, *, is_done: bool
) -> TaskPath:
    """Those done end between March and mid-September 2026, the others after the window."""
    chance = world.stream("group task", task.row_ref, assignee)
    begun_on = _issued_on(world) + timedelta(days=int(chance.integers(0, 40)))
    days_needed = int(chance.integers(60, (DONE_BY - begun_on).days if is_done else 300))
    if not is_done:
        days_needed += 300
    ref = f"MP-{PLAN}-{task.row_ref}-{assignee}"
    return TaskPath(PLAN, task.row_ref, deliverable, assignee, begun_on, days_needed, ref)
