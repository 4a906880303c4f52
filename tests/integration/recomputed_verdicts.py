"""Targets against the recomputed figures: the rules of judging a row, written out a second time."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from raw_forms import Row, ends_on, starts_on
from recomputed_places import REFORM, Figure, Figures, Key


@dataclass(frozen=True)
class TargetRow:
    """One plan row for one indicator with its milestones in the order of their dates."""

    plan_id: str
    row_ref: str
    indicator_code: str
    pace: str
    frequency: str
    path_start: date
    milestones: tuple[Row, ...]

    def milestone(self, judged_on: date) -> tuple[Row, date]:
        """The first milestone on or after the date, else the last; with the date its path starts."""
        position = next(
            (i for i, m in enumerate(self.milestones) if m["milestone_on"] >= judged_on),
            len(self.milestones) - 1,
        )
        start = self.milestones[position - 1]["milestone_on"] if position else self.path_start
        return self.milestones[position], start


@dataclass(frozen=True)
class Verdict:
    status: str
    milestone_on: date | None = None
    target: float | None = None
    baseline: float | None = None
    baseline_on: date | None = None
    expected_now: float | None = None
    gap: float | None = None
    schedule_ratio: float | None = None
    # Only where enough units reported for it to stand for good.
    milestone_actual: float | None = None


def target_rows(project: Path, org_code: str) -> list[TargetRow]:
    """The rows of the place's own plans, every one of which is in force in October 2026."""
    plans_folder = project / "data/raw/plans"
    plans = pl.read_csv(plans_folder / "plans.csv", infer_schema=False)
    indicators = pl.read_csv(plans_folder / "indicators.csv", infer_schema=False)
    targets = pl.read_csv(plans_folder / "plan_targets.csv", infer_schema=False)
    issued = {row["plan_id"]: date.fromisoformat(row["valid_from"]) for row in plans.to_dicts()}
    own = plans.filter(pl.col("org_code") == org_code)["plan_id"].to_list()
    frequency = dict(indicators.select("indicator_code", "frequency").iter_rows())
    grouped: dict[tuple[str, str, str], list[Row]] = {}
    for row in targets.filter(pl.col("plan_id").is_in(own)).to_dicts():
        key = (row["plan_id"], row["row_ref"], row["indicator_code"])
        on = row["milestone_on"]
        grouped.setdefault(key, []).append({**row, "milestone_on": date.fromisoformat(on)})
    return [
        TargetRow(
            plan_id,
            row_ref,
            code,
            milestones[0]["pace"],
            frequency[code],
            date(issued[plan_id].year - 1, 12, 31),
            tuple(sorted(milestones, key=lambda m: m["milestone_on"])),
        )
        for (plan_id, row_ref, code), milestones in grouped.items()
    ]


def period_kind(period: str) -> str:
    return "year" if len(period) == 4 else "quarter" if "Q" in period else "month"


def baseline_of(row: TargetRow, key: Key, start: date, figures: Figures) -> tuple[float, date] | None:
    """The last figure of the indicator's own frequency up to the start, else the first one since."""
    series = sorted(
        (ends_on(other.period), other.period, figure.value)
        for other, figure in figures.items()
        if other[:2] == key[:2] and starts_on(other.period) >= REFORM
    )
    before = [s for s in series if s[0] <= start and period_kind(s[1]) == row.frequency]
    since = [s for s in series if start < s[0] < starts_on(key.period)]
    chosen = before[-1] if before else since[0] if since else None
    return (chosen[2], chosen[0]) if chosen else None


def expected_on_line(judged_on: date, milestone_on: date, target: float, base: tuple[float, date]) -> float:
    value, since = base
    days, span = (judged_on - since).days, (milestone_on - since).days
    return target if judged_on >= milestone_on else value + (target - value) * days / span


def is_scored(milestone: Row, code: str, period: str) -> bool:
    """Words and repeats are never scored; the digital economy is judged by the year alone."""
    if milestone["pace"] == "none" or milestone["target_low"] is None or milestone["duplicate_of"]:
        return False
    if milestone["not_a_target"] == "yes":
        return False
    return code != "economy_digital_economy_grdp_share" or period_kind(period) == "year"


def band(ratio: float, gap: float, off_track: float, at_risk: float) -> str:
    """A gap of at most half a point is never worse than at risk."""
    if ratio < off_track and gap < -0.5:
        return "off_track"
    return "at_risk" if ratio < at_risk else "on_track"


