"""Reads which agencies a target row names, since scores follow the agency that its plan holds answerable.

Plans print names, not codes: a name is looked up among those of the plan's province, the longest first, so
that 'Văn phòng Tỉnh ủy' is not taken for 'Tỉnh ủy'; what nobody recognises is kept as text.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import polars as pl

from tiendo.intake.folding import clean_text, fold

ROLES = ("lead", "responsible", "monitor")

SCHEMA: Mapping[str, Any] = MappingProxyType(
    {
        "plan_id": pl.String(),
        "row_ref": pl.String(),
        "role": pl.String(),
        "name_order": pl.Int64(),
        "agency_code": pl.String(),
        "name_raw": pl.String(),
        "reading": pl.String(),
        "is_answerable": pl.Boolean(),
    }
)

_WORD = re.compile(r"[^\W_]+")
# What joins names, and the heads by whom a plan names their agencies: 'Giám đốc Sở Tài chính'.
_NOT_NAMES = frozenset({"va", "cac", "cua"})
_HEADS = tuple(fold(title) for title in ("Giám đốc", "Chánh", "Thủ trưởng", "Chủ tịch", "Người đứng đầu"))

Words = tuple[str, ...]
Spellings = Mapping[Words, tuple[str, ...]]


class Named(NamedTuple):
    """A part of a text: the agencies it names, none where nobody recognises it, and the part as printed."""

    agency_codes: tuple[str, ...]
    name_raw: str


@dataclass(frozen=True)
class _Match:
    start: int
    end: int
    agency_codes: tuple[str, ...]


def target_agencies(registry: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Who has which role in each target row, in the order in which the plan names them.

    A spelling that several agencies share names them all. Answerable is the plan's `accountable_role`; where
    a row leaves that cell blank, its lead.

    Args:
        registry: Frames of `plans`, `plan_targets` and `agencies`, as `load_registry` gives them.

    Returns:
        One row per plan row, role and agency or unread part of the text, by `SCHEMA`. `reading` is
        `recognised`, `not_recognised` (`agency_code` is null) or `not_named`: one row for a plan row that
        names nobody who could answer.
    """
    spellings = {
        province: spellings_of(agencies)
        for (province,), agencies in registry["agencies"].group_by("province_code")
    }
    plans = registry["plans"].select("plan_id", "province_code", "accountable_role")
    targets = registry["plan_targets"].join(plans, on="plan_id").sort("plan_id", "row_ref", "milestone_on")
    rows = [
        row
        for target in targets.unique(["plan_id", "row_ref"], keep="first", maintain_order=True).iter_rows(
            named=True
        )
        for row in _rows_of(target, spellings.get(target["province_code"], {}))
    ]
    return pl.DataFrame(rows, schema=dict(SCHEMA), orient="row")


def spellings_of(agencies: pl.DataFrame) -> Spellings:
    """The folded words of every name, short name and alias, with the agencies that bear it in file order."""
    spellings: dict[Words, tuple[str, ...]] = {}
    columns = agencies.select("agency_code", "name_vi", "short_name", "aliases")
    for code, name, short_name, aliases in columns.iter_rows():
        for spelling in (name, short_name or "", *(aliases or "").split("|")):
            words = tuple(fold(spelling).split())
            bearers = spellings.get(words, ())
            if words and code not in bearers:
                spellings[words] = (*bearers, code)
    return spellings


def read_agencies(text: str, spellings: Spellings) -> list[Named]:
    """The agencies a text names, in its order, with the parts that no spelling explains."""
    text = clean_text(text)
    places = [found.span() for found in _WORD.finditer(text)]
    words = [fold(text[start:end]) for start, end in places]
    matches = _longest_first(words, spellings)
    parts: list[Named] = []
    done = 0
    for match in [*matches, _Match(len(words), len(words), ())]:
        if _is_name(words[done : match.start]):
            parts.append(Named((), text[places[done][0] : places[match.start - 1][1]]))
        if match.agency_codes:
            parts.append(Named(match.agency_codes, text[places[match.start][0] : places[match.end - 1][1]]))
        done = match.end
    return parts


def _longest_first(words: Sequence[str], spellings: Spellings) -> list[_Match]:
    """Spellings found in the words, the longer before the shorter where they overlap, in the text's order."""
    longest = max(map(len, spellings), default=0)
    found = [
        _Match(start, end, spellings[tuple(words[start:end])])
        for start in range(len(words))
        for end in range(start + 1, min(start + longest, len(words)) + 1)
        if tuple(words[start:end]) in spellings
    ]
    taken: set[int] = set()
    kept: list[_Match] = []
    for match in sorted(found, key=lambda match: (match.start - match.end, match.start)):
        if taken.isdisjoint(range(match.start, match.end)):
            taken.update(range(match.start, match.end))
            kept.append(match)
    return sorted(kept, key=lambda match: match.start)


def _is_name(words: Sequence[str]) -> bool:
    """Whether words left over may name an agency: more than what joins names or heads them."""
    rest = " ".join(word for word in words if word not in _NOT_NAMES)
    return bool(rest) and rest not in _HEADS


def _rows_of(target: Mapping[str, Any], spellings: Spellings) -> Iterator[tuple[Any, ...]]:
    read = {role: read_agencies(target[f"{role}_raw"] or "", spellings) for role in ROLES}
    own_role = target["accountable_role"]
    answerable = own_role if read[own_role] else "lead"
    key = (target["plan_id"], target["row_ref"])
    if not read[answerable]:
        yield (*key, own_role, 1, None, None, "not_named", True)
    for role, parts in read.items():
        named: dict[str | None, str] = {}
        order = 0
        for part in parts:
            for code in part.agency_codes or (None,):
                if code is not None and code in named:
                    continue
                named[code] = part.name_raw
                order += 1
                reading = "recognised" if code else "not_recognised"
                yield (*key, role, order, code, part.name_raw, reading, role == answerable)
