"""What the release says of the headline measures equals what the files as sent say, worked out apart."""

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest
from recomputation import OFFERED, recompute
from recomputed_dossiers import DOSSIERS
from recomputed_places import Figure, Figures, Key
from recomputed_verdicts import TargetRow, Verdict, judge, verdicts

PROJECT = Path(__file__).parents[2]
DAK_LAK, LAM_DONG, TRAN_BIEN = "66", "68", "26041"
PLACES = [DAK_LAK, LAM_DONG, TRAN_BIEN]
COVERAGE, ECONOMY = "infra_5g_coverage", "economy_digital_economy_grdp_share"
FAMILY = [*DOSSIERS, "gov_dossier_ontime_share"]
MEASURES = [COVERAGE, ECONOMY, *OFFERED, *FAMILY]
# A plan row of Đắk Lắk is judged by another definition than the default one that is recomputed here; that the
# assigned one is taken has unit tests of its own.
ASSIGNED = ("gov_dossier_fully_online_processed_share", DAK_LAK)

# Half a unit of the sixth decimal, to which the release rounds, and a little for the rounding itself.
SIX_DECIMALS = 6e-7
MARKED_LETTER = re.compile(
    "[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)

Released = dict[tuple[Key, str, str], dict[str, Any]]


class Comparison(NamedTuple):
    released: Released
    figures: Figures
    verdicts: dict[tuple[Key, str, str], Verdict]


@pytest.fixture(scope="module")
def comparison(demo_home: Path) -> Comparison:
    current = demo_home / "data/curated/current"
    manifest = json.loads((current / "manifest.json").read_text(encoding="utf-8"))
    known_at = datetime.fromisoformat(manifest["known_at"])
    recomputed = recompute(demo_home, PROJECT, PLACES, date.fromisoformat(manifest["as_of"]), known_at)
    figures = {
        key: figure for key, figure in recomputed.items() if (key.indicator_code, key.org_code) != ASSIGNED
    }
    progress = pl.read_parquet(current / "indicator_progress.parquet").filter(
        pl.col("org_code").is_in(PLACES),
        pl.col("indicator_code").is_in(MEASURES),
        pl.col("actual").is_not_null(),
        (pl.col("indicator_code") != ASSIGNED[0]) | (pl.col("org_code") != ASSIGNED[1]),
    )
    released = {
        (
            Key(row["indicator_code"], row["org_code"], row["period"]),
            row["plan_id"] or "",
            row["row_ref"] or "",
        ): row
        for row in progress.iter_rows(named=True)
    }
    assert len(released) == progress.height, "one row for a figure and a target row"
    return Comparison(released, figures, verdicts(PROJECT, PLACES, figures))


def agree(theirs: float | Decimal | None, ours: float | None, tolerance: float = SIX_DECIMALS) -> bool:
    if theirs is None or ours is None:
        return theirs is None and ours is None
    return abs(float(theirs) - ours) <= tolerance


def test_the_comparison_is_not_empty(comparison: Comparison) -> None:
    by_measure = Counter(key.indicator_code for key in comparison.figures)
    by_place = Counter(key.org_code for key in comparison.figures)
    by_status = Counter(verdict.status for verdict in comparison.verdicts.values())
    assert set(by_measure) == set(MEASURES)
    assert by_measure[COVERAGE] == 3 * 16, "twelve months and four quarters of three places"
    assert by_measure[ECONOMY] == 2 * 5, "a year and four quarters of two provinces"
    assert all(by_measure[code] == 2 * 12 for code in OFFERED)
    assert all(by_measure[code] >= (12 if code == ASSIGNED[0] else 2 * 12) for code in FAMILY)
    assert min(by_place[place] for place in PLACES) >= 150
    assert len(comparison.verdicts) >= 800
    assert {"on_track", "at_risk", "off_track", "missed", "achieved", "not_assessable"} <= by_status.keys()


def test_the_release_has_a_figure_where_the_files_have_one(comparison: Comparison) -> None:
    assert {key for key, *_ in comparison.released} == comparison.figures.keys()


def test_parts_and_actual(comparison: Comparison) -> None:
    wrong = {
        key: (row["numerator"], row["denominator"], row["actual"], figure)
        for key, row in comparison.released.items()
        if (figure := comparison.figures[key[0]])
        and not (
            row["numerator"] == figure.numerator
            and row["denominator"] == figure.denominator
            and math.isclose(row["actual"], figure.value, rel_tol=1e-9)
        )
    }
    assert not wrong


def test_the_months_own_ratio_beside_the_year_to_date(comparison: Comparison) -> None:
    wrong = {
        key: (row["actual_in_period"], comparison.figures[key[0]].in_period)
        for key, row in comparison.released.items()
        if key[0].indicator_code in [*FAMILY, ECONOMY]
        and not agree(row["actual_in_period"], comparison.figures[key[0]].in_period)
    }
    assert not wrong


def test_coverage_share_of_5g(comparison: Comparison) -> None:
    shares = {
        key: (row["coverage_share"], comparison.figures[key[0]].coverage)
        for key, row in comparison.released.items()
        if key[0].indicator_code == COVERAGE
    }
    assert any(0 < theirs < 1 for theirs, _ in shares.values()), "some commune is missing in some month"
    assert not {key: pair for key, pair in shares.items() if not agree(*pair)}


def test_every_target_row_since_its_path_start_is_there(comparison: Comparison) -> None:
    assert comparison.released.keys() == comparison.verdicts.keys()


@pytest.mark.parametrize(
    "column",
    [
        "milestone_on",
        "target",
        "baseline",
        "baseline_on",
        "expected_now",
        "gap",
        "schedule_ratio",
        "status",
    ],
)
def test_target_versus_actual(comparison: Comparison, column: str) -> None:
    same: Callable[[Any, Any], bool] = (
        (lambda a, b: a == b) if column in {"milestone_on", "baseline_on", "status"} else agree
    )
    pairs = {
        key: (row[column], getattr(comparison.verdicts[key], column))
        for key, row in comparison.released.items()
    }
    assert sum(ours is not None for _, ours in pairs.values()) >= 3
    assert not {key: pair for key, pair in pairs.items() if not same(*pair)}


def test_a_passed_milestone_keeps_what_was_reached(comparison: Comparison) -> None:
    kept = {
        key: (row["milestone_actual"], comparison.verdicts[key].milestone_actual)
        for key, row in comparison.released.items()
        if comparison.verdicts[key].milestone_actual is not None
    }
    assert len(kept) >= 30
    assert not {key: pair for key, pair in kept.items() if not agree(*pair)}


def in_vietnamese(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".").translate(str.maketrans(",.", ".,"))


def test_every_row_gives_its_reason_in_vietnamese(comparison: Comparison) -> None:
    told = {"achieved", "missed", "deteriorating", "off_track", "at_risk", "on_track"}
    for key, row in comparison.released.items():
        reason = row["status_reason"]
        assert len(reason) >= 20, key
        assert MARKED_LETTER.search(reason), key
        assert reason.endswith("."), key
        if row["status"] in told:
            assert in_vietnamese(comparison.figures[key[0]].value) in reason, key


@pytest.mark.parametrize(
    ("milestone_on", "target", "expected", "ratio", "status"),
    [
        (date(2026, 12, 31), "95", 62.23, 0.776, "at_risk"),
        (date(2030, 12, 31), "100", 36.94, 3.60, "on_track"),
    ],
)
def test_the_recomputation_knows_the_worked_example(
    milestone_on: date, target: str, expected: float, ratio: float, status: str
) -> None:
    figures = {
        Key(COVERAGE, DAK_LAK, "2025-Q4"): Figure(Decimal(30), Decimal(100), 1.0),
        Key(COVERAGE, DAK_LAK, "2026-Q2"): Figure(Decimal(55), Decimal(100), 1.0),
    }
    milestone = {"milestone_on": milestone_on, "target_low": target, "pace": "level", "strict": "no"}
    row = TargetRow(
        "plan",
        "row",
        COVERAGE,
        "level",
        "quarter",
        date(2025, 12, 31),
        ({**milestone, "duplicate_of": None, "not_a_target": "no"},),
    )
    verdict = judge(row, Key(COVERAGE, DAK_LAK, "2026-Q2"), figures)
    assert verdict.expected_now == pytest.approx(expected, abs=0.005)
    assert verdict.schedule_ratio == pytest.approx(ratio, abs=0.005)
    assert verdict.status == status
