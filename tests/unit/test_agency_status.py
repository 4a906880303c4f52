"""What `tiendo status --agency` reads and says: a group is shown the tasks it leads."""

from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from tiendo.cli import app
from tiendo.cli_explain_agency import headline
from tiendo.messages import TiendoError
from tiendo.publish.query import literal
from tiendo.report.agency import REPORTS_SQL, STATES_SQL, TASKS_SQL, URGENT_SQL
from tiendo.report.explain_sources import records
from tiendo.report.explain_words import Words

TABLES = {
    "task_progress": """select * from (values
        ('p', 'r1', 'overdue', true, 'overdue', 'Việc của nhóm', date '2026-09-30'),
        ('p', 'r2', 'in_term', false, null, 'Việc của Sở A', date '2026-12-31')
    ) as t (plan_id, row_ref, state, alert, alert_rule, title_vi, due_on),
        (select 10 as percent_complete, null as continued_by_plan_id)""",
    "task_assignee_progress": """select * from (values
        ('p', 'r1', 'so_a', 'done_late', false, null),
        ('p', 'r1', 'so_b', 'overdue', true, 'overdue'),
        ('p', 'r2', 'so_a', 'in_term', false, null)
    ) as t (plan_id, row_ref, assignee_code, state, alert, alert_rule), (select 10 as percent_complete)""",
    "task_agencies": """select * from (values
        ('p', 'r1', 'lead', 'cac_so'), ('p', 'r2', 'lead', 'so_a'), ('p', 'r2', 'coordinating', 'cac_so')
    ) as t (plan_id, row_ref, role, agency_code)""",
    "dim_task_state": """select state, state as label_vi, state as label_en, 'red' as colour, 1 as state_order
        from unnest(['overdue', 'in_term', 'done_late']) as t (state)""",
    "reporting_compliance": """select * from (values
        ('cac_so', 'o', 'no_obligation', null, '2026-10'),
        ('so_a', 'o', 'missing', date '2026-09-19', '2026-09')
    ) as t (reporter_code, obligation_code, state, due_on, period),
        (select 'p' as plan_id, 'Văn phòng' as receiver_vi, 'monthly' as cadence,
            date '2026-09-30' as period_end)""",
}


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release with one task of a group and one of a member."""
    with duckdb.connect(str(tmp_path / "tiendo.duckdb")) as connection:
        for name, content in TABLES.items():
            connection.execute(f"create table {name} as {content}")
    return tmp_path


@pytest.mark.parametrize(
    ("agency", "states", "urgent"),
    [
        ("cac_so", {"overdue": 1}, ["r1"]),
        ("so_a", {"done_late": 1, "in_term": 1}, []),
        ("so_b", {"overdue": 1}, ["r1"]),
        ("so_c", {}, []),
    ],
)
def test_a_group_is_shown_what_it_leads_and_a_member_its_own_part(
    release: Path, agency: str, states: dict[str, int], urgent: list[str]
) -> None:
    named = {"agency": literal(agency), "tasks": TASKS_SQL.format(agency=literal(agency))}
    assert {row["state"]: row["tasks"] for row in records(release, STATES_SQL, named)} == states
    assert [row["row_ref"] for row in records(release, URGENT_SQL, named)] == urgent


def test_who_owes_no_report_has_no_row_of_zeros(release: Path) -> None:
    assert records(release, REPORTS_SQL, {"agency": literal("cac_so")}) == []
    (owed,) = records(release, REPORTS_SQL, {"agency": literal("so_a")})
    assert (owed["missing"], owed["cadence"]) == (1, "monthly")


@pytest.mark.parametrize(
    ("before", "trend", "said"),
    [(33.33, "same", "không đổi"), (32.9, "same", "gần như không đổi"), (20.0, "up", "tăng")],
)
def test_two_different_scores_are_never_called_unchanged(before: float, trend: str, said: str) -> None:
    card = {
        "score": 33.33, "rank": 5, "rank_of": 25, "trend": trend,
        "previous_score": before, "previous_on": "2026-09-30",
    }  # fmt: skip
    assert headline(card, Words("vi", "score")).endswith(f", {said})")


@pytest.mark.parametrize("other", ["--place", "--province", "--indicator"])
def test_an_agency_goes_with_no_other_filter(other: str, tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["status", "--agency", "so_a", other, "66", "--home", str(tmp_path)])
    assert isinstance(refused.exception, TiendoError)
    assert (refused.exception.code, refused.exception.exit_code) == ("TD-718", 2)
