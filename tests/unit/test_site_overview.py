"""The overview of a place: what is counted, what changed in a month, what to do, what is unknown."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from small_places import AS_OF, Row, figure_only, judged, site_of

from tiendo.report.site import overview
from tiendo.report.site.build import render
from tiendo.report.site.month_changes import compared_days, kind_of, read_months
from tiendo.report.site.pages import Page
from tiendo.report.site.standing import read_standings
from tiendo.report.site.this_week import read_weeks


def period(name: str, status: str) -> Row:
    return judged("a_share", name, status)


def html_of(folder: Path, progress: list[Row], path: str, **tables: Any) -> tuple[str, dict[str, Page]]:
    site = site_of(folder, progress, **tables)
    pages = {page.path: page for page in overview.pages(site)}
    return render(pages[path], pages, site), pages


def test_a_place_counts_each_indicator_once_by_its_own_primary_target(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        [
            judged("a_share", "2026-10", "on_track"),
            judged("a_share", "2026-10", "off_track", row_ref="II.9", is_primary=False),
            judged("b_share", "2026-10", "missed"),
            judged("c_share", "2026-10", "at_risk", is_inherited_target=True),
            figure_only("66", "d_share"),
        ],
    )
    place = read_standings(site)[0]
    assert place.counts == {"green": 1, "yellow": 0, "red": 1, "grey": 0}
    assert [row["indicator_code"] for row in place.rows] == ["b_share", "a_share"]
    assert [row["indicator_code"] for row in place.others] == ["c_share", "d_share"]


def test_the_worst_stands_first_and_the_unknown_before_what_is_well(tmp_path: Path) -> None:
    statuses = ("on_track", "no_data", "at_risk", "missed")
    codes = ("a_share", "b_share", "c_share", "d_share")
    rows = [judged(code, "2026-10", status) for code, status in zip(codes, statuses, strict=True)]
    place = read_standings(site_of(tmp_path, rows))[0]
    assert [row["status"] for row in place.rows] == ["missed", "at_risk", "no_data", "on_track"]


@pytest.mark.parametrize(
    ("as_of", "days"),
    [
        (date(2026, 10, 31), (date(2026, 10, 31), date(2026, 9, 30))),
        (date(2026, 11, 22), (date(2026, 10, 31), date(2026, 9, 30))),
        (date(2026, 1, 5), (date(2025, 12, 31), date(2025, 11, 30))),
    ],
)
def test_the_last_complete_month_is_compared_with_the_one_before(
    as_of: date, days: tuple[date, date]
) -> None:
    assert compared_days(as_of) == days


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        ("on_track", "at_risk", "worse"),
        ("off_track", "missed", "worse"),
        ("deteriorating", "off_track", "better"),
        ("at_risk", "on_track", "better"),
        ("on_track", "achieved", "better"),
        ("achieved", "on_track", None),
        ("in_term", "on_track", None),
        ("off_track", "off_track", None),
        ("withheld", "off_track", "new"),
        (None, "on_track", "new"),
        ("on_track", "withheld", "gone"),
        ("no_data", "withheld", None),
        (None, "no_data", None),
    ],
)
def test_how_a_verdict_changed(before: str | None, now: str, kind: str | None) -> None:
    assert kind_of(period("2026-09", before) if before else None, period("2026-10", now)) == kind


def test_each_target_row_is_compared_with_its_own_newest_period_of_a_month_ago(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        [
            # Worse within the month, though August was as bad.
            judged("a_share", "2026-08", "off_track"),
            judged("a_share", "2026-09", "on_track"),
            judged("a_share", "2026-10", "off_track"),
            # A quarter has no newer period in October.
            judged("b_share", "2026-Q2", "off_track"),
            judged("b_share", "2026-Q3", "on_track"),
            # Reported until September, nothing for October.
            judged("c_share", "2026-09", "on_track"),
            judged("c_share", "2026-10", "no_data", actual=None),
            # Silent since September: no change of this month.
            judged("d_share", "2026-08", "on_track"),
            judged("d_share", "2026-09", "no_data", actual=None),
            judged("d_share", "2026-10", "no_data", actual=None),
        ],
    )
    month = read_months(site, read_standings(site))["66"]
    told = [(change.kind, change.row["indicator_code"], change.now["period"]) for change in month.changes]
    assert told == [("worse", "a_share", "2026-10"), ("gone", "c_share", "2026-10")]
    assert month.changes[0].before and month.changes[0].before["period"] == "2026-09"
    assert month.counts == {"worse": 1, "gone": 1, "better": 0, "new": 0}
    assert (month.unchanged, month.waiting) == (0, 2)


def calendar(reference: str, days: int, *agencies: str, **more: Any) -> list[Row]:
    due = {"due_on": AS_OF + timedelta(days=days), "kind": "task", "plan_id": "kh-1", "is_open": True}
    told = due | {"reference": reference, "title_vi": f"Việc {reference}"} | more
    return [{"agency_code": agency} | told for agency in agencies]


def test_the_week_names_what_is_due_what_is_late_and_who_is_answerable(tmp_path: Path) -> None:
    alert = {"org_code": "66", "plan_id": "kh-1", "title_vi": "Đề án", "due_on": AS_OF, "alert": True}
    waiting = {"org_code": "66", "waiting_for_vi": "UBND tỉnh", "verdict": "not_appraised"}
    site = site_of(
        tmp_path,
        [period("2026-10", "on_track")],
        agency_calendar=[
            *calendar("today", 0, "s1"),
            *calendar("sunday", 6, "s1", "s2", "s3"),
            *calendar("later", 7, "s1"),
            *calendar("closed", 1, "s1", is_open=False),
            *calendar("r1", -1, "s2", kind="report"),
            *calendar("r2", -9, "s2", kind="report"),
        ],
        task_progress=[
            alert | {"row_ref": "1", "lead_agency_codes": "s1;s3"},
            alert | {"row_ref": "2", "lead_agency_codes": "s3"},
            alert | {"row_ref": "3", "lead_agency_codes": None},
            alert | {"row_ref": "4", "lead_agency_codes": "s1", "alert": False},
        ],
        evidence_register=[waiting | {"days_waiting": 3}, waiting | {"days_waiting": 40}],
    )
    week = {group.code: group for group in read_weeks(site)["66"]}
    assert {code: group.total for code, group in week.items()} == {
        "due": 2, "evidence": 2, "reports": 2, "alerts": 3
    }  # fmt: skip
    assert [line.due_on for line in week["due"].lines] == [AS_OF, AS_OF + timedelta(days=6)]
    assert "Sở s1" in week["due"].lines[0].who
    assert "và 1 đơn vị khác" in week["due"].lines[1].who
    assert [line.agency for line in week["alerts"].lines] == ["s3", "-", "s1"]
    assert "40" in week["evidence"].lines[0].what


def test_the_first_screen_leads_to_the_rows_behind_each_number(tmp_path: Path) -> None:
    rows = [judged("a_share", "2026-10", "on_track"), judged("b_share", "2026-10", "missed")]
    html, pages = html_of(tmp_path, rows, "66/index.html")
    assert 'href="../66/indicators/index.html#red"' in html
    assert "themes/theme_b.html" in html
    assert "Vì missed" in html
    # Pages of others are linked where they are there, never else.
    assert "tasks/alerts.html" not in html
    assert "b_share.html" not in html
    site = site_of(tmp_path, rows)
    pages["66/indicators/b_share.html"] = pages["66/index.html"]
    assert "66/indicators/b_share.html" in render(pages["66/index.html"], pages, site)


def test_the_list_can_be_narrowed_to_a_colour_by_its_address(tmp_path: Path) -> None:
    rows = [judged("a_share", "2026-10", "on_track"), judged("b_share", "2026-10", "missed")]
    html, _ = html_of(tmp_path, rows, "66/indicators/index.html")
    assert re.findall(r'<tr data-colour="(\w+)"', html) == ["red", "green"]
    assert all(f'id="{colour}"' in html for colour in ("green", "yellow", "red", "grey"))


def test_a_trend_needs_a_period_it_may_be_compared_with(tmp_path: Path) -> None:
    rows = [
        judged("a_share", "2026-09", "on_track", actual=49.5),
        judged("a_share", "2026-10", "on_track", actual=50.0),
        judged("b_share", "2026-10", "on_track", basis="year_to_date"),
        judged("b_share", "2025-12", "on_track", basis="year_to_date"),
    ]
    previous = {
        row["indicator_code"]: row["previous"] for row in read_standings(site_of(tmp_path, rows))[0].rows
    }
    assert previous["a_share"]["actual"] == 49.5
    assert previous["b_share"] is None


def test_no_figures_read_as_unknown_and_not_as_failed(tmp_path: Path) -> None:
    html, _ = html_of(tmp_path, [judged("a_share", "2026-10", "no_data", actual=None)], "66/index.html")
    assert "Chưa có số liệu không phải là không đạt" in html
    assert "Chậm nhất" not in html
    assert "chưa có số liệu" in html


def test_a_place_without_a_plan_says_so_and_leads_to_its_figures(tmp_path: Path) -> None:
    ward = judged("a_share", "2026-10", "on_track", org_code="26041", province_code="75", org_level="commune")
    html, pages = html_of(tmp_path, [figure_only("75", "a_share"), ward], "75/index.html")
    assert "Chưa có kế hoạch nào" in html
    assert 'href="../75/indicators/index.html"' in html
    assert "75/indicators/index.html" in pages
    assert "66/indicators/index.html" not in pages


def test_what_senders_wrote_is_shown_as_text(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script>\u202e"
    rows = [judged("a_share", "2026-10", "no_data", comparator="text", target=None, target_text=hostile)]
    due = calendar("today", 0, "s1", title_vi=hostile)
    for path in ("66/index.html", "66/indicators/index.html"):
        html, _ = html_of(tmp_path, rows, path, agency_calendar=due)
        assert "<script>alert" not in html
        assert "&lt;script&gt;" in html
        assert "\u202e" not in html


def test_a_theme_draws_what_has_a_share_of_its_target_and_tells_of_the_rest(tmp_path: Path) -> None:
    rows = [
        judged("a_share", "2026-10", "off_track"),
        judged("a_words", "2026-10", "no_data", actual=None, attainment_pct=None),
    ]
    html, pages = html_of(tmp_path, rows, "66/themes/theme_a.html")
    chart = pages["66/themes/theme_a.html"].context["chart"]
    assert [(row["code"], row["expected"]) for row in chart["rows"]] == [("a_share", 84.210526)]
    assert "chúng ở trong bảng" in html
    assert html.count("<tr data-colour") == 2
