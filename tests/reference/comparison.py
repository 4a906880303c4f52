"""Holds the published table against the reference, row by row and number by number."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

Rows = Mapping[tuple[object, ...], Mapping[str, object]]

KEY = ("org_code", "org_valid_from", "indicator_code", "plan_id", "row_ref", "period")
WORDS = (
    "status",
    "pace",
    "is_primary",
    "is_inherited_target",
    "judged_on",
    "data_cutoff",
    "period_end",
    "maturity",
    "milestone_on",
    "milestone_met",
    "baseline_on",
    "is_interpolated_target",
    "is_out_of_reach",
)
NUMBERS = (
    "actual",
    "actual_in_period",
    "numerator",
    "denominator",
    "target",
    "milestone_actual",
    "baseline",
)
# 'Rounded to 6 decimals', so they may differ by a unit of the last place.
ROUNDED = (
    "expected_now",
    "gap",
    "required_rest",
    "attainment_pct",
    "schedule_ratio",
    "coverage_share",
    "target",
)


@dataclass(frozen=True)
class Disagreement:
    kind: str
    key: tuple[object, ...]
    ours: object
    theirs: object


def disagreements(ours: Rows, theirs: Rows) -> list[Disagreement]:
    found = [
        Disagreement("row missing from the table", key, ours[key]["status"], None)
        for key in ours
        if key not in theirs
    ]
    found += [
        Disagreement("row only in the table", key, None, theirs[key]["status"])
        for key in theirs
        if key not in ours
    ]
    for key in ours:
        if key in theirs:
            found += _of_row(key, ours[key], theirs[key])
    return found


def _of_row(
    key: tuple[object, ...], ours: Mapping[str, object], theirs: Mapping[str, object]
) -> list[Disagreement]:
    wrong = [name for name in WORDS if ours[name] != theirs[name]]
    wrong += [name for name in NUMBERS if not _is_close(ours[name], theirs[name], 0)]
    ours, theirs = _whole(ours), _whole(theirs)
    wrong += [name for name in ROUNDED if not _is_close(ours[name], theirs[name], 1.01e-6)]
    return [
        Disagreement(
            f"status {ours[name]} / {theirs[name]}" if name == "status" else name,
            key,
            ours[name],
            theirs[name],
        )
        for name in dict.fromkeys(wrong)
    ]


def _whole(row: Mapping[str, object]) -> Mapping[str, object]:
    """Where nothing is missing a share of 1 may be left out."""
    share = row["coverage_share"]
    return {**row, "coverage_share": Fraction(1) if share is None and row["actual"] is not None else share}


def _is_close(ours: object, theirs: object, absolute: float) -> bool:
    if ours is None or theirs is None:
        return ours is None and theirs is None
    assert isinstance(ours, Fraction)
    return math.isclose(float(ours), float(theirs), rel_tol=1e-6, abs_tol=max(absolute, 1e-9))  # type: ignore[arg-type]


def by_kind(found: Sequence[Disagreement]) -> dict[str, list[Disagreement]]:
    groups: dict[str, list[Disagreement]] = defaultdict(list)
    for disagreement in found:
        groups[disagreement.kind].append(disagreement)
    return dict(sorted(groups.items(), key=lambda item: -len(item[1])))


def shown(kinds: Mapping[str, Sequence[Disagreement]], limit: int) -> str:
    """The kinds with their numbers, and the first disagreements of each in turn with both sides."""
    lines = [f"{len(found):6} {kind}" for kind, found in kinds.items()]
    turns = (found[turn] for turn in range(limit) for found in kinds.values() if turn < len(found))
    for found in islice(turns, limit):
        place = " · ".join(str(part) for part in found.key)
        lines.append(
            f"{found.kind}\n    {place}\n    reference {_said(found.ours)}, table {_said(found.theirs)}"
        )
    return "\n".join(["", *lines])


def _said(value: object) -> str:
    return f"{float(value):.6f}" if isinstance(value, Fraction | float) else str(value)
