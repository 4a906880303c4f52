"""What a chart is drawn from: named sets of plain rows, the same for the site and for the monthly report.

Nothing here draws or needs a drawing library, so that pages can be written without one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
ChartData = dict[str, Any]

# The four colours in the order in which a leader reads them.
COLOURS = ("green", "yellow", "red", "grey")
# Which lines a series can show, in the order of the legend.
KINDS = ("actual", "expected", "at_risk", "off_track", "forecast", "target")
# The provinces and communes of today begin on this day; figures on both sides are of different areas.
REFORM = date(2025, 7, 1)


def series_data(
    actuals: Iterable[Row],
    targets: Iterable[Row] = (),
    forecast: Row | None = None,
    unit: str = "percent",
) -> ChartData:
    """One indicator of one place over time, for the chart `series`.

    Args:
        actuals: One row per period, of one frequency and one target row: `period`, `period_end`, `actual`
            (None where nothing was reported), `is_provisional`, `expected`, `at_risk`, `off_track` (the path
            and the values at the thresholds; None or missing where there are none), `status`, `colour`.
        targets: The milestones to show: `milestone_on`, `target`, `is_met` (None before its day). The axis
            reaches as far as they do.
        forecast: `on` (its milestone), `value`, `low`, `high` (None without interval), from the last actual.
        unit: The indicator's unit; percentages get their sign, others are named by the caption.

    Returns:
        `actuals`, `targets`, `forecast`, `breaks` as lists of rows, and `params`.
    """
    rows = sorted((_plain(row) for row in actuals), key=lambda row: row["period_end"])
    marks = [_plain(row) for row in targets]
    line = _forecast_line(rows, forecast)
    first = date.fromisoformat(rows[0]["period_end"]) if rows else REFORM
    shown = {
        "forecast": bool(line),
        "target": bool(marks),
        **{kind: any(row.get(kind) is not None for row in rows) for kind in KINDS[:4]},
    }
    return {
        "actuals": rows,
        "targets": marks,
        "forecast": line,
        "breaks": [{"on": REFORM.isoformat()}] if first < REFORM else [],
        "params": {
            "unit": _sign(unit),
            "kinds": [kind for kind in KINDS if shown[kind]],
            "colours": _present(row["colour"] for row in rows if row.get("actual") is not None),
        },
    }


def threshold_path(row: Row, ratio: float) -> float | None:
    """The value at which the schedule ratio of a judged period would be `ratio`.

    Args:
        row: `pace`, `baseline`, `expected_now`, `target` of a row of `indicator_progress`.
        ratio: The threshold in force on the day of judgement, such as 0.95.

    Returns:
        The value in the indicator's unit; None where that pace has no ratio or a part of it is missing.
    """
    expected, baseline, target = (_number(row[name]) for name in ("expected_now", "baseline", "target"))
    match row["pace"]:
        case "level" if expected is not None and baseline is not None:
            return baseline + ratio * (expected - baseline)
        case "cumulative" if expected is not None:
            return ratio * expected
        case "flow" if target is not None:
            return ratio * target
        case _:
            return None


def bullet_data(rows: Iterable[Row]) -> ChartData:
    """Indicators beside each other, each measured against its own target, for the chart `bullet`.

    Args:
        rows: In the order to be shown: `code` (unique), `label`, `attainment` (actual as % of the target;
            None where it has none), `expected` (what was expected by now, likewise), `colour`.
    """
    return {"rows": [{"order": n, **_plain(row)} for n, row in enumerate(rows)], "params": {}}


def status_data(rows: Iterable[Row]) -> ChartData:
    """Counts of the four colours per group, for the chart `status`.

    Args:
        rows: Groups in the order to be shown, one row per group and colour: `group`, `colour`, `count`.
    """
    plain = [_plain(row) for row in rows if row["count"]]
    order = {group: n for n, group in enumerate(dict.fromkeys(row["group"] for row in plain))}
    return {
        "rows": [{"order": order[row["group"]], **row} for row in plain],
        "params": {"colours": _present(row["colour"] for row in plain)},
    }


def _forecast_line(rows: Sequence[Row], forecast: Row | None) -> list[dict[str, Any]]:
    """From the last actual, where the interval is closed, to the milestone."""
    known = [row for row in rows if row.get("actual") is not None]
    if not forecast or forecast["value"] is None or not known:
        return []
    end = _plain(forecast)
    if end["on"] <= known[-1]["period_end"]:
        return []
    last = known[-1]["actual"]
    return [{"on": known[-1]["period_end"], "value": last, "low": last, "high": last}, end]


def _present(colours: Iterable[str]) -> list[str]:
    there = set(colours)
    return [colour for colour in COLOURS if colour in there]


def _sign(unit: str) -> str:
    return "%" if unit == "%" or unit.startswith("percent") else ""


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _plain(row: Row) -> dict[str, Any]:
    """Values as JSON knows them: days as text, numbers to six decimals."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()[:10]
        case Decimal() | float():
            return round(float(value), 6)
        case _:
            return value
