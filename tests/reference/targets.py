"""What was promised: plans in force, target rows and milestones, inheritance and the primary choice."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from reference.observations import Indicator
from reference.places import Place, Places

Plan = Mapping[str, str]


@dataclass(frozen=True)
class Milestone:
    on: date
    kind: str
    low: Fraction | None
    high: Fraction | None
    pace: str
    strict: bool
    embedded: bool
    is_target: bool

    @property
    def is_numeric(self) -> bool:
        return self.kind not in ("qualitative", "rank_text")


@dataclass(frozen=True)
class TargetRow:
    """One row of a plan with its milestones in the order of time."""

    plan_id: str
    row_ref: str
    indicator_code: str
    issued_on: date
    duplicate_of: str | None
    milestones: tuple[Milestone, ...]

    @property
    def first_start(self) -> date:
        """'Path start … for the first [milestone], 31 December of the year before the plan's issue.'"""
        return date(self.issued_on.year - 1, 12, 31)

    def milestone(self, judged_on: date) -> Milestone:
        """'The first of its milestones on or after that date, else the last (passed).'"""
        return next((m for m in self.milestones if m.on >= judged_on), self.milestones[-1])

    def path_start(self, milestone: Milestone) -> date:
        """'The row's previous milestone date'; for the first see `first_start`."""
        before = [m.on for m in self.milestones if m.on < milestone.on]
        return max(before) if before else self.first_start


def issued_on(plan: Plan) -> date:
    """'An undated plan carries an assumed date, marked.'"""
    return date.fromisoformat(plan["issue_date"] or plan["valid_from"])


def plans_in_force(plans: Iterable[Plan], as_of: date) -> list[Plan]:
    """'Plans of the place issued on or before it and not superseded.'"""
    issued = [plan for plan in plans if issued_on(plan) <= as_of]
    ended = {(plan["org_code"], plan["supersedes"]) for plan in issued if plan["supersedes"]}
    return [plan for plan in issued if (plan["org_code"], plan["number"]) not in ended]


def target_rows(plan: Plan, rows: Iterable[Mapping[str, str]]) -> list[TargetRow]:
    grouped: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        if row["plan_id"] == plan["plan_id"]:
            grouped[row["row_ref"]].append(row)
    return [
        TargetRow(
            plan["plan_id"],
            ref,
            group[0]["indicator_code"],
            issued_on(plan),
            group[0]["duplicate_of"] or None,
            tuple(sorted((_milestone(row) for row in group), key=lambda m: m.on)),
        )
        for ref, group in grouped.items()
    ]


def _milestone(row: Mapping[str, str]) -> Milestone:
    bounds = [Fraction(row[name]) if row[name] else None for name in ("target_low", "target_high")]
    return Milestone(
        date.fromisoformat(row["milestone_on"]),
        row["target_kind"],
        bounds[0],
        bounds[1],
        row["pace"],
        row["strict"] == "yes",
        row["embedded"] == "yes",
        row["not_a_target"] != "yes",
    )


def rows_of_places(
    plans: Iterable[Plan], rows: Iterable[Mapping[str, str]], places: Places, as_of: date
) -> dict[Place, list[TargetRow]]:
    """The place's own target rows in force; a plan speaks for the unit that bears its code on `as_of`."""
    own: dict[Place, list[TargetRow]] = defaultdict(list)
    kept = list(rows)
    for plan in plans_in_force(plans, as_of):
        place = places.on(plan["org_code"], as_of)
        if place is not None:
            own[place] += target_rows(plan, kept)
    return own


def inherited_rows(
    place: Place, indicator: Indicator, own: Mapping[Place, list[TargetRow]], places: Places, as_of: date
) -> list[TargetRow]:
    """The parent's, 'only for ratio indicators with `applies_to_level` both, and only where the place has no
    target of its own'.
    """
    code = indicator["indicator_code"]
    parent = places.on(place.province_code, as_of)
    if (
        place.level != "commune"
        or not place.exists_on(as_of)
        or parent is None
        or indicator["kind"] != "ratio"
        or indicator["applies_to_level"] != "both"
        or any(row.indicator_code == code for row in own.get(place, []))
    ):
        return []
    return [row for row in own.get(parent, []) if row.indicator_code == code]


