"""How the releases of a home stand by what was done to them: the release log, read from first to last."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tiendo.publish.log import Entry


@dataclass
class Standing:
    """What the log comes to.

    Attributes:
        locked: Releases that may not be pruned, with the reason.
        rolled_back: Releases taken out of force and not brought back since. To go back to one of them undoes
            that: the release it takes the place of is not held against.
        held_back: The inputs they were made of (`inputs_fingerprint`), with the release: not published again
            unless somebody asks for it.
        in_force: Releases in the order in which they came into force, the last one now; none twice in a row.
    """

    locked: dict[str, str] = field(default_factory=dict[str, str])
    rolled_back: set[str] = field(default_factory=set[str])
    held_back: dict[str, str] = field(default_factory=dict[str, str])
    in_force: list[str] = field(default_factory=list[str])


def standing_of(log: Iterable[Entry]) -> Standing:
    """Reads the log, oldest entry first."""
    standing = Standing()
    for entry in log:
        release_id = str(entry.facts.get("release_id", ""))
        match entry.event:
            case "locked":
                standing.locked[release_id] = str(entry.facts.get("reason") or "")
            case "unlocked" | "pruned":
                standing.locked.pop(release_id, None)
            case "rolled_back":
                is_undone = release_id in standing.rolled_back
                _come_into_force(standing, release_id, entry)
                instead_of = str(entry.facts.get("instead_of") or "")
                if instead_of and not is_undone:
                    standing.rolled_back.add(instead_of)
                    standing.held_back[str(entry.facts.get("instead_of_inputs") or "")] = instead_of
            case "published" if entry.facts.get("made_current", True):
                _come_into_force(standing, release_id, entry)
            case _:
                pass
    return standing


def _come_into_force(standing: Standing, release_id: str, entry: Entry) -> None:
    standing.rolled_back.discard(release_id)
    standing.held_back.pop(str(entry.facts.get("inputs_fingerprint") or ""), None)
    if standing.in_force[-1:] != [release_id]:
        standing.in_force.append(release_id)
