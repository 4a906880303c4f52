"""Charts: the committed definitions are those of the code, and pages load what was taken over."""

import hashlib
import re
from datetime import date
from typing import Any

import build_chart_specs
import pytest

from tiendo.report.chart_data import bullet_data, series_data, status_data, threshold_path
from tiendo.report.charts import bullet_chart, series_chart, status_chart, to_png

VENDOR = build_chart_specs.TARGET.parent / "vendor"


def series() -> list[dict[str, Any]]:
    values = [
        (date(2025, 5, 31), 40.5, None),
        (date(2025, 8, 31), None, 44.0),
        (date(2025, 9, 30), 47.25, 45),
    ]
    return [
        {
            "period": f"{on:%Y-%m}", "period_end": on, "actual": actual, "is_provisional": on.month == 9,
            "expected": expected, "at_risk": None, "off_track": None, "status": "on_track", "colour": "green",
        }
        for on, actual, expected in values
    ]  # fmt: skip


def test_definitions_of_the_site_are_those_of_the_code() -> None:
    committed = build_chart_specs.TARGET.read_text(encoding="utf-8")
    assert committed == build_chart_specs.script(), "run: python scripts/build_chart_specs.py"


def test_definitions_ask_no_host_and_use_no_fixed_colour() -> None:
    committed = build_chart_specs.TARGET.read_text(encoding="utf-8")
    assert set(re.findall(r"https?://[^\"]+", committed)) <= {"https://vega.github.io/schema/vega/v6.json"}
    assert re.findall(r"#[0-9a-f]{6}", committed) == []


def test_what_was_taken_over_is_unchanged_and_has_its_licence() -> None:
    told = re.findall(
        r"^\| `(\S+)` \| .* `(\S+-LICENSE.txt)` \| `(\w+)` \|$", (VENDOR / "README.md").read_text(), re.M
    )
    assert {name for name, _, _ in told} == {path.name for path in VENDOR.glob("*.js")}
    for name, licence, sha256 in told:
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == sha256, name
        assert (VENDOR / licence).is_file()


def test_a_series_shows_the_lines_it_has_and_the_break_it_crosses() -> None:
    forecast = {"on": date(2025, 12, 31), "value": 52.0, "low": 50.0, "high": 54.0}
    data = series_data(
        series(), [{"milestone_on": date(2025, 12, 31), "target": 60, "is_met": None}], forecast
    )
    assert data["params"]["kinds"] == ["actual", "expected", "forecast", "target"]
    assert data["params"]["unit"] == "%"
    assert data["breaks"] == [{"on": "2025-07-01"}]
    assert [row["on"] for row in data["forecast"]] == ["2025-09-30", "2025-12-31"]
    assert data["forecast"][0]["low"] == 47.25, "the interval opens at the last actual"
    assert series_data(series()[1:], unit="count")["breaks"] == []


@pytest.mark.parametrize(
    ("pace", "value"),
    [("level", 40 + 0.95 * 20), ("cumulative", 0.95 * 60), ("flow", 0.95 * 80), ("by_date", None)],
)
def test_the_threshold_is_drawn_where_the_schedule_ratio_would_reach_it(
    pace: str, value: float | None
) -> None:
    row = {"pace": pace, "baseline": 40, "expected_now": 60, "target": 80}
    assert threshold_path(row, 0.95) == (None if value is None else pytest.approx(value))


def test_a_period_stands_at_its_month_whatever_day_it_ends_on() -> None:
    at_the_end = series()
    at_the_start = [{**row, "period_end": row["period_end"].replace(day=1)} for row in at_the_end]
    drawn = [to_png(series_chart(series_data(rows))) for rows in (at_the_end, at_the_start)]
    assert drawn[0] == drawn[1], "31/10 would stand at 11"


def test_pictures_are_drawn_without_a_network() -> None:
    bars = [
        {"code": "a", "label": "Tỷ lệ phủ sóng 5G", "attainment": 80.0, "expected": 90.0, "colour": "yellow"}
    ]
    counts = [
        {"group": "Hạ tầng", "colour": "red", "count": 3},
        {"group": "Hạ tầng", "colour": "green", "count": 0},
    ]
    assert len(status_data(counts)["rows"]) == 1
    for chart in (
        series_chart(series_data(series())),
        bullet_chart(bullet_data(bars)),
        status_chart(status_data(counts)),
    ):
        picture = to_png(chart)
        assert picture.startswith(b"\x89PNG")
        assert len(picture) > 5000
