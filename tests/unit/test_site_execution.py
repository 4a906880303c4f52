"""The execution pages: tables grouped as they should be, days late as text, hostile words shown as text."""

from datetime import date
from typing import Any

import pytest

from tiendo.report.site.build import OWN, environment
from tiendo.report.site.discipline import _duty  # pyright: ignore[reportPrivateUsage]
from tiendo.report.site.due import _weeks  # pyright: ignore[reportPrivateUsage]
from tiendo.report.site.execution_tables import counted, grouped

TEMPLATES = (
    "tasks", "plan_tasks", "alerts", "calendar", "evidence", "agencies", "agency", "reporting",
)  # fmt: skip


def report(code: str, period: str, state: str, days: int | None = None) -> dict[str, Any]:
    return {
        "reporter_code": code, "reporter_name_vi": f"Xã {code}", "period": period, "state": state,
        "period_end": date(2026, int(period[-2:]), 28), "due_on": date(2026, int(period[-2:]), 28),
        "days_late": days, "due": "28", "received": None, "message_vi": "",
    }  # fmt: skip


def test_totals_of_a_duty_and_its_periods_count_every_report_once() -> None:
    rows = [
        report("b", "2026-02", "on_time"),
        report("a", "2026-01", "missing", 40),
        report("a", "2026-02", "late", 3),
        report("c", "2026-01", "no_obligation"),
    ]
    duty = _duty(rows)
    assert duty["totals"] == {"on_time": 1, "late": 1, "missing": 1}
    assert [of["period"] for of in duty["periods"]] == ["2026-01", "2026-02"]
    assert [unit["code"] for unit in duty["units"]] == ["b", "a"]
    first, second = duty["units"][0]["cells"]
    assert first == "<td></td>" and "●" in second
    missing, late = duty["units"][1]["cells"]
    assert '<data value="40">' in missing and '<data value="3">' in late


def test_past_weeks_keep_only_what_is_open_and_this_week_is_there_even_if_empty() -> None:
    lines = [
        {"week_start_on": date(2026, 10, 5), "units_open": 0},
        {"week_start_on": date(2026, 10, 12), "units_open": 2},
        {"week_start_on": date(2026, 11, 2), "units_open": 1},
    ]
    weeks = _weeks(lines, date(2026, 10, 31))
    assert [week["start"] for week in weeks["past"]] == [date(2026, 10, 12)]
    assert weeks["now"]["start"] == date(2026, 10, 26) and weeks["now"]["lines"] == []
    assert [week["start"] for week in weeks["ahead"]] == [date(2026, 11, 2)]


def test_counts_add_up_to_the_rows() -> None:
    rows = [{"state": state, "order": order} for state, order in [("b", 2), ("a", 1), ("b", 2)]]
    assert [(row["state"], row["items"]) for row in counted(rows, "state", "order")] == [("a", 1), ("b", 2)]
    assert {key: len(of) for key, of in grouped(rows, "state").items()} == {"a": 1, "b": 2}


def test_what_was_sent_shows_as_text() -> None:
    shown = environment(None).from_string("{{ title }} {{ title|sent }}").render(title="<script>x</script>")
    assert "<script>" not in shown


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_template_trusts_what_it_is_given(name: str) -> None:
    source = (OWN / "templates" / f"{name}.html.jinja").read_text(encoding="utf-8")
    assert "|safe" not in source
    assert source.count("<table") == source.count("<caption")
