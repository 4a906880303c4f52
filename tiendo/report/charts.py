"""What charts look like, defined once with Altair: compiled to Vega for the site, drawn as PNG for reports.

Statuses have a colour and a shape, provisional figures are hollow, and words follow the signal `english`, so
that one definition serves both languages.
"""

import json
from typing import TYPE_CHECKING, Any

from tiendo.report.chart_data import COLOURS, KINDS, ChartData
from tiendo.report.chart_style import (
    KIND_WORDS,
    LINES,
    PAPER,
    SCREEN,
    colour,
    finish,
    labels,
    month,
    number,
    rows_of,
    shape,
    words,
)

if TYPE_CHECKING:
    import altair as alt

# Attainments far above the target would squeeze all others.
MOST_PCT = 150
# As Vietnamese writes numbers; a page sets the same by its script.
VIETNAMESE = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " đ"]}


def series_chart(data: ChartData | None = None, english: bool = False) -> "alt.LayerChart":
    """One indicator of one place over time, from `series_data`.

    Args:
        data: What is drawn; None leaves the sets of data open, to be filled by name on a page.
        english: Language of the words, else Vietnamese.
    """
    import altair as alt

    colours = PAPER if data else SCREEN
    on = alt.X("on:T", title=None, axis=alt.Axis(format="%m/%Y", labelOverlap=True, tickCount=7, grid=False))
    value = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(labelExpr=number("datum.value"), tickCount=6),
    )
    stroke = alt.Stroke(
        "kind:N",
        scale=alt.Scale(domain=list(KINDS), range=[colours[LINES[kind][0]] for kind in KINDS]),
        legend=alt.Legend(
            title=None,
            orient="top",
            symbolType="stroke",
            columns=alt.ExprRef("legend_columns"),
            labelLimit=230,
            values=alt.ExprRef("kinds"),
            labelExpr=words(KIND_WORDS),
        ),
    )
    dash = alt.StrokeDash(
        "kind:N",
        scale=alt.Scale(domain=list(KINDS), range=[LINES[kind][1] for kind in KINDS]),
        legend=None,
    )
    actuals = alt.Chart(rows_of("actuals", data)).transform_calculate(on=month("datum.period_end"))
    paths = (
        actuals.transform_fold(["actual", "expected", "at_risk", "off_track"], ["kind", "value"])
        .transform_filter("isValid(datum.value)")
        .mark_line(strokeWidth=2)
        .encode(x=on, y=value, stroke=stroke, strokeDash=dash)
    )
    points = (
        actuals.transform_filter("isValid(datum.actual)")
        .transform_calculate(value="datum.actual")
        .mark_point(size=70, strokeWidth=2, opacity=1)
        .encode(
            x=on,
            y=value,
            color=colour(colours),
            shape=shape(),
            # The ground covers the line beneath a hollow point.
            fill=alt.condition("datum.is_provisional", alt.value(colours["ground"]), colour(colours)),
            tooltip=alt.Tooltip("told:N"),
        )
        .transform_calculate(told=f"datum.period + ': ' + {number('datum.actual')}")
    )
    ahead = alt.Chart(rows_of("forecast", data)).transform_calculate(on=month("datum.on"), kind="'forecast'")
    interval = (
        ahead.transform_filter("isValid(datum.low)")
        .mark_area(opacity=0.15, color=colours["series"])
        .encode(x=on, y=alt.Y("low:Q", title=None), y2="high:Q")
    )
    forecast = ahead.mark_line(strokeWidth=2).encode(x=on, y=value, stroke=stroke, strokeDash=dash)
    targets = alt.Chart(rows_of("targets", data)).transform_calculate(
        on=month("datum.milestone_on"),
        value="datum.target",
        kind="'target'",
        told=number("datum.target"),
    )
    milestones = targets.mark_point(shape="diamond", size=120, strokeWidth=2, opacity=1).encode(
        x=on, y=value, stroke=stroke
    )
    names = targets.mark_text(dy=-14, dx=4, align="right", color=colours["ink"]).encode(
        x=on, y=value, text="told:N"
    )
    breaks = (
        alt.Chart(rows_of("breaks", data))
        .transform_calculate(on=month("datum.on", "-1, 15"))
        .mark_rule(color=colours["quiet"], strokeDash=[4, 4])
        .encode(x=on)
    )
    layers = alt.layer(breaks, interval, paths, forecast, points, milestones, names)
    return finish(layers, data, english).properties(height=280)


def bullet_chart(data: ChartData | None = None, english: bool = False) -> "alt.LayerChart":
    """Indicators beside each other, each against its own target, from `bullet_data`.

    Bar: the actual; tick: what was expected by now; dashed line: the target; all in % of the target.
    Arguments as of `series_chart`.
    """
    import altair as alt

    colours = PAPER if data else SCREEN
    rows = alt.Chart(rows_of("rows", data)).transform_calculate(
        told="datum.label + ': ' + format(datum.attainment, ',.1f') + '%'",
        shown=f"isValid(datum.attainment) ? min(datum.attainment, {MOST_PCT}) : null",
        now=f"isValid(datum.expected) ? min(datum.expected, {MOST_PCT}) : null",
    )
    row = labels("label:N")
    scale = alt.Scale(domain=[0, MOST_PCT])
    x = alt.X(
        "shown:Q",
        title=None,
        scale=scale,
        axis=alt.Axis(labelExpr="datum.value + '%'", values=[0, 50, 100, MOST_PCT], orient="top"),
    )
    bars = rows.mark_bar(height=9).encode(x=x, y=row, color=colour(colours), tooltip="told:N")
    ends = rows.mark_point(size=130, filled=True, opacity=1).encode(
        x=x, y=row, color=colour(colours), shape=shape(), tooltip="told:N"
    )
    expected = rows.mark_tick(thickness=3, size=18, color=colours["ink"]).encode(
        x=alt.X("now:Q", title=None, scale=scale), y=row
    )
    target = (
        alt.Chart(alt.Data(values=[{"at": 100}]))
        .mark_rule(color=colours["quiet"], strokeDash=[3, 3])
        .encode(x=alt.X("at:Q", title=None, scale=scale))
    )
    layers = alt.layer(bars, expected, ends, target)
    return finish(layers, data, english).properties(height=alt.Step(26))


def status_chart(data: ChartData, english: bool = False) -> "alt.Chart":
    """Counts of the four colours per group, from `status_data`."""
    import altair as alt

    bars = (
        alt.Chart(rows_of("rows", data))
        .mark_bar(height=16)
        .encode(
            x=alt.X("count:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d")),
            y=labels("group:N"),
            color=colour(PAPER),
            order=alt.Order("rank:Q"),
        )
        .transform_calculate(rank=f"indexof({json.dumps(list(COLOURS))}, datum.colour)")
    )
    return finish(bars, data, english).properties(height=alt.Step(26))


def to_png(chart: Any, scale: float = 2) -> bytes:
    """A chart with data as a PNG picture of `scale` times its size; numbers as Vietnamese writes them."""
    import vl_convert

    return vl_convert.vegalite_to_png(chart.to_dict(), scale=scale, format_locale=VIETNAMESE)
