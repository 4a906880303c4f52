"""How each reported indicator fares over the year: on track, late, achieved, falling or flat.

A path is a value for each month, aimed at the targets of the real plans; a period's figures follow from it.
"""

from dataclasses import dataclass
from functools import cached_property
from math import floor

import polars as pl

from tiendo.demo.window import YEAR_END, YEAR_START, Month, Period, progress
from tiendo.demo.world import WARD, WARD_PROVINCE, World

STORIES = ("on_track", "achieved", "late", "falling", "flat")
STORY_WEIGHTS = (0.4, 0.17, 0.28, 0.08, 0.07)
# For what moves from year's end to year's end: how near the target of 2025 a story came (where there is one),
# and how much of the way to that of 2026 it makes.
NEAR_TARGET = {"on_track": 1.01, "achieved": 1.03, "late": 0.86, "falling": 0.9, "flat": 0.78}
WAY_MADE = {"on_track": 1.02, "achieved": 1.25, "late": 0.45, "falling": -0.3, "flat": 0.04}
# For ratios of a year's cases: the ratio as a share of the target at the path's start and at its end.
FLOW_ENDS = {
    "on_track": (0.96, 1.04), "achieved": (1.03, 1.06), "late": (0.82, 0.96),
    "falling": (1.0, 0.84), "flat": (0.9, 0.9),
}  # fmt: skip
COUNTED = {"on_track": 1.08, "achieved": 1.3, "late": 0.6, "falling": 0.3, "flat": 0.45}
BOOLEAN_FROM = {"achieved": Month(2025, 12), "on_track": Month(2026, 4)}
PERCENT_UNITS = ("percent", "percent_grdp", "percent_budget")
WHOLE_UNITS = ("count", "project", "rank")
# What is aimed at where the plans put words in place of a number.
USUAL = {
    "rank": 20.0,
    "boolean": 1.0,
    "index_0_1": 0.7,
    "count": 20.0,
    "project": 5.0,
    "hour": 24.0,
    "score": 80.0,
}


@dataclass(frozen=True)
class IndicatorPath:
    """One indicator of one place over the demo's year.

    Attributes:
        world: The demo.
        org_code: The place reported on.
        indicator: The indicator's row in the registry.
        start_target: The value aimed at by the end of 2025, in the indicator's unit; None without one.
        target: The same by the end of 2026.
    """

    world: World
    org_code: str
    indicator: dict[str, str]
    start_target: float | None
    target: float

    @property
    def code(self) -> str:
        """Indicator code."""
        return self.indicator["indicator_code"]

    @property
    def is_accumulating(self) -> bool:
        """Whether a period's figure counts what happened in it, so that it must state its basis."""
        return self.indicator["over_time"] in ("sum_in_year", "ratio_of_sums")

    @cached_property
    def story(self) -> str:
        """One of `STORIES`."""
        chance = self.world.stream("story", self.org_code, self.code)
        return str(chance.choice(STORIES, p=STORY_WEIGHTS))

    @cached_property
    def basis(self) -> str | None:
        """How accumulating figures are counted; the same for all periods, None where it does not matter."""
        chance = self.world.stream("basis", self.org_code, self.code)
        if self.is_accumulating:
            return "in_period" if chance.uniform() < 0.6 else "year_to_date"
        return "in_period" if chance.uniform() < 0.5 else None

    def figures(self, period: Period, basis: str | None) -> tuple[float | None, float | None, float]:
        """Numerator, denominator and value of a period; parts only for ratios, the value in the unit."""
        unit, over_time = self.indicator["unit"], self.indicator["over_time"]
        counted = period.months_of_year if basis == "year_to_date" else period.months
        if over_time == "sum_in_year":
            return None, None, float(sum(self._events(month) for month in counted))
        if self.indicator["kind"] != "ratio":
            return None, None, self._level(period.last_month)
        months = counted if over_time == "ratio_of_sums" else (period.last_month,)
        parts = [self._parts(month) for month in months]
        numerator, denominator = sum(part[0] for part in parts), sum(part[1] for part in parts)
        scale = 100 if unit in PERCENT_UNITS else 10_000
        return float(numerator), float(denominator), round(numerator / denominator * scale, 2)

    def full_year_estimate(self, year: int) -> float:
        """What a sender expects the whole year to come to."""
        return float(sum(self._events(Month(year, number)) for number in range(1, 13)) or 1)

    @cached_property
    def _start(self) -> float:
        """Where the indicator stood at the end of 2025."""
        chance = self.world.stream("start", self.org_code, self.code)
        is_lower = self.indicator["direction"] == "lower"
        if self.start_target is None:
            return self.target * chance.uniform(*((1.2, 1.8) if is_lower else (0.55, 0.85)))
        near = NEAR_TARGET[self.story]
        return self.start_target * (2 - near if is_lower else near)

    def _level(self, month: Month) -> float:
        """The indicator's value at the end of a month."""
        if self.indicator["over_time"] == "ratio_of_sums":
            first, last = FLOW_ENDS[self.story]
            value = self.target * (first + (last - first) * progress(month))
        else:
            way = (month.ordinal - YEAR_START.ordinal) / (YEAR_END.ordinal - YEAR_START.ordinal)
            # What has passed its target already stays there, in either direction.
            is_lower = self.indicator["direction"] == "lower"
            gap = min(self.target - self._start, 0.0) if is_lower else max(self.target - self._start, 0.0)
            value = self._start + gap * WAY_MADE[self.story] * way
        wobble = self.world.stream("wobble", self.org_code, self.code, month.code).normal(0, 0.004)
        return self._in_unit(value * (1 + wobble), month)

    def _in_unit(self, value: float, month: Month) -> float:
        unit = self.indicator["unit"]
        if unit == "boolean":
            return float(self.story in BOOLEAN_FROM and month >= BOOLEAN_FROM[self.story])
        if unit in WHOLE_UNITS:
            return float(max(round(value), 1 if unit == "rank" else 0))
        if unit == "index_0_1":
            return round(min(max(value, 0.05), 0.99), 4)
        return round(min(max(value, 0.0), 100.0), 2)

    def _parts(self, month: Month) -> tuple[int, int]:
        """Numerator and denominator of one month."""
        unit = self.indicator["unit"]
        size = self.world.stream("size", self.org_code, self.code).lognormal(
            6.2 if self.org_code == WARD else 7.2, 0.7
        )
        whole = {"percent_grdp": 60_000.0, "percent_budget": 5_400.0, "per_10k_people": 2_800_000.0}.get(
            unit, size
        )
        if self.indicator["over_time"] == "ratio_of_sums":
            whole *= self.world.stream("load", self.org_code, self.code, month.code).uniform(0.85, 1.15)
        denominator = max(round(whole), 20)
        scale = 100 if unit in PERCENT_UNITS else 10_000
        return min(round(denominator * self._level(month) / scale), denominator), denominator

    def _events(self, month: Month) -> int:
        """How many happened in a month: whole ones, adding up to a story's share of the year's target."""
        aim = self.start_target if month.year < 2026 and self.start_target is not None else self.target
        year_total = aim * COUNTED[self.story]
        return floor(year_total * month.number / 12 + 0.35) - floor(
            year_total * (month.number - 1) / 12 + 0.35
        )


