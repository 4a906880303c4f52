"""Form 11: decisions that change a plan after its issue; both versions of the row stay visible."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from tiendo.demo.files import workbook
from tiendo.demo.tasks import manner_of, plans_reported
from tiendo.demo.window import Month
from tiendo.demo.world import Parcel, World

FORM = "plan_adjustment"


@dataclass(frozen=True)
class Adjustment:
    """One row of a plan, changed by a decision.

    Attributes:
        plan_id: Plan.
        row_ref: Task.
        field: What changes.
        old_value: As the plan prints it; None where it prints nothing.
        new_value: As decided.
        decided_on: Day of the decision.
    """

    plan_id: str
    row_ref: str
    field: str
    old_value: str | None
    new_value: str
    decided_on: date


ADJUSTMENTS = (
    Adjustment("dak-lak-2026-kh-bcd", "row-57", "due_on", "30/06/2026", "30/11/2026", date(2026, 6, 12)),
    # The two plans give this task in the same words and with the same deadline.
    Adjustment(
        "dak-lak-2026-kh-bcd", "row-17", "continues", None, "dak-lak-2025-kh02-bcd row-19", date(2026, 2, 20)
    ),
    # 'Tuyên truyền …' with a day: standing work, as a person confirms.
    Adjustment("dak-lak-2025-kh02-bcd", "row-7", "recurrence", None, "Hằng tháng", date(2026, 1, 21)),
)


def adjustment_parcels(world: World) -> Iterator[Parcel]:
    """One workbook per decision, two days later; a window that begins after it has it in its first month."""
    places = {plan_id: org_code for plan_id, org_code, _ in plans_reported(world)}
    for number, adjustment in enumerate(ADJUSTMENTS):
        if adjustment.plan_id not in places:
            continue
        decided_in = Month(adjustment.decided_on.year, adjustment.decided_on.month)
        org_code = places[adjustment.plan_id]
        yield Parcel(
            form=FORM,
            name=f"mo-phong_bieu-11_{adjustment.plan_id}_{adjustment.row_ref}.xlsx",
            received_at=max(decided_in, world.months[0]).at(adjustment.decided_on.day + 2, 10, number),
            render=partial(workbook, _frame(world, adjustment), FORM, manner_of(org_code)),
            org=org_code,
        )


def _frame(world: World, adjustment: Adjustment) -> pl.DataFrame:
    number = int(world.stream("decision", adjustment.plan_id, adjustment.row_ref).integers(100, 900))
    return pl.DataFrame(
        {
            "plan_id": [adjustment.plan_id],
            "row_ref": [adjustment.row_ref],
            "field": [adjustment.field],
            "old_value": [adjustment.old_value],
            "new_value": [adjustment.new_value],
            "decision_number": [f"{number}/QĐ-MP"],
            "decided_on": [adjustment.decided_on],
        },
        schema_overrides={"old_value": pl.String},
    )