@dataclass(frozen=True)
class Target:
    """What a row asks for on a judgement day."""

    milestone: Milestone
    value: Fraction | None
    is_interpolated: bool = False
    has_year: bool = True


def target_on(row: TargetRow, indicator: Indicator, judged_on: date) -> Target:
    """The value to reach: that of the milestone; for a cumulative row that of the judged year.

    'Target of a year = linear between the row's milestone years (marked interpolated), none before the
    first'; 'nothing is extrapolated past a milestone'. An interpolated target is due on its verdict's day.
    """
    milestone = row.milestone(judged_on)
    if milestone.pace == "cumulative":
        return _target_of_year(row, indicator, judged_on)
    return Target(milestone, bound(milestone, indicator))


def _target_of_year(row: TargetRow, indicator: Indicator, judged_on: date) -> Target:
    year = judged_on.year
    of_year = [m for m in row.milestones if m.on.year == year]
    later = [m for m in row.milestones if m.on.year > year]
    before = [m for m in row.milestones if m.on.year < year]
    if of_year or not later:
        own = of_year or before
        milestone = next((m for m in own if m.on >= judged_on), own[-1])
        return Target(milestone, bound(milestone, indicator))
    value, first = bound(later[0], indicator), bound(before[-1], indicator) if before else None
    if value is None or first is None:
        return Target(later[0], None, has_year=value is None)
    way = Fraction(year - before[-1].on.year, later[0].on.year - before[-1].on.year)
    verdict = replace(later[0], on=date(year, 12, 31))
    return Target(verdict, first + (value - first) * way, is_interpolated=True)


def bound(milestone: Milestone, indicator: Indicator) -> Fraction | None:
    """'A range is met at or above its lower bound when higher is better', else within its upper."""
    if not milestone.is_numeric:
        return None
    if milestone.kind == "at_most" or (milestone.kind == "range" and indicator["direction"] == "lower"):
        return milestone.high
    return milestone.low


def contradicts(milestone: Milestone, indicator: Indicator) -> bool:
    """'Where direction and comparator contradict (at most 80% of dead zones cleared).'"""
    return (milestone.kind, indicator["direction"]) in {("at_most", "higher"), ("at_least", "lower")}


def is_met(target: Target, indicator: Indicator, actual: Fraction | None) -> bool | None:
    """'Tested on unrounded values'; a bare value means 'reach'; strict rows 'are met only above'."""
    if actual is None or target.value is None or contradicts(target.milestone, indicator):
        return None
    beyond = distance_beyond(target, indicator, actual)
    return beyond > 0 if target.milestone.strict else beyond >= 0


def distance_beyond(target: Target, indicator: Indicator, value: Fraction) -> Fraction:
    """How far a value is on the better side of the target."""
    assert target.value is not None
    return target.value - value if indicator["direction"] == "lower" else value - target.value


def primary(
    candidates: Iterable[tuple[TargetRow, Target]], indicator: Indicator, judged_on: date
) -> TargetRow | None:
    """'Among targets … not yet passed: newest plan; then numeric before text, nearest milestone, annex before
    embedded text, strictest value, row_ref. `duplicate_of` rows never score.'"""
    sign = 1 if indicator["direction"] == "lower" else -1

    def order(candidate: tuple[TargetRow, Target]) -> tuple[object, ...]:
        row, target = candidate
        return (
            -row.issued_on.toordinal(),
            target.value is None,
            target.milestone.on,
            target.milestone.embedded,
            sign * target.value if target.value is not None else Fraction(0),
            row.row_ref,
            row.plan_id,
        )

    open_ones = [
        (row, target)
        for row, target in candidates
        if row.duplicate_of is None
        and target.milestone.on >= judged_on
        and target.milestone.is_target
        and target.has_year
    ]
    return min(open_ones, key=order)[0] if open_ones else None
