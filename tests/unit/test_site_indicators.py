"""Pages of indicators: their numbers lead to the cells that `tiendo explain` tells, their SQL gives them."""

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tiendo.report.explain import read_explanation
from tiendo.report.site.indicator_facts import Facts
from tiendo.report.site.indicator_figures import Files, ratio, where
from tiendo.report.site.indicator_parts import Parts
from tiendo.report.site.indicator_ranking import ranking_of
from tiendo.report.site.indicator_targets import targets_of
from tiendo.report.site.tiles import Spot, tile_map
from tiendo.report.site.words import number

# Figures of each kind: computed from communes, dossiers (added or stated) or one file, of F01 by month, by
# commune and as a value, counted up, published, done or not.
EXPLAINED = (
    ("66", "infra_5g_coverage"),
    ("66", "gov_dossier_ontime_share"),
    ("68", "gov_dossier_digitised_share"),
    ("66", "gov_tthc_business_online_share"),
    ("66", "gov_contactless_transaction_share"),
    ("66", "innovation_commercialised_product_count"),
    ("66", "economy_digital_economy_grdp_share"),
    ("66", "economy_grdp_growth_rate"),
    ("66", "infra_provincial_data_centre_operational"),
    ("75", "security_computers_antimalware_share"),
    ("26041", "gov_eresult_share"),
)


def page_of(home: Path, place: str, code: str) -> str:
    path = home / "data/curated/current/site" / place / "indicators" / f"{code}.html"
    return path.read_text(encoding="utf-8")


def commands(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r'<pre class="command"[^>]*><code>(.*?)</code>', page)]


def text_of(markup: str) -> str:
    """What a reader sees in Vietnamese."""
    without = re.sub(r'<span lang="en".*?</span>', "", markup)
    return unescape(re.sub(r"<[^>]+>", "", without)).replace("\N{NO-BREAK SPACE}", " ")


def files_of(page: str, markup: str) -> set[str]:
    """The submissions of the files whose numbers stand in some markup."""
    listed = dict(re.findall(r'<li id="f(\d+)"><a href="\.\./\.\./submissions\.html#([^"]+)"', page))
    return {listed[mark] for mark in re.findall(r'href="#f(\d+)"', markup)}


@pytest.mark.parametrize(("place", "code"), EXPLAINED)
def test_the_tree_has_the_leaves_of_an_explanation(demo_home: Path, place: str, code: str) -> None:
    page = page_of(demo_home, place, code)
    asked = commands(page)[-1].split()
    assert asked[:3] == ["tiendo", "explain", code]
    options = dict(zip(asked[3::2], asked[4::2], strict=True))
    release = demo_home / "data/curated/current"
    found = read_explanation(release, code, options["--place"], options["--period"], options.get("--plan"))[
        "actual"
    ]
    leaves = dict(re.findall(r'<li data-unit="([^"]+)">(.*)</li>', page))
    assert set(leaves) == {unit["org_code"] for unit in found["units"]}
    assert leaves
    for unit in found["units"]:
        leaf = leaves[unit["org_code"]]
        assert str(ratio(unit, found["unit"])) in leaf
        files = {row["source"]["submission_id"] for row in unit["rows"]}
        if "tệp" in text_of(leaf):
            assert f"{unit['row_count']} hồ sơ, {len(files)} tệp" in text_of(leaf)
            continue
        assert files_of(page, leaf) == files
        for row in unit["rows"]:
            for cell in row["source"]["cells"]:
                assert cell["cell"] is None or cell["cell"] in text_of(leaf)
    missing = re.search(r"Chưa báo cáo</span>.*?: (\d+)</summary>", page)
    assert (int(missing[1]) if missing else 0) == len(found["missing"])
    assert "không bằng số đã công bố" not in page


def test_the_sql_of_every_page_gives_its_number(demo_home: Path) -> None:
    release = demo_home / "data/curated/current"
    pages = sorted((release / "site").glob("*/indicators/*_*.html"))
    again = 0
    with duckdb.connect(str(release / "tiendo.duckdb"), read_only=True) as connection:
        for path in pages:
            page = path.read_text(encoding="utf-8")
            shown = re.search(r'<span class="big">(.*?)</span>', page)
            for command in commands(page)[:-1]:
                (row,) = connection.execute(command.removeprefix('tiendo sql "').removesuffix('"')).fetchall()
                assert shown, path
                if row[0] is not None and "<data" in shown[1]:
                    assert str(number(row[0])) in shown[1], (path, command)
            again += len(commands(page)) == 3
    assert again > len(pages) / 2


def test_a_place_has_a_page_for_each_indicator_it_or_its_communes_have(demo_home: Path) -> None:
    release = demo_home / "data/curated/current"
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select distinct province_code, indicator_code from read_parquet($file)",
            {"file": str(release / "indicator_latest.parquet")},
        ).fetchall()
    for province, code in rows:
        assert (release / "site" / province / "indicators" / f"{code}.html").is_file()
    assert all(path.stat().st_size < 270_000 for path in (release / "site").glob("*/indicators/*.html"))


