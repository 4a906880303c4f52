"""The scorecard of a synthetic year: what its page asks is answered, and scores follow from their items."""

import re
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl
import pytest

from tiendo.publish.query import query
from tiendo.settings import DBT_PROJECT

PAGE = Path(__file__).parents[2] / "docs" / "scorecard.md"
QUERIES = re.findall(r"^```sql\n([^`]+)```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
MINIMUM = 5


def asked(demo_home: Path, sql: str) -> pl.DataFrame:
    return query(demo_home / "data/curated/current", sql)


@pytest.mark.parametrize("sql", QUERIES)
def test_the_queries_of_the_page_answer(sql: str, demo_home: Path) -> None:
    assert asked(demo_home, sql).height > 0


def test_scores_and_ranks_follow_from_items_and_seeds(demo_home: Path) -> None:
    """Recomputes every score by hand; the SQL rounds shares to six decimals, so the last digit may differ."""
    seed = pl.read_csv(DBT_PROJECT / "seeds/rules/scorecard_weights.csv")
    weights = dict(seed.select("part", "weight").iter_rows())
    items = asked(demo_home, "select * from agency_scorecard_items where is_current and points is not null")
    points: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for agency, part, value in items.select("agency_code", "part", "points").iter_rows():
        points[agency][part].append(value)
    cards = asked(demo_home, "select * from agency_scorecard where is_scored")
    assert cards.height > 0
    for card in cards.iter_rows(named=True):
        parts = points[card["agency_code"]]
        counted = sum(map(len, parts.values()))
        assert counted == card["items_counted"] >= MINIMUM
        summed = sum(weights[part] * sum(values) / len(values) for part, values in parts.items())
        score = (100 * summed / sum(weights[part] for part in parts)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert card["score"] == pytest.approx(float(score), abs=0.01)
        better = cards.filter(
            (pl.col("province_code") == card["province_code"]) & (pl.col("score") > card["score"])
        )
        assert card["rank"] == better.height + 1


def test_what_is_shown_without_a_score_says_why(demo_home: Path) -> None:
    cards = asked(demo_home, "select * from agency_scorecard where not is_scored")
    reasons = dict(cards.group_by("not_scored_reason").len().iter_rows())
    assert {"company", "group"} <= set(reasons)
    assert cards["score_reason"].null_count() == 0


def test_no_item_counts_twice_for_an_agency(demo_home: Path) -> None:
    counted = asked(
        demo_home,
        "select agency_code, org_code, indicator_code from agency_scorecard_items"
        " where is_current and is_counted and part = 'indicators'",
    )
    assert counted.height == counted.unique().height
