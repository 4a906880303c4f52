"""The start page and the overview of each place, for a leader with one minute.

First the four colours, what changed in a month and what to do this week as numbers that lead on; below, the
same in detail, the worst first.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tiendo.report.site.assurance import Freshness, doubts, read_freshness
from tiendo.report.site.data import SiteData, Subject
from tiendo.report.site.month_changes import Month, compared_days, read_months
from tiendo.report.site.pages import Page
from tiendo.report.site.standing import Standing, read_standings
from tiendo.report.site.themes import figure_pages
from tiendo.report.site.this_week import Group, last_day, read_weeks, red_alerts

# What leaders call the four colours, beside the colour's own name.
COLOUR_WORDS = {
    "green": ("Đúng tiến độ hoặc đã đạt", "On track or achieved"),
    "yellow": ("Có nguy cơ chậm", "At risk"),
    "red": ("Chậm hoặc không đạt", "Off track or missed"),
    "grey": ("Chưa kết luận được", "No verdict yet"),
}
CHANGE_WORDS = {
    "worse": ("Xấu đi", "Worse"),
    "gone": ("Không còn số hoặc kết luận", "No longer reported or judged"),
    "better": ("Tốt lên", "Better"),
    "new": ("Mới có kết luận", "Newly judged"),
}
WORST = 10


def pages(site: SiteData) -> Iterator[Page]:
    """The start page and, of each place, its overview, its themes and the list of its indicators."""
    standings = read_standings(site)
    months = read_months(site, standings)
    weeks = read_weeks(site)
    freshness = read_freshness(site, standings)
    colour_names = {row["colour"]: row["colour_vi"] for row in site.rows(COLOUR_NAMES_SQL)}
    words = {"colour_words": COLOUR_WORDS, "colour_names": colour_names, "change_words": CHANGE_WORDS}
    places = [
        {
            "standing": standing,
            "alerts": red_alerts(weeks[standing.subject.org_code]),
            "fresh": freshness[standing.subject.org_code],
        }
        for standing in standings
    ]
    start = {**words, "places": places}
    yield Page("index.html", "start.html.jinja", "Tiến độ theo kế hoạch", "Progress against plans", start)
    for standing in standings:
        place = standing.subject.org_code
        told = overview(site, standing, months[place], weeks[place], freshness[place])
        yield Page(
            f"{place}/index.html",
            "overview.html.jinja",
            "Tổng quan",
            "Overview",
            {**words, **told},
            standing.subject,
        )
        yield from figure_pages(standing, words)


COLOUR_NAMES_SQL = "select distinct colour, colour_vi from dim_status"


def overview(
    site: SiteData, standing: Standing, month: Month, week: Sequence[Group], fresh: Freshness
) -> dict[str, Any]:
    """What the overview of a place tells."""
    month_end, before_on = compared_days(site.facts.as_of)
    return {
        "standing": standing,
        "month": month,
        "month_end": month_end,
        "before_on": before_on,
        "week": week,
        "week_ends": last_day(site.facts.as_of),
        "worst": [row for row in standing.rows if row["colour"] in ("red", "yellow")][:WORST],
        "doubts": doubts(standing),
        "fresh": fresh,
        "related": related(standing.subject, site.subjects),
    }


def related(subject: Subject, subjects: Sequence[Subject]) -> list[Subject]:
    """The province of a commune, the communes of a province: those with pages of their own."""
    return [
        each
        for each in subjects
        if each.province_code == subject.province_code
        and each != subject
        and "province" in (each.level, subject.level)
    ]
