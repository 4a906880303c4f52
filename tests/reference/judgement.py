"""Where a row stands: baseline, expectation, ratios and the status, in the order of domain.md."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reference.observations import Indicator, Observation
from reference.periods import Period, share_of_year
from reference.targets import Milestone, Target, TargetRow, distance_beyond, is_met

Thresholds = Mapping[str, Fraction]
PERCENT_UNITS = ("percent", "percent_grdp", "percent_budget")


@dataclass(frozen=True)
class Case:
    """One row to be judged: a target row at a period, with what was observed."""

    indicator: Indicator
    row: TargetRow
    target: Target
    period: Period
    judged_on: date
    observation: Observation | None
    baseline: Observation | None
    milestone_observation: Observation | None

    @property
    def pace(self) -> str:
        return self.target.milestone.pace

    @property
    def actual(self) -> Fraction | None:
        """What is judged: no estimate, and of a flow row never the ratio of a month alone."""
        observation = self.observation
        if observation is None or observation.is_estimate or not observation.is_of_year:
            return None
        return observation.actual

    @property
    def is_lower_better(self) -> bool:
        return self.indicator["direction"] == "lower"

    @property
    def is_met(self) -> bool | None:
        return is_met(self.target, self.indicator, self.actual)


def counts(observation: Observation, thresholds: Thresholds) -> bool:
    """0004 n: 'withheld values and full-year estimates are no baseline and decide no milestone'."""
    return (
        observation.actual is not None
        and observation.is_of_year
        and not observation.is_estimate
        and not is_withheld(observation, thresholds)
    )


def is_withheld(observation: Observation, thresholds: Thresholds) -> bool:
    """'Below the threshold (0.80) the status is withheld.'"""
    return observation.coverage is not None and observation.coverage < thresholds["coverage_share"]


def find_baseline(
    series: Iterable[Observation], frequency: str, path_start: date, own: Period
) -> Observation | None:
    """(2) the last actual of the indicator's own frequency ending on or before the path start; else (3) the
    first after the path start and before the row's own period. `series` is of one place, so never from before
    a break."""
    known = sorted(series, key=lambda o: (o.judged_on, o.period.end, o.period.length))
    before = [o for o in known if o.period.kind == frequency and o.judged_on <= path_start]
    if before:
        return before[-1]
    return next((o for o in known if path_start < o.judged_on and o.period.end < own.start), None)


def find_milestone_observation(
    series: Iterable[Observation], frequency: str, milestone: Milestone, judged_on: date
) -> Observation | None:
    """'Passed milestones keep `milestone_actual` and `milestone_met` for good', 'what was so on the day'.

    That is the figure of the indicator's own period that ends on the day, else one of the very day, else that
    of the own period in which the day falls (0006 gives the words, the order is ours).
    """
    if milestone.on > judged_on:
        return None
    known = [o for o in series if o.judged_on <= judged_on]
    own_ones = [
        o for o in known if o.period.kind == frequency and o.period.start <= milestone.on <= o.period.end
    ]
    on_the_day = [o for o in known if o.judged_on == milestone.on]
    ending = [o for o in own_ones if o.period.end == milestone.on]
    longest = sorted(on_the_day, key=lambda o: -o.period.length)
    return next(iter([*ending, *longest, *own_ones]), None)


def expected_now(case: Case) -> Fraction | None:
    """What was due on the day.

    Level: 'straight line in days from (baseline date, baseline) to (milestone_on, target)', and the target
    from that day on. Cumulative: the year's target times the 'share of the year elapsed', till the day it is
    due (0009). Flow: the target.
    """
    target, day = case.target, case.judged_on
    if target.value is None:
        return None
    if case.pace == "flow":
        return target.value
    if case.pace == "cumulative":
        end = verdict_on(case)
        if day >= end:
            return target.value
        return target.value * Fraction(share_of_year(day)[0], share_of_year(end)[0])
    if case.pace == "level" and day >= target.milestone.on:
        return target.value
    if case.pace != "level" or case.baseline is None or case.baseline.actual is None:
        return None
    start, end = case.baseline.judged_on, target.milestone.on
    if start >= end:
        return None
    way = Fraction((day - start).days, (end - start).days)
    return case.baseline.actual + (target.value - case.baseline.actual) * way


def schedule_ratio(case: Case) -> Fraction | None:
    """Level: the way gone since the baseline over the way due; cumulative: actual / expected_now; flow:
    actual / target; 'null where undefined'. 0004 d turns the last two round where lower is better.
    """
    expected, actual = expected_now(case), case.actual
    if expected is None or actual is None:
        return None
    if case.pace == "level":
        if case.baseline is None or case.baseline.actual is None or baseline_meets(case):
            return None
        return _divided(actual - case.baseline.actual, expected - case.baseline.actual)
    if case.pace == "flow":
        expected = case.target.value or Fraction(0)
    return _divided(expected, actual) if case.is_lower_better else _divided(actual, expected)


def _divided(numerator: Fraction, denominator: Fraction) -> Fraction | None:
    return numerator / denominator if denominator else None


def baseline_meets(case: Case) -> bool:
    """0004 c: 'a baseline that already meets the target leaves no distance to cover'; nor does one on it."""
    if case.baseline is None or case.baseline.actual is None or case.target.value is None:
        return False
    return distance_beyond(case.target, case.indicator, case.baseline.actual) >= 0


def required_rest(case: Case) -> Fraction | None:
    """'What the rest of the year must average' for the year to come out at a target due in it, by days till
    the day it is due.
    """
    end = case.target.milestone.on
    due_this_year = case.judged_on <= end and case.judged_on.year == end.year
    if case.pace != "flow" or case.actual is None or case.target.value is None or not due_this_year:
        return None
    gone, days = share_of_year(case.judged_on)[0], share_of_year(end)[0]
    if gone == days:
        return None
    share = Fraction(gone, days)
    return (case.target.value - case.actual * share) / (1 - share)


def is_out_of_reach(case: Case, thresholds: Thresholds) -> bool:
    """'Flagged where required_rest exceeds 100%'; a ratio that must stay low is lost below zero (0009)."""
    rest = required_rest(case)
    is_share = case.indicator["unit"] in PERCENT_UNITS
    if rest is None or not is_share:
        return False
    return rest < 0 if case.is_lower_better else rest > thresholds["out_of_reach"]


def attainment_pct(case: Case) -> Fraction | None:
    """A hundred times 'actual / target (null for lower-is-better, rank, boolean)'; of an estimate too, which
    is only compared with nothing that speaks of a day.
    """
    skipped = case.is_lower_better or case.indicator["unit"] == "rank" or case.indicator["kind"] == "boolean"
    observation, target = case.observation, case.target.value
    if skipped or observation is None or observation.actual is None or target is None:
        return None
    return _divided(100 * observation.actual, target) if observation.is_of_year else None


def gap(case: Case) -> Fraction | None:
    expected = expected_now(case)
    return None if expected is None or case.actual is None else case.actual - expected


def verdict_on(case: Case) -> date:
    """Cumulative: 'verdict on 31 December' of each year. Else the milestone's day: for flow 31 December of
    the milestone year (0004 p) or the day within it that the plan names (0006).
    """
    if case.pace == "cumulative":
        return min(date(case.judged_on.year, 12, 31), case.target.milestone.on)
    return case.target.milestone.on


def status(case: Case, thresholds: Thresholds) -> str:
    """'The first that applies.'"""
    return _status_without_verdict(case, thresholds) or _verdict(case) or _course(case, thresholds)


def _status_without_verdict(case: Case, thresholds: Thresholds) -> str | None:
    milestone, observation = case.target.milestone, case.observation
    if not case.target.has_year:
        return "no_target"
    unscored = case.pace == "none" or not milestone.is_numeric or case.row.duplicate_of is not None
    # 0004 e: 'a full-year estimate is shown and not scored'.
    if unscored or (observation is not None and observation.is_estimate):
        return "not_scored"
    if observation is None:
        # 'An index not yet published.'
        published = case.indicator["primary_source"] == "published"
        return "awaiting_publication" if published else "no_data"
    return "withheld" if is_withheld(observation, thresholds) else None


def _verdict(case: Case) -> str | None:
    """`achieved`, `missed`, `in_term`; what cannot be tested is left for `not_assessable`."""
    is_year_verdict = case.pace in ("cumulative", "flow")
    met, passed = case.is_met, case.judged_on >= verdict_on(case)
    if _is_past_count(case):
        kept = case.milestone_observation
        met = is_met(case.target, case.indicator, kept.actual) if kept else None
    if met and (not is_year_verdict or passed):
        return "achieved"
    if met:
        # 'Before the verdict date … a met target is on_track, save a cumulative one already reached.'
        counted_up = case.pace == "cumulative" and not case.is_lower_better
        return "achieved" if counted_up else "on_track"
    if met is False and passed:
        return "missed"
    return "in_term" if case.pace == "by_date" and not passed and met is False else None


def _is_past_count(case: Case) -> bool:
    """A cumulative or flow row after its last milestone: only the milestone's own figure can decide."""
    return case.pace in ("cumulative", "flow") and case.judged_on > case.target.milestone.on


