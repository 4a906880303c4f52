"""Target versus actual in plain Python, written from domain.md alone: the rows and all that is said of them.

`progress` gives what `indicator_progress` must hold. Everything is exact (fractions); only the comparison
with the published table rounds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from reference import judgement
from reference.judgement import Case, Thresholds
from reference.observations import Figure, Indicator, Observation, in_force, reported, with_own_frequency
from reference.periods import Period, periods_between
from reference.places import Place, Places
from reference.rollups import CoverageRow, coverage_5g, coverage_in_force, rolled_up
from reference.targets import TargetRow, inherited_rows, primary, rows_of_places, target_on

COVERAGE_5G = "infra_5g_coverage"
Key = tuple[str, date, str, str | None, str | None, str]


@dataclass(frozen=True)
class World:
    """Everything that a home holds and a run is told."""

    plans: Sequence[Mapping[str, str]]
    plan_targets: Sequence[Mapping[str, str]]
    indicators: Mapping[str, Indicator]
    figures: Sequence[Figure]
    coverage_rows: Sequence[CoverageRow]
    places: Places
    thresholds: Thresholds
    as_of: date
    known_at: datetime


def progress(world: World) -> dict[Key, dict[str, object]]:
    """The rows by place, indicator, target row and period."""
    series = _series(world)
    own = rows_of_places(world.plans, world.plan_targets, world.places, world.as_of)
    rows: dict[Key, dict[str, object]] = {}
    for place, code in _watched(series, own):
        indicator = world.indicators[code]
        observations = series.get((place, code), [])
        targets = [row for row in own.get(place, []) if row.indicator_code == code]
        inherited = (
            []
            if targets or not observations
            else inherited_rows(place, indicator, own, world.places, world.as_of)
        )
        for entry in _rows_of(world, place, indicator, targets or inherited, observations):
            entry["is_inherited_target"] = bool(inherited) and entry["plan_id"] is not None
            rows[_key(entry)] = entry
    return rows


def _key(entry: Mapping[str, object]) -> Key:
    names = ("org_code", "org_valid_from", "indicator_code", "plan_id", "row_ref", "period")
    return tuple(entry[name] for name in names)  # type: ignore[return-value]


def _watched(
    series: Mapping[tuple[Place, str], list[Observation]], own: Mapping[Place, list[TargetRow]]
) -> Iterable[tuple[Place, str]]:
    """'Each place that has a target or an observation', by indicator."""
    promised = {(place, row.indicator_code): None for place, rows in own.items() for row in rows}
    return dict.fromkeys(series) | promised


def _series(world: World) -> dict[tuple[Place, str], list[Observation]]:
    """All observations, by place and indicator; what forms compute comes before what was reported."""
    told = in_force(world.figures, world.known_at)
    observations = reported(world.indicators, told, world.places, world.as_of)
    covered = coverage_in_force(world.coverage_rows, world.known_at, world.as_of)
    observations += rolled_up(world.indicators, observations, covered, world.places)
    computed = coverage_5g(covered, world.indicators[COVERAGE_5G], world.places)
    observations = computed + [o for o in observations if not _is_computed_too(o, computed, world)]
    series: dict[tuple[Place, str], list[Observation]] = defaultdict(list)
    for observation in with_own_frequency(world.indicators, observations, world.as_of):
        series[observation.place, observation.indicator_code].append(observation)
    return dict(series)


def _is_computed_too(reported: Observation, computed: list[Observation], world: World) -> bool:
    """'The computed value is primary', also of a quarter with computed months; F01 stands beside it."""
    usual = world.indicators[reported.indicator_code]["frequency"]
    return any(
        o.indicator_code == reported.indicator_code
        and o.place == reported.place
        and (o.period == reported.period or (reported.period.kind == usual and _is_within(o, reported)))
        for o in computed
    )


def _is_within(inner: Observation, outer: Observation) -> bool:
    return outer.period.start <= inner.period.start and inner.period.end <= outer.period.end


def _rows_of(
    world: World,
    place: Place,
    indicator: Indicator,
    targets: Sequence[TargetRow],
    observations: Sequence[Observation],
) -> Iterable[dict[str, object]]:
    """By target row in force and 'each period of the indicator's frequency from the path start to `as_of`,
    plus finer or irregular observations that were really reported'; an observation on no path has no target.
    """
    by_period = {o.period: o for o in observations}
    decisive = [o for o in observations if judgement.counts(o, world.thresholds)]
    cases: dict[Period, list[Case]] = defaultdict(list)
    for row in targets:
        grid = set(periods_between(indicator["frequency"], row.first_start, world.as_of))
        grid |= {period for period in by_period if period.end > row.first_start}
        for period in sorted(grid):
            if place.exists_on(period.end):
                cases[period].append(_case(indicator, row, period, by_period.get(period), decisive))
    for judged in cases.values():
        first = primary([(case.row, case.target) for case in judged], indicator, judged[0].judged_on)
        for case in judged:
            yield {**_entry(place, case, world.thresholds), "is_primary": case.row is first}
    for period, observation in by_period.items():
        if period not in cases:
            yield _without_target(observation)


def _case(
    indicator: Indicator,
    row: TargetRow,
    period: Period,
    observation: Observation | None,
    decisive: Sequence[Observation],
) -> Case:
    judged_on = observation.judged_on if observation else period.end
    target = target_on(row, indicator, judged_on)
    start = row.path_start(target.milestone)
    baseline = None
    if target.milestone.pace == "level":
        baseline = judgement.find_baseline(decisive, indicator["frequency"], start, period)
    passed = judgement.find_milestone_observation(
        decisive, indicator["frequency"], target.milestone, judged_on
    )
    return Case(indicator, row, target, period, judged_on, observation, baseline, passed)


def _entry(place: Place, case: Case, thresholds: Thresholds) -> dict[str, object]:
    milestone, kept = case.target.milestone, case.milestone_observation
    return {
        **_seen(place, case.indicator["indicator_code"], case.period, case.judged_on, case.observation),
        "plan_id": case.row.plan_id,
        "row_ref": case.row.row_ref,
        "pace": case.pace,
        "target": case.target.value,
        "is_interpolated_target": case.target.is_interpolated,
        "milestone_on": milestone.on,
        "milestone_actual": kept.actual if kept else None,
        "milestone_met": judgement.is_met(case.target, case.indicator, kept.actual) if kept else None,
        "baseline": case.baseline.actual if case.baseline else None,
        "baseline_on": case.baseline.judged_on if case.baseline else None,
        "expected_now": judgement.expected_now(case),
        "required_rest": judgement.required_rest(case),
        "is_out_of_reach": judgement.is_out_of_reach(case, thresholds),
        "gap": judgement.gap(case),
        "attainment_pct": judgement.attainment_pct(case),
        "schedule_ratio": judgement.schedule_ratio(case),
        "status": judgement.status(case, thresholds),
    }


def _without_target(observation: Observation) -> dict[str, object]:
    """'Provinces without a plan show actuals with no_target.'"""
    place, code = observation.place, observation.indicator_code
    names = "pace target milestone_on milestone_actual milestone_met baseline baseline_on expected_now"
    names += " required_rest gap attainment_pct schedule_ratio plan_id row_ref"
    return {
        **dict.fromkeys(names.split()),
        **_seen(place, code, observation.period, observation.judged_on, observation),
        "is_interpolated_target": None,
        "is_out_of_reach": False,
        "is_primary": False,
        "status": "no_target",
    }


def _seen(
    place: Place, code: str, period: Period, judged_on: date, observation: Observation | None
) -> dict[str, object]:
    return {
        "org_code": place.org_code,
        "org_valid_from": place.valid_from,
        "indicator_code": code,
        "period": period.name,
        "period_end": period.end,
        "judged_on": judged_on,
        "actual": observation.actual if observation else None,
        "numerator": observation.numerator if observation else None,
        "denominator": observation.denominator if observation else None,
        "actual_in_period": observation.in_period if observation else None,
        "data_cutoff": observation.data_cutoff if observation else None,
        "maturity": observation.maturity if observation else None,
        "coverage_share": observation.coverage if observation else None,
    }
