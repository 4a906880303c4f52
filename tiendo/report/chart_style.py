"""The style all charts share: colours and shapes of statuses, dashes of lines, axes, words."""

import json
from typing import Any

from tiendo.report.chart_data import COLOURS, KINDS, ChartData

# The page's own colours, so that light, dark and print need no other drawing.
SCREEN = {name: f"var(--chart-{name})" for name in (*COLOURS, "ink", "quiet", "line", "series", "ground")}
PAPER = {
    "green": "#2a8a4a",
    "yellow": "#b57a00",
    "red": "#c2362c",
    "grey": "#7b8490",
    "ink": "#1b1f24",
    "quiet": "#57606a",
    "line": "#d0d7de",
    "series": "#0b57a4",
    "ground": "#ffffff",
}
SHAPES = {"green": "circle", "yellow": "triangle-up", "red": "square", "grey": "diamond"}
COLOUR_WORDS = {
    "green": ("xanh", "green"),
    "yellow": ("vàng", "amber"),
    "red": ("đỏ", "red"),
    "grey": ("xám", "grey"),
}
KIND_WORDS = {
    "actual": ("thực tế (rỗng: ước tính)", "actual (hollow: provisional)"),
    "expected": ("cần đạt", "expected"),
    "at_risk": ("ngưỡng có nguy cơ chậm", "at-risk threshold"),
    "off_track": ("ngưỡng chậm tiến độ", "off-track threshold"),
    "forecast": ("dự báo", "forecast"),
    "target": ("mốc mục tiêu", "milestone"),
}
# Colour and dashes of each line.
LINES: dict[str, tuple[str, list[int]]] = {
    "actual": ("series", [1, 0]),
    "expected": ("quiet", [6, 3]),
    "at_risk": ("yellow", [2, 2]),
    "off_track": ("red", [2, 4]),
    "forecast": ("series", [1, 3]),
    "target": ("ink", [1, 0]),
}
FONT = "system-ui, Segoe UI, Roboto, Noto Sans, DejaVu Sans, Liberation Sans, sans-serif"


def rows_of(name: str, data: ChartData | None) -> Any:
    """The set of rows of that name: open, to be filled on a page, or with the data given."""
    import altair as alt

    return alt.NamedData(name) if data is None else alt.InlineData(values=data[name], name=name)


def labels(field: str) -> Any:
    """The names of rows, in the order the rows came in."""
    import altair as alt

    # On a phone names stand above their bars, where there is room for them.
    axis = alt.Axis(
        labelLimit=alt.ExprRef("label_limit"),
        labelAlign=alt.ExprRef("above ? 'left' : 'right'"),
        labelOffset=alt.ExprRef("above ? -15 : 0"),
        labelPadding=alt.ExprRef("above ? 0 : 4"),
        ticks=False,
        domain=False,
        grid=False,
        zindex=1,
    )
    return alt.Y(field, title=None, sort=alt.EncodingSortField("order", op="min"), axis=axis)


def colour(colours: dict[str, str]) -> Any:
    """The colour of a status, in one legend with its shape."""
    import altair as alt

    legend = alt.Legend(
        title=None,
        orient="bottom",
        values=alt.ExprRef("colours"),
        labelExpr=words(COLOUR_WORDS),
    )
    scale = alt.Scale(domain=list(COLOURS), range=[colours[colour] for colour in COLOURS])
    return alt.Color("colour:N", scale=scale, legend=legend)


def shape() -> Any:
    """The shape of a status, in one legend with its colour."""
    import altair as alt

    scale = alt.Scale(domain=list(COLOURS), range=[SHAPES[colour] for colour in COLOURS])
    legend = alt.Legend(
        title=None, orient="bottom", values=alt.ExprRef("colours"), labelExpr=words(COLOUR_WORDS)
    )
    return alt.Shape("colour:N", scale=scale, legend=legend)


def number(value: str) -> str:
    """An expression that writes a number to at most two decimals, with the sign of the unit."""
    return f"replace(format({value}, ',.2f'), /[.,]?0+$/, '') + unit"


def month(day: str, shift: str = ", 1") -> str:
    """An expression for the month of a day, in any time zone: a period that ends on 31/10 stands at 10.

    A break on the first of a month stands, by the shift `-1, 15`, between that month and the one before.
    """
    return f"datetime(utcyear(toDate({day})), utcmonth(toDate({day})){shift})"


def words(words: dict[str, tuple[str, str]]) -> str:
    """An expression for the label of a legend in the language of the signal `english`."""
    vi, en = ({name: pair[number] for name, pair in words.items()} for number in (0, 1))
    return f"(english ? {json.dumps(en)} : {json.dumps(vi, ensure_ascii=False)})[datum.label]"


def finish(chart: Any, data: ChartData | None, english: bool) -> Any:
    """Signals, size and style that all charts share."""
    import altair as alt

    colours = PAPER if data else SCREEN
    told: dict[str, Any] = data["params"] if data else {}
    defaults = {
        "english": english,
        "unit": "",
        "kinds": list(KINDS),
        "colours": list(COLOURS),
        "label_limit": 300,
        "above": False,
        "legend_columns": 3,
    }
    params = [alt.param(name=name, value=told.get(name, value)) for name, value in defaults.items()]
    return (
        chart.add_params(*params)
        .properties(width=600 if data else "container", background=colours["ground"])
        .configure(font=FONT, aria=False, autosize=alt.AutoSizeParams(type="fit-x", contains="padding"))
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=colours["ink"],
            labelFontSize=12,
            gridColor=colours["line"],
            domainColor=colours["line"],
            tickColor=colours["line"],
        )
        .configure_legend(labelColor=colours["ink"], labelFontSize=12)
        .configure_text(fontSize=12)
    )
