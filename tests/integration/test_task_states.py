"""On whatever day a release speaks of, every task has exactly one state, and it agrees with the days."""

import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tiendo.settings import DBT_PROJECT

FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)
# From the days on: the models that judge tasks, in whatever order dbt puts them.
MODELS = [
    "int_task_deadlines",
    "int_evidence_judged",
    "int_task_timelines",
    "int_task_assignees",
    "int_task_reports",
    "int_task_assignee_states",
    "int_task_states",
]


def days_to_judge(database: duckdb.DuckDBPyConnection) -> list[date]:
    """Both sides of every issue, deadline and change of places, and every 23rd day between."""
    edges = database.execute(
        "select valid_from from staging.stg_plans union select due_on from staging.stg_plan_tasks"
    ).fetchall()
    around = {day + timedelta(days=step) for (day,) in edges if day for step in (-31, -30, 0, 1)}
    between = {FIRST + timedelta(days=step) for step in range(0, (LAST - FIRST).days, 23)}
    reform = {date(2025, 6, 30), date(2025, 7, 1)}
    return sorted(day for day in around | between | reform | {FIRST, LAST} if FIRST <= day <= LAST)


@pytest.fixture(scope="module")
def judged(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A copy of the demo's warehouse in which tasks are judged on all those days."""
    folder = tmp_path_factory.mktemp("task_states")
    copy = folder / "warehouse.duckdb"
    shutil.copy(demo_home / "data/warehouse/warehouse.duckdb", copy)
    with duckdb.connect(str(copy)) as database:
        days = days_to_judge(database)
        database.execute(
            "create or replace table intermediate.int_task_days as "
            "select unnest(?::date[]) as judged_on, false as is_current",
            [days],
        )
    where = {"PROJECT_DIR": DBT_PROJECT, "PROFILES_DIR": DBT_PROJECT}
    where |= {"TARGET_PATH": folder, "LOG_PATH": folder}
    done = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "run", "--quiet", "--select", *MODELS],
        env={
            **os.environ,
            **{f"DBT_{name}": str(path) for name, path in where.items()},
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "TIENDO_DATABASE": str(copy),
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return duckdb.connect(str(copy), read_only=True)


def count(database: duckdb.DuckDBPyConnection, query: str) -> int:
    found = database.execute(f"select count(*) from ({query})").fetchone()
    assert found is not None
    return int(found[0])


def test_every_task_has_one_state_on_every_day(judged: duckdb.DuckDBPyConnection) -> None:
    per_day = judged.execute(
        "select count(*), count(distinct (plan_id, row_ref)), count(state) "
        "from intermediate.int_task_states group by judged_on"
    ).fetchall()
    tasks = count(judged, "from staging.stg_plan_tasks")
    assert len(per_day) == count(judged, "from intermediate.int_task_days")
    assert set(per_day) == {(tasks, tasks, tasks)}
    listed = "select state from seeds.task_states"
    assert count(judged, f"select state from intermediate.int_task_states except {listed}") == 0


@pytest.mark.parametrize(
    "contradiction",
    [
        "(state = 'not_yet_issued') <> (judged_on < issued_on)",
        "state = 'overdue' and not coalesce(judged_on > due_on, false)",
        "state = 'due_soon' and due_on - judged_on not between 0 and 30",
        "state in ('not_reported', 'in_term') and not coalesce(due_on - judged_on > 30, false)",
        "state = 'no_deadline' and due_on is not null",
        "state in ('no_deadline', 'recurring', 'not_reported', 'in_term') and judged_on > due_on",
        "state = 'not_reported' and reported_state is not null",
        "is_done and (evidence_verdict <> 'valid' or completed_on is null)",
        "is_done and assignees_done < assignees_total",
        "assignees_total < 1 or assignees_done > assignees_total",
        "is_alert <> (alert_rule is not null) or (is_alert and colour <> 'red')",
        "elapsed_share not between 0 and 1",
    ],
)
def test_no_state_contradicts_the_days(judged: duckdb.DuckDBPyConnection, contradiction: str) -> None:
    assert count(judged, f"from intermediate.int_task_states where {contradiction}") == 0
