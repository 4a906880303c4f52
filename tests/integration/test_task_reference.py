"""Every row of `task_progress` and `task_assignee_progress` against a reference in plain Python.

The reference (`tests/reference/tasks.py`) was written from the rules alone. Where the two disagree, one
misreads a rule: the test shows the kinds of disagreement with both sides.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from reference.comparison import Disagreement, by_kind, shown
from reference.task_inputs import Inputs, Task
from reference.tasks import STATES, Judged, Standing, judge
from task_days import inputs_of

SHOWN = 40
HALF_A_UNIT = 1e-6


@pytest.fixture(scope="module")
def inputs(demo_home: Path) -> Inputs:
    return inputs_of(demo_home)


@pytest.fixture(scope="module")
def judged(inputs: Inputs) -> dict[Task, Judged]:
    return {task: judge(inputs, task, inputs.as_of) for task in inputs.tasks}


def table(home: Path, name: str) -> list[dict[str, Any]]:
    return pl.read_parquet(home / f"data/curated/current/{name}.parquet").to_dicts()


def of_anybody(standing: Standing) -> dict[str, object]:
    """What both tables say, of a task or of an assignee."""
    return {
        "state": standing.state,
        "alert": bool(standing.alert_rule),
        "alert_rule": standing.alert_rule or None,
        "is_done": standing.is_done,
        "completed_on": standing.completed_on,
    }


def of_one(standing: Standing) -> dict[str, object]:
    """What is said of one assignee: its report and its evidence."""
    report = standing.report
    return {
        **of_anybody(standing),
        "reported_state": report.state if report else None,
        "reported_period": report.period if report else None,
        "percent_complete": standing.percent,
        "evidence_verdict": standing.verdict,
    }


def of_task(one: Judged) -> dict[str, object]:
    whole = of_one(one.whole) if len(one.assignees) <= 1 else of_anybody(one.whole)
    return {
        **whole,
        "percent_complete": one.whole.percent,
        "due_on": one.terms.deadline,
        "due_as_issued_on": one.terms.due_as_issued_on,
        "elapsed_share": one.whole.elapsed,
        "assignees_done": one.assignees_done,
        "assignees_total": len(one.assignees),
        "evidence_count": len(one.whole.evidence),
    }


def differing(
    key: tuple[object, ...], ours: Mapping[str, object], theirs: Mapping[str, object]
) -> Iterator[Disagreement]:
    for name, value in ours.items():
        other = theirs[name]
        if isinstance(value, Fraction) and other is not None:
            is_same = abs(float(value) - float(other)) <= HALF_A_UNIT  # type: ignore[arg-type]
        else:
            is_same = value == other or (value is None and other == "")
        if not is_same:
            yield Disagreement(f"{name} {value} / {other}" if name == "state" else name, key, value, other)


def test_all_tasks_agree(demo_home: Path, judged: Mapping[Task, Judged]) -> None:
    rows = {(row["plan_id"], row["row_ref"]): row for row in table(demo_home, "task_progress")}
    assert rows.keys() == judged.keys()
    found = [d for task, one in judged.items() for d in differing(task, of_task(one), rows[task])]
    assert not found, shown(by_kind(found), SHOWN)


def test_all_assignees_agree(demo_home: Path, judged: Mapping[Task, Judged]) -> None:
    rows = {
        (row["plan_id"], row["row_ref"], row["assignee_code"]): row
        for row in table(demo_home, "task_assignee_progress")
    }
    ours = {(*task, code): said for task, one in judged.items() for code, said in one.assignees.items()}
    found = [Disagreement("only in the table", key, None, rows[key]["state"]) for key in rows.keys() - ours]
    found += [Disagreement("not in the table", key, ours[key].state, None) for key in ours.keys() - rows]
    for key in ours.keys() & rows.keys():
        found += differing(key, of_one(ours[key]), rows[key])
    assert not found, shown(by_kind(found), SHOWN)


def test_the_comparison_is_not_empty(inputs: Inputs, judged: Mapping[Task, Judged]) -> None:
    """The demo must go through the rules, or agreement says nothing."""
    states = Counter(one.whole.state for one in judged.values())
    states.update(standing.state for one in judged.values() for standing in one.assignees.values())
    assert set(STATES) - {"not_yet_issued"} <= states.keys()
    rules = Counter(rule for one in judged.values() for rule in one.whole.alert_rule.split(";") if rule)
    assert rules.keys() == {"overdue", "behind", "evidence_insufficient"}
    groups = [one for one in judged.values() if len(one.assignees) > 1]
    assert (87, 102) in {(one.assignees_done, len(one.assignees)) for one in groups}
    verdicts = Counter(one.whole.verdict for one in judged.values())
    assert {"valid", "invalid", "not_appraised", None} <= verdicts.keys()
    assert any(one.terms.deadline not in (None, one.terms.due_as_issued_on) for one in judged.values())
    assert any(one.terms.is_standing for one in judged.values())
    assert len(inputs.tasks) == 496