def test_a_commune_stands_in_the_table_and_on_the_map_with_its_cells(demo_home: Path) -> None:
    page = page_of(demo_home, "66", "infra_5g_coverage")
    rows = dict(re.findall(r'<tr id="(\d{5})">(.*)</tr>', page))
    tiles = dict(re.findall(r'<li class="tile [^"]+"[^>]*><a href="#(\d{5})">(.*?)</a>', page))
    assert set(rows) == set(tiles)
    assert len(rows) == 102
    for code, line in rows.items():
        assert re.search(r"Biểu!\w+ / \w+ \[\d+\]", text_of(line)), code
        # The name of the tile's link tells the status in words too.
        assert re.search(r"\d.* %.*[A-ZĐ]", text_of(tiles[code])), code
    ranks = [int(rank) for rank in re.findall(r'<tr id="\d{5}"><td class="n" data-sort="(\d+)"', page)]
    assert ranks == sorted(ranks)
    assert ranks[0] == 1


def figure_row(code: str, actual: float | None, **more: Any) -> dict[str, Any]:
    return {
        "province_code": "66", "org_code": code, "org_name_vi": f"Xã {code}", "indicator_code": "x_share",
        "variant": "reported", "period": "2026-10", "period_end": "2026-10-31", "period_start": "2026-10-01",
        "basis": None, "numerator": None, "denominator": None, "actual": actual, "source_kind": None,
        "status": "no_target", "colour": "grey", "label_vi": "Không có mục tiêu", "label_en": "No target",
        "coverage_share": None, "maturity": None, "is_verified": None, "unit": "percent",
        "is_inherited_target": False, "actual_before": None, "period_before": None,
    } | more  # fmt: skip


def facts_with(direction: str = "higher", **more: Any) -> Facts:
    indicator = {
        "indicator_code": "x_share", "direction": direction, "numerator_vi": None, "denominator_vi": None,
        "over_places": "none", "over_time": "last", "primary_source": "reported",
    }  # fmt: skip
    units = [
        {"province_code": "66", "org_code": f"2400{n}", "name_vi": f"Xã {n}", "short_vi": str(n)}
        for n in range(5)
    ]
    empty: dict[str, Any] = {
        name: {}
        for name in (
            "targets",
            "communes",
            "history",
            "plan_rows",
            "agencies",
            "conflicts",
            "variants",
            "measures",
        )
    }
    return Facts(indicators={"x_share": indicator}, thresholds=[], units={"66": units}, **(empty | more))


@pytest.mark.parametrize(("direction", "order"), [("higher", [1, 1, 3]), ("lower", [2, 2, 1])])
def test_equal_values_share_a_rank_and_thin_or_older_figures_have_none(
    direction: str, order: list[int]
) -> None:
    rows = [
        figure_row("24000", 0.1 + 0.2),
        figure_row("24001", 0.3),
        figure_row("24002", 0.1),
        figure_row("24003", 0.9, coverage_share=0.79),
        figure_row("24004", 0.9, period="2026-09"),
    ]
    facts = facts_with(direction)
    tiles = tile_map([Spot(row["org_code"], 12.0, 108.0 + n) for n, row in enumerate(rows[:4])])
    found = ranking_of(rows, facts, Parts(facts, {}, {}, [], set()), Files({}), tiles, 0.8)
    ranks = dict(re.findall(r'<tr id="(\d+)"><td class="n" data-sort="(\d+)"', found.lines))
    assert [int(ranks[row["org_code"]]) for row in rows] == [*order, 9999, 9999]
    assert (found.ranked, found.period, found.by_status) == (3, "2026-10", False)
    assert found.unplaced == ["Xã 4"]


def test_the_first_rule_that_differs_says_why_a_target_is_not_the_primary_one() -> None:
    def target(**more: Any) -> dict[str, Any]:
        return {
            "plan_id": "p", "row_ref": "1", "is_primary": False, "primary_by": None, "period": "2026-10",
            "judged_on": date(2026, 10, 31), "milestone_on": date(2026, 12, 31), "status": "on_track",
            "target": 95.0, "unit": "percent", "pace": "level", "comparator": "at_least", "is_strict": False,
        } | more  # fmt: skip

    row = {"milestone_on": date(2026, 12, 31), "valid_from": date(2026, 1, 1), "plan_number": "1/KH"}
    plan_rows = {
        ("p", "1"): [row], ("p", "2"): [row], ("p", "3"): [row | {"duplicate_of": "1"}],
        ("old", "1"): [row | {"valid_from": date(2025, 1, 1)}],
    }  # fmt: skip
    rows = [
        target(is_primary=True),
        target(row_ref="2", target=90.0),
        target(row_ref="3"),
        target(plan_id="old"),
        target(row_ref="2", milestone_on=date(2025, 12, 31)),
        target(row_ref="2", milestone_on=date(2030, 12, 31)),
    ]
    told = [text_of(str(found["why"] or "")) for found in targets_of(rows, facts_with(plan_rows=plan_rows))]
    assert told == [
        "", "yêu cầu thấp hơn", "lặp lại dòng 1", "đã có kế hoạch mới hơn", "mốc đã qua", "mốc xa hơn",
    ]  # fmt: skip


def test_what_senders_wrote_is_text() -> None:
    cell = {"role": "numerator", "column": "numerator", "label_vi": "Tử số", "label_en": "Numerator"}
    cell |= {"column_number": 2, "cell": "B2", "correction": None}
    source = {"submission_id": "s", "sheet": "<script>alert(1)</script>\u202e", "row": 2, "cells": [cell]}
    row = {"source": source, "row_count": None, "note": "<img src=x onerror=alert(1)>", "evidence_ref": None}
    shown = where({"rows": [row]}, "percent", Files({"s": {}}), has_notes=True)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "⟦RIGHT-TO-LEFT OVERRIDE⟧!B2" in shown