def places_with_plans(world: World) -> list[str]:
    """Provinces with a plan of their own, and the ward where its province is in the demo."""
    issuers = set(world.registry("plans")["org_code"].to_list())
    places = [province for province in world.provinces if province in issuers]
    return [*places, WARD] if WARD_PROVINCE in world.provinces else places


def indicator_paths(world: World, org_code: str) -> list[IndicatorPath]:
    """The indicators a place must report: with a target in its plans, not computed from other forms."""
    indicators = world.registry("indicators").filter(
        pl.col("primary_source").is_in(["reported", "published"]), pl.col("kind") != "text"
    )
    plans = world.registry("plans").filter(pl.col("org_code") == org_code)["plan_id"].to_list()
    targets = (
        world.registry("plan_targets")
        .filter(
            pl.col("plan_id").is_in(plans),
            pl.col("duplicate_of").is_null(),
            pl.col("not_a_target") == "no",
        )
        .with_columns(pl.coalesce("target_low", "target_high").cast(pl.Float64).alias("aim"))
    )
    paths: list[IndicatorPath] = []
    for row in indicators.sort("indicator_code").iter_rows(named=True):
        rows = targets.filter(pl.col("indicator_code") == row["indicator_code"])
        if len(rows):
            paths.append(IndicatorPath(world, org_code, row, *_aims(rows, row)))
    return paths


def _aims(rows: pl.DataFrame, indicator: dict[str, str]) -> tuple[float | None, float]:
    """The numbers aimed at by the ends of 2025 and 2026, on the straight line between milestones."""
    numeric = rows.filter(pl.col("aim").is_not_null()).sort("milestone_on", "row_ref")
    milestones = {row["milestone_on"]: float(row["aim"]) for row in reversed(numeric.rows(named=True))}
    if not milestones:
        return None, USUAL.get(indicator["unit"], 8.0 if indicator["kind"] == "index" else 80.0)
    passed = [milestones[day] for day in sorted(milestones) if day <= "2025-12-31"]
    coming = [(int(day[:4]), milestones[day]) for day in sorted(milestones) if day > "2025-12-31"]
    start = passed[-1] if passed else None
    if not coming:
        return start, passed[-1]
    year, value = coming[0]
    if year == 2026 or (start is None and indicator["unit"] not in WHOLE_UNITS + PERCENT_UNITS):
        return start, value
    return start, (start + (value - start) / (year - 2025) if start is not None else value * 0.7)
