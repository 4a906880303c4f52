"""What changed between two releases: which numbers were added, removed, revised, re-flagged, and by whom.

An official who quoted a number has to be able to say why it is another one today. Both releases are read as
they were published; nothing is computed anew.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tiendo.messages import TiendoError
from tiendo.publish.diff_causes import keep_causes, read_causes, read_ledger
from tiendo.publish.diff_figures import KINDS, keep_figures, keep_tasks, read_figures, read_tasks
from tiendo.publish.diff_tables import Pair, Record, TableChange, open_pair
from tiendo.publish.log import read_log
from tiendo.publish.shelf import MANIFEST, list_releases, load_manifest, release_folder
from tiendo.settings import Home

# What the detail is told from; a release without one of them is of a program too old to compare.
DETAILED = (
    "indicator_progress", "task_progress", "submissions", "indicator_parts", "corrected_cells", "dim_period",
    "dim_plan", "task_assignee_progress", "evidence_register",
)  # fmt: skip
# Parts of the manifest that say what the program and its rules were, with the word for it.
INPUTS = {
    "code_version": "code", "code": "code", "code_sha256": "code", "versions": "code",
    "seeds": "seeds", "plans": "plans",
}  # fmt: skip
NOT_COMPARED = ("release_id", "as_of", "known_at", "is_synthetic", "code_version", "edition")


@dataclass(frozen=True)
class Comparison:
    """What changed from one release to another.

    Attributes:
        before: Facts of the earlier release: `release_id, as_of, known_at, is_synthetic, code_version, edition`.
        after: The same of the later one.
        other_inputs: What else differs: `as_of`, `known_at`, `code`, `seeds`, `plans`, `undeclared` where the
            inputs differ and the manifests do not say how.
        figures: Changed numbers of `indicator_progress`, by province, place and size of the change. Each has
            `kind`, its names, `before` and `after` (actual, numerator, denominator), `rows` (the targets it is
            judged by, with status), `causes` and `because` (other inputs, where no submission explains it).
        tasks: Changed tasks of `task_progress`, likewise.
        submissions: Submissions that arrived, were withdrawn or are not known any more, with what they changed.
        tables: All tables that differ.
        equal_tables: Names of those that do not.
        labels: Names of places, statuses, task states and forms by code, as the later release has them.
    """

    before: Record
    after: Record
    other_inputs: tuple[str, ...]
    figures: tuple[Record, ...]
    tasks: tuple[Record, ...]
    submissions: tuple[Record, ...]
    tables: tuple[TableChange, ...]
    equal_tables: tuple[str, ...]
    labels: Mapping[str, Mapping[str, tuple[str, str]]]

    @property
    def totals(self) -> dict[str, dict[str, int]]:
        """Numbers and tasks by kind of change."""
        return {"figures": _counted(self.figures), "tasks": _counted(self.tasks)}

    def by_province(self) -> list[Record]:
        """Numbers by province and kind of change, in order of code."""
        codes = sorted({str(figure["province_code"] or "") for figure in self.figures})
        return [
            {
                "province_code": code,
                **_counted(figure for figure in self.figures if str(figure["province_code"] or "") == code),
            }
            for code in codes
        ]

    def to_json(self) -> Record:
        """Everything, for programs."""
        content = asdict(self)
        del content["labels"]
        return {
            **{name: content.pop(name) for name in ("before", "after", "other_inputs")},
            "totals": self.totals,
            "by_province": self.by_province(),
            **content,
        }


def find_pair(home: Home, before: str, after: str) -> tuple[Path, Path]:
    """The folders of two releases named by identifier, `current` or `previous`.

    Raises:
        TiendoError: TD-607 where there is no such release, TD-620 where none came before the current one.
    """
    first, second = (
        release_folder(home, previous_release(home) if name == "previous" else name) for name in (before, after)
    )
    return first, second


def previous_release(home: Home) -> str:
    """Identifier of the release that was published before the current one.

    Raises:
        TiendoError: TD-607 where nothing is published, TD-620 where none came before the current one.
    """
    current = release_folder(home).name
    on_shelf = {release.release_id: release for release in list_releases(home)}
    # Homes older than the log are ordered by what was known.
    order = sorted(on_shelf, key=lambda name: (str(on_shelf[name].known_at or ""), name))
    for entry in read_log(home):
        name = str(entry.facts.get("release_id"))
        if entry.event == "published" and name in order:
            order.remove(name)
            order.append(name)
    earlier = order[: order.index(current)]
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


def compare_releases(before: Path, after: Path, rows_listed: int | None = None) -> Comparison:
    """Compares two release folders.

    Args:
        before: Folder of the earlier release.
        after: Folder of the later one.
        rows_listed: How many rows of each table to list; None lists all. Numbers and tasks are complete.

    Raises:
        TiendoError: TD-622 where a file of either cannot be read or a table that the detail needs is missing.
    """
    with open_pair(before, after) as pair:
        manifests = [json.loads((folder / MANIFEST).read_text(encoding="utf-8")) for folder in (before, after)]
        if missing := [table for table in DETAILED if not pair.has(table)]:
            raise ValueError(", ".join(missing))
        names = sorted(set(pair.described["before"]) | set(pair.described["after"]))
        changes = [pair.compare(name, rows_listed) for name in names]
        facts = [{name: manifest[name] for name in NOT_COMPARED} for manifest in manifests]
        keep_figures(pair)
        keep_tasks(pair)
        keep_causes(pair, date.fromisoformat(facts[0]["as_of"]))
        other = _other_inputs(*manifests)
        figures = _explained(read_figures(pair), read_causes(pair, "causes"), other, facts)
        tasks = _explained(read_tasks(pair), read_causes(pair, "task_causes"), other, facts)
        ledger = read_ledger(pair)
        labels = _labels(pair)
    return Comparison(
        before=facts[0],
        after=facts[1],
        other_inputs=other,
        figures=tuple(sorted(figures, key=_place_and_size)),
        tasks=tuple(tasks),
        submissions=tuple(_with_effect(ledger, figures, tasks)),
        tables=tuple(change for change in changes if not change.is_equal),
        equal_tables=tuple(change.table for change in changes if change.is_equal),
        labels=labels,
    )


def _other_inputs(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """What differs besides the submissions; an older manifest says less, and then nothing is claimed."""
    found = [name for name in ("as_of", "known_at") if before[name] != after[name]]
    found += dict.fromkeys(
        word
        for name, word in INPUTS.items()
        if name in before and name in after and before[name] != after[name]
    )
    said = {"code", "seeds", "plans"} & set(found)
    says_all = all(name in manifest for name in ("seeds", "plans") for manifest in (before, after))
    if before.get("fingerprint") != after.get("fingerprint") and not said and not says_all:
        found.append("undeclared")
    return tuple(found)


def _explained(
    changes: list[Record],
    causes: Mapping[int, list[Record]],
    other: Sequence[str],
    facts: Sequence[Record],
) -> list[Record]:
    """Adds `causes`, and `because` where no submission is named for certain."""
    as_of_before, as_of_after = (date.fromisoformat(each["as_of"]) for each in facts)
    explained: list[Record] = []
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
            because = [name for name in other if name != "known_at"] or ["unexplained"]
        explained.append({**change, "causes": found, "because": because})
    return explained


def _with_effect(
    ledger: Iterable[Record], figures: Iterable[Record], tasks: Iterable[Record]
) -> list[Record]:
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


def _place_and_size(figure: Record) -> tuple[Any, ...]:
    """By province; there the province itself first, then its places; the strongest and largest change first."""
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
    judged = figure["rows"][0]["after"] or figure["rows"][0]["before"] or {}
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
        name: {row["code"]: (row["label_vi"], row["label_en"] or row["label_vi"]) for row in pair.records(sql)}
        for name, sql in queries.items()
    }
