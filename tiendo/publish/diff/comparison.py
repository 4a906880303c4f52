"""What changed between two releases: which numbers were added, removed, revised, re-flagged, and by whom.

An official who quoted a number has to be able to say why it is another one today. Both releases are read as
they were published; nothing is computed anew.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tiendo.messages import TiendoError
from tiendo.publish.diff.causes import keep_causes, read_causes, read_ledger
from tiendo.publish.diff.figures import (
    KINDS,
    drop_derived,
    keep_figures,
    keep_tasks,
    read_figures,
    read_tasks,
)
from tiendo.publish.diff.reasons import explained, other_inputs, with_effects
from tiendo.publish.diff.tables import Pair, Record, TableChange, open_pair
from tiendo.publish.log import read_log
from tiendo.publish.manifest import MANIFEST
from tiendo.publish.shelf import list_releases, release_folder
from tiendo.publish.standing import standing_of
from tiendo.settings import Home

# What the detail is told from; a release without one of them is of a program too old to compare.
DETAILED = (
    "indicator_progress", "task_progress", "submissions", "indicator_parts", "corrected_cells", "dim_period",
    "dim_plan", "task_assignee_progress", "evidence_register",
)  # fmt: skip
ROWS_LISTED = 20
FACTS = ("release_id", "as_of", "known_at", "is_synthetic", "code_version", "edition")


@dataclass(frozen=True)
class Comparison:
    """What changed from one release to another.

    Attributes:
        before: Facts of the earlier release: `release_id, as_of, known_at, is_synthetic, code_version,
            edition`.
        after: The same of the later one.
        other_inputs: What else differs: `as_of`, `code`, `versions`, `seeds`, `plans`, with the names of what
            differs in it; `undeclared` where a manifest is too old to say.
        figures: Changed numbers of `indicator_progress`, by province, place and size of the change. Each
            has `kind`, its names, `before` and `after` (actual, numerator, denominator), `rows` (the targets
            it is judged by, with status), `causes` (submissions) and `because` (what else, where these do
            not explain it).
        derived: Numbers by province of which only explanations changed; they are not in `figures`.
        tasks: Changed tasks of `task_progress`, likewise.
        submissions: Those that arrived, were withdrawn or are not known any more, with what they changed.
        tables: All tables that differ.
        equal_tables: Names of those that do not.
        labels: Names of places, statuses, task states and forms by code, as the later release has them.
    """

    before: Record
    after: Record
    other_inputs: Mapping[str, Sequence[str]]
    figures: tuple[Record, ...]
    derived: Mapping[str, int]
    tasks: tuple[Record, ...]
    submissions: tuple[Record, ...]
    tables: tuple[TableChange, ...]
    equal_tables: tuple[str, ...]
    labels: Mapping[str, Mapping[str, tuple[str, str]]]

    @property
    def totals(self) -> dict[str, dict[str, int]]:
        """Numbers and tasks by kind of change."""
        figures = _counted(self.figures)
        if derived := sum(self.derived.values()):
            figures["derived"] = derived
        return {"figures": figures, "tasks": _counted(self.tasks)}

    def by_province(self) -> list[Record]:
        """Numbers by province and kind of change, in order of code."""
        counts = Counter((str(figure["province_code"] or ""), str(figure["kind"])) for figure in self.figures)
        counts.update({(code, "derived"): numbers for code, numbers in self.derived.items()})
        return [
            {"province_code": code, **{kind: counts[code, kind] for kind in KINDS if counts[code, kind]}}
            for code in sorted({code for code, _ in counts})
        ]

    def to_json(self) -> str:
        """Everything, for programs: moments are UTC as in the tables, decimals are numbers."""
        content = {
            **{name: getattr(self, name) for name in ("before", "after", "other_inputs")},
            "totals": self.totals,
            "by_province": self.by_province(),
            **{name: getattr(self, name) for name in ("submissions", "figures", "tasks")},
            "tables": [vars(change) for change in self.tables],
            "equal_tables": self.equal_tables,
        }
        return json.dumps(content, ensure_ascii=False, indent=1, default=_plain) + "\n"


def find_pair(home: Home, before: str, after: str) -> tuple[Path, Path]:
    """The folders of two releases named by identifier, `current` or `previous`.

    Raises:
        TiendoError: TD-607 where there is no such release, TD-620 where none came before the current one.
    """
    named = (previous_release(home) if name == "previous" else name for name in (before, after))
    first, second = (release_folder(home, name) for name in named)
    return first, second


def previous_release(home: Home) -> str:
    """Identifier of the release that was in force before the current one.

    Raises:
        TiendoError: TD-607 where nothing is published, TD-620 where none came before the current one.
    """
    current = release_folder(home).name
    on_shelf = {release.release_id: release for release in list_releases(home)}
    log = read_log(home)
    logged = {entry.facts.get("release_id") for entry in log if entry.event == "published"}
    # Releases of before the log are ordered by what was known.
    unlogged = sorted(on_shelf.keys() - logged, key=lambda name: (str(on_shelf[name].known_at or ""), name))
    if current in unlogged:
        unlogged = unlogged[: unlogged.index(current)]
    order = [*unlogged, *standing_of(log).in_force]
    earlier = [name for name in order if name in on_shelf and name != current]
    if not earlier:
        raise TiendoError(
            "TD-620",
            f"Chưa có bản phát hành nào trước bản {current}.",
            f"No release came before {current}.",
            "Chọn hai bản trong danh sách: tiendo releases list",
            "Choose two of the list: tiendo releases list",
            exit_code=2,
        )
    return earlier[-1]


def compare_releases(before: Path, after: Path, table: str | None = None) -> Comparison:
    """Compares two release folders.

    Args:
        before: Folder of the earlier release.
        after: Folder of the later one.
        table: A table of which all rows that differ are listed, and not only the first ones. Numbers and
            tasks are complete anyway.

    Raises:
        TiendoError: TD-622 where a file of either cannot be read or a table that the detail needs is missing;
            TD-624 where neither has the table asked for.
    """
    with open_pair(before, after) as pair:
        manifests = [json.loads((path / MANIFEST).read_text(encoding="utf-8")) for path in (before, after)]
        if missing := [table for table in DETAILED if not pair.has(table)]:
            raise ValueError(", ".join(missing))
        names = sorted(set(pair.described["before"]) | set(pair.described["after"]))
        if table is not None and table not in names:
            raise _no_table(table)
        changes = [pair.compare(name, None if name == table else ROWS_LISTED) for name in names]
        facts = [{name: manifest[name] for name in FACTS} for manifest in manifests]
        keep_figures(pair)
        derived = drop_derived(pair)
        keep_tasks(pair)
        keep_causes(pair, date.fromisoformat(facts[0]["as_of"]))
        ledger = read_ledger(pair)
        inputs = other_inputs(*manifests)
        other = [*inputs, *(["submissions"] if ledger else [])] or ["unexplained"]
        figures = explained(read_figures(pair), read_causes(pair, "causes"), other, facts)
        tasks = explained(read_tasks(pair), read_causes(pair, "task_causes"), other, facts)
        labels = _labels(pair)
    return Comparison(
        before=facts[0],
        after=facts[1],
        other_inputs=inputs,
        figures=tuple(sorted(figures, key=_place_and_size)),
        derived=derived,
        tasks=tuple(tasks),
        submissions=tuple(with_effects(ledger, figures, tasks)),
        tables=tuple(change for change in changes if not change.is_equal),
        equal_tables=tuple(change.table for change in changes if change.is_equal),
        labels=labels,
    )


def _no_table(table: str) -> TiendoError:
    return TiendoError(
        "TD-624",
        f"Không bản nào có bảng “{table}”.",
        f"Neither release has a table “{table}”.",
        "Xem tên các bảng: tiendo releases show",
        "See the names of the tables: tiendo releases show",
        exit_code=2,
    )


def _place_and_size(figure: Record) -> tuple[Any, ...]:
    """By province, there the province itself first; the strongest and largest change first."""
    return (
        str(figure["province_code"] or ""),
        figure["org_level"] != "province",
        KINDS.index(figure["kind"]),
        -change_share(figure),
        str(figure["org_code"]),
        str(figure["indicator_code"]),
        str(figure["variant"] or ""),
        str(figure["basis"] or ""),
        -figure["period_end"].toordinal(),
        str(figure["period"]),
    )


def change_share(figure: Record) -> float:
    """Size of a revision: the change as a share of the target, or of the larger value where there is none."""
    old, new = figure["before"]["actual"], figure["after"]["actual"]
    if old is None or new is None:
        return 0.0
    judged: Record = figure["rows"][0]["after"] or figure["rows"][0]["before"] or {}
    scale = abs(float(judged.get("target") or 0)) or max(abs(old), abs(new))
    return abs(new - old) / scale if scale else 0.0


def _counted(changes: Iterable[Record]) -> dict[str, int]:
    counts = Counter(change["kind"] for change in changes)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def _labels(pair: Pair) -> dict[str, dict[str, tuple[str, str]]]:
    queries = {
        "statuses": "select status as code, label_vi, label_en from after.dim_status",
        "states": "select state as code, label_vi, label_en from after.dim_task_state",
        "places": "select org_code as code, org_name_vi as label_vi, org_name_vi as label_en"
        " from after.dim_org_unit order by valid_from",
        "agencies": "select agency_code as code, agency_name_vi as label_vi, agency_name_en as label_en"
        " from after.dim_agency",
    }
    return {
        name: {
            str(row["code"]): (row["label_vi"], row["label_en"] or row["label_vi"])
            for row in pair.records(sql)
        }
        for name, sql in queries.items()
    }


def _plain(value: object) -> object:
    """What JSON can hold."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