def _course(case: Case, thresholds: Thresholds) -> str:
    ratio = schedule_ratio(case)
    undefined = ratio is None and not (case.pace == "level" and baseline_meets(case))
    if case.is_met is None or _is_past_count(case) or case.pace == "by_date" or undefined:
        return "not_assessable"
    if is_early(case, thresholds):
        return "early"
    # 'A gap within the materiality band is never worse than at_risk.'
    if case.pace == "level" and _fell_back(case, thresholds) and not _is_immaterial(case, thresholds):
        return "deteriorating"
    if ratio is None:
        return "at_risk"
    if ratio < thresholds[f"{case.pace}_off_track"]:
        return "at_risk" if _is_immaterial(case, thresholds) else "off_track"
    return "at_risk" if ratio < thresholds[f"{case.pace}_at_risk"] else "on_track"


def is_early(case: Case, thresholds: Thresholds) -> bool:
    """0004 a: 'while less than 30 days *and* less than 10% of the path have passed'; a count begins anew with
    each year.
    """
    start, end = case.row.path_start(case.target.milestone), verdict_on(case)
    if case.pace == "cumulative":
        start = date(case.judged_on.year - 1, 12, 31)
    gone, length = (case.judged_on - start).days, (end - start).days
    return gone < thresholds["early_days"] and gone < thresholds["early_share"] * length


def _band(case: Case, thresholds: Thresholds) -> Fraction:
    """'The materiality band (0.5 percentage point, or 1% of a count)'; the seed says 1% of the target."""
    if case.indicator["unit"] in PERCENT_UNITS:
        return thresholds["materiality_points"]
    return thresholds["materiality_share"] * abs(case.target.value or Fraction(0))


def _fell_back(case: Case, thresholds: Thresholds) -> bool:
    """'Worse than the baseline by more than the materiality band.'"""
    assert case.baseline is not None
    assert case.baseline.actual is not None
    assert case.actual is not None
    worse = case.baseline.actual - case.actual
    return (-worse if case.is_lower_better else worse) > _band(case, thresholds)


def _is_immaterial(case: Case, thresholds: Thresholds) -> bool:
    """'A gap within the materiality band is never worse than at_risk.'"""
    distance = gap(case)
    return distance is not None and abs(distance) <= _band(case, thresholds)
