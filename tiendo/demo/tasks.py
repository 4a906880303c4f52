"""Form 06: what lead agencies say about some tasks of each plan, month by month.

Only tasks with a lead report; each has its own pace, so that some are done, some late and some not begun.
"""

from collections.abc import Iterator
from datetime import date, timedelta
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


def task_parcels(world: World) -> Iterator[Parcel]:
    """All task reports of the demo: one workbook per plan and month since its issue."""
    places = places_with_plans(world)
    plans = world.registry("plans").filter(pl.col("org_code").is_in(places)).sort("plan_id")
    for plan_id, org_code, valid_from in plans.select("plan_id", "org_code", "valid_from").iter_rows():
        tasks = reporting_tasks(world, plan_id)
        for month in world.months:
            if month.last.isoformat() < valid_from:
                continue
            frame = task_figures(world, plan_id, tasks, date.fromisoformat(valid_from), month)
            manner = COMMUNE_MANNER if org_code == WARD else MANNERS.get(org_code, Manner())
            yield Parcel(
                form=FORM,
                name=f"mo-phong_bieu-06_{plan_id}_{month.code}.xlsx",
                received_at=month.plus(1).at(18, 8, 30),
                render=partial(workbook, frame, FORM, manner),
                org=org_code,
            )


def reporting_tasks(world: World, plan_id: str) -> pl.DataFrame:
    """The tasks of a plan that report, with their first lead: `row_ref, deliverable_vi, agency_code`."""
    leads = (
        world.registry("task_agencies")
        .filter(pl.col("plan_id") == plan_id, pl.col("role") == "lead")
        .unique("row_ref", keep="first", maintain_order=True)
    )
    tasks = world.registry("plan_tasks").filter(pl.col("plan_id") == plan_id)
    return (
        tasks.join(leads, on=["plan_id", "row_ref"], maintain_order="left")
        .head(TASKS_PER_PLAN)
        .select("row_ref", "deliverable_vi", "agency_code")
    )


def task_figures(
    world: World, plan_id: str, tasks: pl.DataFrame, issued_on: date, month: Month
) -> pl.DataFrame:
    """The form's columns: one row per task that reported this month."""
    rows: list[dict[str, object]] = []
    for row_ref, deliverable, agency_code in tasks.iter_rows():
        chance = world.stream("task", plan_id, row_ref)
        days_needed = int(chance.integers(90, 620))
        begun_on = issued_on + timedelta(days=int(chance.integers(0, 60)))
        if world.stream("task report", plan_id, row_ref, month.code).uniform() > REPORTS_ON_TIME:
            continue
        done_on = begun_on + timedelta(days=days_needed)
        percent = max(0, min(100, round(100 * (month.last - begun_on).days / days_needed)))
        state = "not_started" if percent == 0 else "done" if done_on <= month.last else "in_progress"
        rows.append(
            {
                "plan_id": plan_id,
                "row_ref": row_ref,
                "org_code": agency_code,
                "period": month.code,
                "state": state,
                "percent_complete": percent if state == "done" else min(percent, 99),
                "completed_on": done_on if state == "done" else None,
                "deliverable": deliverable,
                "evidence_ref": f"MP-{plan_id}-{row_ref}" if state == "done" and days_needed % 3 else None,
                "difficulty": DIFFICULTY if days_needed > 540 else None,
            }
        )
    schema = {"completed_on": pl.Date, "deliverable": pl.String, "evidence_ref": pl.String}
    return pl.DataFrame(rows, schema_overrides={**schema, "difficulty": pl.String}, infer_schema_length=None)
