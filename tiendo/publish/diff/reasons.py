"""What else differs between two releases: the changes that no submission explains are put down to it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from tiendo.publish.diff.figures import KINDS
from tiendo.publish.diff.tables import Record

# Parts of the manifest that say what decided the tables besides the submissions.
INPUTS = ("code", "versions", "seeds", "plans")


def other_inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str]]:
    """What differs besides the submissions."""
    found: dict[str, list[str]] = {}
    if before["as_of"] != after["as_of"]:
        found["as_of"] = [before["as_of"], after["as_of"]]
    says_all = all(name in manifest for name in INPUTS for manifest in (before, after))
    if before["release_id"] != after["release_id"] and not says_all:
        return {**found, "undeclared": []}
    for name in INPUTS:
        old, new = before.get(name, {}), after.get(name, {})
        if differing := sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key)):
            found[name] = differing
    return found


def explained(
    changes: list[Record],
    causes: Mapping[int, list[Record]],
    other: Sequence[str],
    facts: Sequence[Record],
) -> list[Record]:
    """Adds `causes`, and `because` where no submission is named for certain."""
    as_of_before, as_of_after = (date.fromisoformat(each["as_of"]) for each in facts)
    told: list[Record] = []
    for change in changes:
        found = causes.get(change.pop("number_id"), [])
        period_end = change.get("period_end")
        is_new_period = period_end is not None and as_of_before < period_end <= as_of_after
        is_past = period_end is not None and as_of_after < period_end <= as_of_before
        if is_new_period or is_past:
            because = ["new_period" if is_new_period else "later_period"]
        elif any(not cause["is_likely"] and cause["role"] != "source" for cause in found):
            because = []
        else:
            because = other
        told.append({**change, "causes": found, "because": because})
    return told


def with_effects(
    ledger: Iterable[Record], figures: Iterable[Record], tasks: Iterable[Record]
) -> list[Record]:
    """Submissions with the numbers and tasks each changed for certain, by kind."""
    effects = {
        name: Counter(
            (cause["submission_id"], change["kind"])
            for change in changes
            for cause in change["causes"]
            if not cause["is_likely"]
        )
        for name, changes in (("figures", figures), ("tasks", tasks))
    }
    return [
        {
            **submission,
            **{
                name: {kind: counts[submission["submission_id"], kind] for kind in KINDS
                       if counts[submission["submission_id"], kind]}
                for name, counts in effects.items()
            },
        }
        for submission in ledger
    ]  # fmt: skip
