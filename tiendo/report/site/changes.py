"""What became another number since the release before: the first question of whoever has quoted one."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tiendo.publish.diff.figures import KINDS
from tiendo.publish.diff.labels import FATES, MEANINGS
from tiendo.publish.diff.labels import KINDS as KIND_WORDS
from tiendo.publish.manifest import MANIFEST
from tiendo.report.site.changed import FIGURES_LISTED, changed_figures, lay_before
from tiendo.report.site.changed_tasks import TASKS_LISTED, changed_files, changed_tasks
from tiendo.report.site.data import SiteData
from tiendo.report.site.pages import Page
from tiendo.report.site.submissions import form_titles

NAMES_SQL = "select org_code, arg_max(org_name_vi, valid_from) as org_name_vi from dim_org_unit group by all"
FILES_LISTED = 50
FILES_NAMED = 3
TITLE = ("Thay đổi", "Changes")


def pages(site: SiteData) -> Iterator[Page]:
    """`changes.html`."""
    previous = site.facts.previous
    context: dict[str, Any] = {"before": None, "is_compared": False}
    if previous is not None:
        context["before"] = _facts(previous)
        context["command"] = f"tiendo releases diff {previous.name} {site.facts.release_id} -o thay-doi.html"
        if lay_before(site, previous):
            context |= compared(site, context["before"])
    yield Page("changes.html", "changes.html.jinja", *TITLE, context)


def compared(site: SiteData, before: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of two releases."""
    counts, figures = changed_figures(site)
    tasks, files = changed_tasks(site), changed_files(site)
    of_figures: Counter[str] = Counter()
    for row in counts:
        of_figures[row["kind"]] += row["numbers"]
    of_tasks = Counter(task["kind"] for task in tasks)
    provinces = sorted({row["province_code"] or "" for row in counts})
    return {
        "is_compared": True,
        "totals": [
            (KIND_WORDS[kind], MEANINGS[kind], of_figures[kind], of_tasks[kind])
            for kind in KINDS
            if of_figures[kind] or of_tasks[kind]
        ],
        "figures": {
            code: [_worded(row, before["as_of"]) for row in figures if (row["province_code"] or "") == code]
            for code in provinces
        },
        "numbers": {
            code: sum(row["numbers"] for row in counts if (row["province_code"] or "") == code)
            for code in provinces
        },
        "tasks": tasks[:TASKS_LISTED],
        "tasks_all": len(tasks),
        "files": files[:FILES_LISTED],
        "files_all": len(files),
        "fates": [
            (FATES[fate], number) for fate in FATES if (number := sum(file["fate"] == fate for file in files))
        ],
        "fate_words": FATES,
        "kind_words": KIND_WORDS,
        "statuses": {row["status"]: row for row in site.rows("select * from dim_status")},
        "states": {row["state"]: row for row in site.rows("select * from dim_task_state")},
        "names": {row["org_code"]: row["org_name_vi"] for row in site.rows(NAMES_SQL)},
        "places": {subject.org_code for subject in site.subjects},
        "titles": form_titles(),
        "most": FIGURES_LISTED,
        "files_named": FILES_NAMED,
    }


def _facts(previous: Path) -> dict[str, Any]:
    """What the manifest of the release before tells of it; its name alone where that cannot be read."""
    try:
        manifest = json.loads((previous / MANIFEST).read_text(encoding="utf-8"))
        as_of, known_at = date.fromisoformat(manifest["as_of"]), datetime.fromisoformat(manifest["known_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return {"release_id": previous.name, "as_of": None, "known_at": None, "code_version": None}
    return {
        "release_id": previous.name,
        "as_of": as_of,
        "known_at": known_at,
        "code_version": manifest.get("code_version"),
    }


def _worded(row: dict[str, Any], as_of: date | None) -> dict[str, Any]:
    """A number with as many decimals as show that it changed, and whether only time brought it."""
    old, new = row["was_actual"], row["is_actual"]
    decimals = 2
    if old is not None and new is not None and old != new:
        decimals = next((d for d in range(2, 7) if round(old, d) != round(new, d)), 6)
    return {**row, "decimals": decimals, "is_new_period": bool(as_of and row["period_end"] > as_of)}
