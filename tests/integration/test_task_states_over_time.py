"""Every task has exactly one state on every day of four years, with reports and without, and moves as it may.

A state drawn by day and task equals that of the reference in plain Python. The groups that lead tasks are
made small, for speed: the rule of a task led by 102 communes is that of one led by four.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.task_inputs import Inputs, Task, local_day
from reference.task_terms import terms_on
from reference.tasks import CYCLE_MONTHS, STATES, judge
from task_days import TaskWarehouse, inputs_of, small_warehouse, with_small_groups

FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)
YEARS = range(FIRST.year, LAST.year + 1)
DAYS = (LAST - FIRST).days + 1
TASKS = 496
OF_FORMS = ("int_task_report_versioned", "int_evidence_versioned", "stg_task_adjustments")
DONE = ("done_on_time", "done_late")
# What time alone does; a new cycle of a recurring task besides sets it back to its open state.
BY_TIME = {
    ("not_reported", "due_soon"),
    ("in_term", "due_soon"),
    ("due_soon", "overdue"),
}
OF_A_CYCLE = (*DONE, "to_complete", "pending_evidence")


@dataclass(frozen=True)
class Told:
    """The tables over all days, and what the reference judges from."""

    states: pl.DataFrame = field(repr=False)
    inputs: Inputs = field(repr=False)

    def of(self, task: Task, day: date) -> Mapping[str, object]:
        """The row of a task and day: rows lie by task, then by day."""
        number = sorted(self.inputs.tasks).index(task)
        return self.states.row(number * DAYS + (day - FIRST).days, named=True)


@pytest.fixture(scope="module")
def inputs(demo_home: Path) -> Inputs:
    return with_small_groups(inputs_of(demo_home))


@pytest.fixture(scope="module")
def warehouse(
    demo_home: Path, inputs: Inputs, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TaskWarehouse]:
    with small_warehouse(demo_home, tmp_path_factory.mktemp("days"), inputs) as copy:
        yield copy


@pytest.fixture(scope="module")
def with_reports(warehouse: TaskWarehouse, inputs: Inputs) -> Told:
    return Told(warehouse.judge(YEARS), inputs)


@pytest.fixture(scope="module")
def without_reports(with_reports: Told, warehouse: TaskWarehouse) -> Told:
    """The five plans by themselves: what agencies said is taken out of the copy, after the tables with it."""
    for name in OF_FORMS:
        assert warehouse.keep(name, "false") > 0
    bare = replace(with_reports.inputs, reports={}, evidence={}, adjustments={})
    return Told(warehouse.judge(YEARS), bare)


@pytest.fixture(params=["with_reports", "without_reports"])
def told(request: pytest.FixtureRequest) -> Told:
    return request.getfixturevalue(request.param)


def test_each_day_has_each_task_once_and_one_state_of_the_list(told: Told) -> None:
    states = told.states
    assert len(states) == TASKS * DAYS
    assert states.select("plan_id", "row_ref", "judged_on").is_unique().all()
    assert set(states["state"]) <= set(STATES)
    by_day = states.group_by("judged_on").len()
    assert len(by_day) == DAYS
    assert set(by_day["len"]) == {TASKS}, "the sum of states"
    assert (states["is_done"] == states["state"].is_in(DONE)).all()
    assert states.filter(pl.col("is_done"))["completed_on"].null_count() == 0


def test_all_states_come_about(with_reports: Told, without_reports: Told) -> None:
    assert set(with_reports.states["state"]) == set(STATES)
    assert set(without_reports.states["state"]) == {
        "not_yet_issued", "overdue", "due_soon", "recurring", "no_deadline", "not_reported",
    }  # fmt: skip


def test_nothing_is_said_before_the_issue_and_nothing_overdue_before_the_day_after_the_deadline(
    told: Told,
) -> None:
    issued = pl.DataFrame(
        [(plan, date.fromisoformat(row["valid_from"])) for plan, row in told.inputs.plans.items()],
        schema={"plan_id": pl.String, "issued_on": pl.Date},
        orient="row",
    )
    states = told.states.join(issued, on="plan_id")
    is_early = pl.col("judged_on") < pl.col("issued_on")
    assert states.select((is_early == (pl.col("state") == "not_yet_issued")).all()).item()
    assert states.filter(is_early, pl.col("alert_rule") != "").is_empty()
    left = pl.col("due_on") - pl.col("judged_on")
    overdue = states.filter(pl.col("state") == "overdue").select(left.dt.total_days().alias("left"))["left"]
    assert overdue.null_count() == 0 and overdue.max() == -1
    soon = states.filter(pl.col("state") == "due_soon").select(left.dt.total_days().alias("left"))["left"]
    assert (soon.min(), soon.max()) == (0, 30)
    on_time = states.filter(pl.col("state") == "done_on_time", pl.col("completed_on") > pl.col("due_on"))
    assert on_time.is_empty()


def news(inputs: Inputs) -> dict[Task, set[date]]:
    """By task: the days on which something that was said of it begins to count."""
    days: dict[Task, set[date]] = defaultdict(set)
    for task in inputs.tasks:
        for report in inputs.reports.get(task, ()):
            days[task].add(min(report.period_end, local_day(report.received_at)))
        for row in inputs.evidence.get(task, ()):
            days[task] |= {row.filed_on} | ({row.verdict_on} if row.verdict_on else set[date]())
        days[task] |= {decision["decided_on"] for decision in inputs.adjustments.get(task, ())}
    return days


def moves(told: Told) -> Iterator[tuple[Task, date, str, str]]:
    """Every change of a state: the task, the first day of the new state, the old and the new one."""
    before = pl.col("state").shift(1).over("plan_id", "row_ref")
    changed = told.states.with_columns(before.alias("before")).filter(pl.col("before") != pl.col("state"))
    for row in changed.iter_rows(named=True):
        yield (row["plan_id"], row["row_ref"]), row["judged_on"], row["before"], row["state"]


def test_without_news_a_state_moves_only_as_time_moves_it(told: Told) -> None:
    said = news(told.inputs)
    strange = [
        move for move in moves(told) if move[1] not in said[move[0]] and not _is_by_time(told.inputs, *move)
    ]
    assert not strange


def _is_by_time(inputs: Inputs, task: Task, day: date, before: str, after: str) -> bool:
    if before == "not_yet_issued":
        return True
    months = CYCLE_MONTHS.get(terms_on(inputs, task, day).recurrence)
    is_new_cycle = months is not None and day.day == 1 and (day.month - 1) % months == 0
    return (before, after) in BY_TIME or (is_new_cycle and before in OF_A_CYCLE and after not in OF_A_CYCLE)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_day_and_task_agree_with_the_reference(told: Told, data: st.DataObject) -> None:
    """Half of the days lie around those on which something was said of the task."""
    spoken = [task for task in told.inputs.tasks if task in told.inputs.reports]
    tasks = st.sampled_from(sorted(told.inputs.tasks))
    task = data.draw(st.one_of(tasks, st.sampled_from(spoken)) if spoken else tasks, "task")
    days = st.dates(FIRST, LAST)
    near = sorted(day + timedelta(days=shift) for day in news(told.inputs)[task] for shift in (-1, 0, 1))
    day = data.draw(st.one_of(days, st.sampled_from(near)) if near else days, "day")
    ours, theirs = judge(told.inputs, task, day), told.of(task, day)
    assert (theirs["plan_id"], theirs["row_ref"], theirs["judged_on"]) == (*task, day)
    assert theirs["state"] == ours.whole.state
    assert theirs["completed_on"] == ours.whole.completed_on
    assert (theirs["alert_rule"] or "") == ours.whole.alert_rule
    assert theirs["due_on"] == ours.terms.deadline
    assert (theirs["assignees_done"], theirs["assignees_total"]) == (ours.assignees_done, len(ours.assignees))