def is_early(judged_on: date, start: date, milestone_on: date) -> bool:
    elapsed = (judged_on - start).days
    return elapsed < 30 and elapsed < 0.10 * (milestone_on - start).days


def milestone_figure(key: Key, milestone_on: date, judged_on: date, figures: Figures) -> Figure | None:
    """What stood on the passed milestone; of the digital economy only the year's figure says it."""
    if judged_on < milestone_on:
        return None
    yearly = key.indicator_code == "economy_digital_economy_grdp_share"
    return next(
        (
            figure
            for other, figure in sorted(figures.items())
            if other[:2] == key[:2]
            and ends_on(other.period) == milestone_on
            and (period_kind(other.period) == "year" or not yearly)
        ),
        None,
    )


def decided(
    figure: Figure, kept: Figure | None, milestone: Row, target: float, judged_on: date
) -> str | None:
    """What the figure says by itself, before any thought of the path.

    A flow row's verdict is on the year of its milestone: afterwards `kept`, the figure of that day, decides.
    """
    passed = judged_on >= milestone["milestone_on"]
    if figure.coverage < 0.80:
        return "withheld"
    if milestone["pace"] == "flow" and judged_on > milestone["milestone_on"]:
        if kept is None or kept.coverage < 0.80:
            return "not_assessable"
        figure = kept
    met = figure.value > target if milestone["strict"] == "yes" else figure.value >= target
    if met and (passed or milestone["pace"] == "level"):
        return "achieved"
    if passed:
        return "missed"
    return "on_track" if met else None


def judge(row: TargetRow, key: Key, figures: Figures) -> Verdict:
    """One target row against one figure."""
    figure, judged_on = figures[key], ends_on(key.period)
    milestone, start = row.milestone(judged_on)
    milestone_on = milestone["milestone_on"]
    if milestone["pace"] == "none" or milestone["target_low"] is None:
        return Verdict("not_scored", milestone_on)
    target = float(milestone["target_low"])
    base = baseline_of(row, key, start, figures) if row.pace == "level" else None
    if row.pace == "flow":
        expected: float | None = target
        ratio: float | None = figure.value / target
    else:
        expected = expected_on_line(judged_on, milestone_on, target, base) if base else None
        if judged_on >= milestone_on:
            expected = target
        distance = expected - base[0] if base and expected is not None else 0.0
        ratio = (figure.value - base[0]) / distance if base and distance else None
    gap = figure.value - expected if expected is not None else None
    kept = milestone_figure(key, milestone_on, judged_on, figures)
    status = (
        "not_scored"
        if not is_scored(milestone, key.indicator_code, key.period)
        else decided(figure, kept, milestone, target, judged_on)
        or on_the_way(row.pace, figure.value, base, gap, ratio, is_early(judged_on, start, milestone_on))
    )
    return Verdict(
        status,
        milestone_on,
        target,
        base[0] if base else None,
        base[1] if base else None,
        expected,
        gap,
        ratio,
        kept.value if kept and kept.coverage >= 0.80 else None,
    )


def on_the_way(
    pace: str,
    value: float,
    base: tuple[float, date] | None,
    gap: float | None,
    ratio: float | None,
    early: bool,
) -> str:
    if ratio is None or gap is None:
        return "not_assessable"
    if early:
        return "early"
    if pace == "flow":
        return band(ratio, gap, 0.90, 1.0)
    if base and value < base[0] - 0.5:
        return "deteriorating"
    return band(ratio, gap, 0.50, 0.95)


def verdicts(project: Path, orgs: list[str], figures: Figures) -> dict[tuple[Key, str, str], Verdict]:
    """(figure, plan, row) -> verdict; a figure without a row since its path start stands as `no_target`."""
    found: dict[tuple[Key, str, str], Verdict] = {}
    for org in orgs:
        rows = target_rows(project, org)
        for key in (key for key in figures if key.org_code == org):
            judging = [
                row
                for row in rows
                if row.indicator_code == key.indicator_code and ends_on(key.period) > row.path_start
            ]
            for row in judging:
                found[key, row.plan_id, row.row_ref] = judge(row, key, figures)
            if not judging:
                found[key, "", ""] = Verdict("no_target")
    return found
