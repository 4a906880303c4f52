"""The list of traps: for each a file name, how the file is made, and what must become of it at the door."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What the door must do with a file.

    Attributes:
        status: `landed`, `rejected` (kept and entered) or `refused` (nothing is stored).
        code: Of the rejection or refusal; several where either is right.
        form: Form that must be recognised.
        org: Unit of the submission.
        period: Period of the submission.
        read: Records; a row left out is none.
        unchanged: Rows equal to those in force before.
        superseded: Rows whose place a later file has.
        problems: Pairs of place and code, the place a cell ('E5') or only a row ('5').
        notices: Codes the sender is told although the file is taken.
        left_out: For rows that are no records their kind, by row number.
        ignored: Headers that must be listed as not known.
        values: Landed columns, in the order of the file.
        lines: Landed `settled` by `line_key`, for budgets.
        says: A text the rejection must hold.
        options: What the sender says beside the file.
        after: A trap that was sent before, one day earlier.
        received: Day of April 2026 on which it comes.
        why: Where the rules leave a choice, why this one is right.
    """

    status: str = "landed"
    code: str | tuple[str, ...] = ()
    form: str | None = None
    org: str | None = None
    period: str | None = None
    read: int = 0
    unchanged: int = 0
    superseded: int = 0
    problems: Sequence[tuple[str, str]] = ()
    notices: Sequence[str] = ()
    left_out: Mapping[int, str] = field(default_factory=dict)
    ignored: Sequence[str] = ()
    values: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    says: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    after: str | None = None
    received: int = 5
    why: str = ""

    @property
    def quarantined(self) -> int:
        return len({place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for place, _ in self.problems})


@dataclass(frozen=True)
class Trap:
    name: str
    make: Callable[[Path], object]
    outcome: Outcome


TRAPS: dict[str, Trap] = {}


def trap(name: str, **outcome: Any) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    """Enters a maker of a file under the file's name."""

    def enter(make: Callable[[Path], object]) -> Callable[[Path], object]:
        assert name not in TRAPS, name
        TRAPS[name] = Trap(name, make, Outcome(**outcome))
        return make

    return enter


def rejected(name: str, *codes: str, **outcome: Any) -> Any:
    return trap(name, status="rejected", code=codes, **outcome)


def refused(name: str, *codes: str, **outcome: Any) -> Any:
    return trap(name, status="refused", code=codes, **outcome)
