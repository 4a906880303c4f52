"""The figures of a place in full: one page per theme, and one with all its indicators to sort and filter."""

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from tiendo.report.chart_data import ChartData, bullet_data
from tiendo.report.site.pages import Page
from tiendo.report.site.standing import Record, Standing, Theme, severity
from tiendo.report.site.words import NOTHING, amount, number, sent

SIGNS = {("at_least", False): "≥", ("at_least", True): ">", ("at_most", False): "≤", ("at_most", True): "<"}


def figure_pages(standing: Standing, words: Mapping[str, Any]) -> Iterator[Page]:
    """`<place>/themes/<theme>.html` and `<place>/indicators/index.html`, where there is something to show."""
    place = standing.subject.org_code
    told = {**words, "standing": standing, "target": target, "signed": signed, "severity": severity}
    for theme in standing.themes:
        chart = bullets(theme)
        yield Page(
            f"{place}/themes/{theme.code}.html",
            "theme.html.jinja",
            theme.vi,
            theme.en,
            {**told, "theme": theme, "chart": chart},
            standing.subject,
            has_charts=chart is not None,
        )
    if standing.rows or standing.others:
        yield Page(
            f"{place}/indicators/index.html",
            "indicators.html.jinja",
            "Chỉ tiêu",
            "Indicators",
            told,
            standing.subject,
        )


def bullets(theme: Theme) -> ChartData | None:
    """The indicators of a theme against their targets, those that have a share of it; None where none has."""
    rows = [
        {
            "code": row["indicator_code"],
            "label": f"{place}. {_short(row['indicator_name_vi'])}",
            "attainment": row["attainment_pct"],
            "expected": 100 * row["expected_now"] / row["target"]
            if row["target"] and row["expected_now"] is not None
            else None,
            "colour": row["colour"],
        }
        for place, row in enumerate(theme.rows, start=1)
        if row["attainment_pct"] is not None
    ]
    return bullet_data(rows) if rows else None


def _short(name: str) -> str:
    """A name without the word most of them begin with: charts cut long ones, the table has it whole."""
    rest = name.removeprefix("Tỷ lệ ")
    return rest[:1].upper() + rest[1:]


def target(row: Record) -> Markup:
    """What has to be reached: the value judged by with its comparison, else the words of the plan."""
    unit, low, high = row["unit"], row["target_low"], row["target_high"]
    if row["comparator"] == "range" and low is not None and high is not None:
        return Markup("{}&ndash;{}").format(number(low), amount(high, unit))
    if row["target"] is None or row["comparator"] in ("boolean", "text"):
        return sent(row["target_text"])
    sign = SIGNS.get((row["comparator"], bool(row["is_strict"])))
    return (Markup("{}&nbsp;").format(sign) if sign else Markup("")) + amount(row["target"], unit)


def signed(value: float | None, decimals: int = 2) -> Markup:
    """A difference with its sign."""
    if value is None:
        return NOTHING
    return Markup("{}{}").format("+" if round(value, decimals) > 0 else "", number(value, decimals))
